"""What must hold before something is drafted, approved, published or marked."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import bindparam, literal_column, select

from linli._base.i18n import Several, Text, listed, say
from linli._base.records import evolve
from linli._base.refusals import Invalid, Missing, NotFoundHere, Refusal, Unfit
from linli._base.revealing import may_hold_resident_id, places_in, revealing, revealing_for_sure, unprintable
from linli._hooks.asked import plugins_of
from linli._hooks.audience import Audience
from linli._hooks.plugin import unknown_purpose
from linli._model.contexts import Transition
from linli._model.facts import Facts
from linli._model.inputs import Input, NoInputs
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._store import Read
from linli._store import tables as t
from linli._store.fields import field
from linli._verbs.publish.files import whole
from linli._verbs.publish.receipts import covered, digest_of
from linli._verbs.publish.records import Publication, PublishSettings

_s = t.subject.c
_publications = [_s.district == bindparam("district"), _s.kind == "publication"]
PUBLICATION_BY_ID = Read(select(*SUBJECT_COLUMNS).where(*_publications, _s.id == bindparam("id")))
PUBLICATIONS_ABOUT = Read(
    select(*SUBJECT_COLUMNS)
    # The kind written out, so that a database can tell that its index of publications serves; and not
    # in order, for which SQLite would rather read the whole district by number.
    .where(_s.district == bindparam("district"), _s.kind == literal_column("'publication'"))
    .where(field(_s.record, "about") == bindparam("about"))
)
"""The publications about a matter, whatever has become of them."""
T = Transition[Publication, object]


@attrs.frozen(kw_only=True)
class Approve:
    seen: Annotated[
        tuple[str, ...],
        Input("the files of which each page was looked at: nobody's personal data is there"),
    ] = ()


COMMITMENT = re.compile(r"[0-9a-f]{64}")


def presentable(t: T) -> Refusal | None:
    """The title is a line, the body is text, and neither identifies anybody."""
    record = t.record
    for name, text, lines in (("title", record.title, False), ("body", record.body, True)):
        problem = _problem_of(text, lines=lines, look=revealing_for_sure)
        if problem:
            return Unfit(field=name, name=name, problem=problem)
    return None


class NumberToBeExplained(
    Invalid,
    says="it has what looks like an identity number; take it out, or, where it is a credit code or the number of a case, draft it and let another person say so: linli publication explain",
):
    field: str = "body"


def numbers_explained(t: T) -> Refusal | None:
    """What may be an identity number goes out only when a second person has said what else it is."""
    record = t.record
    if record.numbers or not any(map(may_hold_resident_id, (record.title, record.body))):
        return None
    return NumberToBeExplained()


def _problem_of(text: str, *, lines: bool, look: Callable[[str], Text | None] = revealing) -> Text | None:
    if not text.strip():
        return say("is empty")
    if unprintable(text, lines=lines):
        return say("has line breaks or control characters where none may be; type it again as plain text")
    return look(text)


def presentable_reason(t: T) -> Refusal | None:
    """The reason of a withdrawal is public too."""
    problem = _problem_of(t.record.reason or "", lines=True)
    return Unfit(field="reason", name="reason", problem=problem) if problem else None


class NoPlaceInBody(Invalid, says="the body does not say where {name} goes; write {place} there"):
    name: str
    place: str
    field: str = "body"


class NotCommitted(Invalid, says="personal data of {name} has no commitment; use district.publish"):
    name: str
    field: str = "personal"


class NoConsent(
    Refusal, says="{person} has not consented to {purpose}; record the consent first, or leave {name} out"
):
    person: UUID
    purpose: str
    name: str


def consented(t: T) -> Refusal | None:
    """Personal data is named in the body, committed to, and its person has consented."""
    named = set(places_in(t.record.body))
    for name, one in t.record.personal.items():
        if name not in named:
            return NoPlaceInBody(name=name, place="{" + name + "}")
        if not COMMITMENT.fullmatch(one.commitment):
            return NotCommitted(name=name)
        unknown = unknown_purpose(one.purpose, plugins_of(t.facts).declarations.values())
        if unknown:
            return unknown
        if not t.facts.consents(one.person, one.purpose):
            return NoConsent(person=one.person, purpose=one.purpose, name=name)
    return None


def publication(ident: UUID, facts: Facts) -> StoredSubject | None:
    """A publication by its number."""
    rows = facts.rows(PUBLICATION_BY_ID, id=ident)
    return subject_from(rows[0], Publication) if rows else None


class CorrectsNothing(NotFoundHere, says="what it corrects was never published at this place"): ...


class CorrectsWithdrawn(
    Refusal, says="what it corrects was withdrawn: nothing of it holds; publish a new one"
): ...


class OtherMatter(Invalid, says="a correction belongs to the series, matter and stage of what it corrects"):
    field: str = "corrects"


def corrects_what_it_may(t: T) -> Refusal | None:
    """A correction is of a publication of the same place and matter that no other one corrects."""
    if t.record.corrects is None:
        return None
    old = publication(t.record.corrects, t.facts)
    if old is None or old.accepted_at is None or t.facts.goes_on(old.place) != t.place:
        return CorrectsNothing()
    if old.state == "withdrawn":
        return CorrectsWithdrawn()
    if old.record.corrected_by is not None:
        return _corrected_already(old.record)
    if any(getattr(old.record, name) != getattr(t.record, name) for name in ("series", "about", "stage")):
        return OtherMatter()
    return None


def not_corrected_yet(t: T) -> Refusal | None:
    """Each is corrected once; the next correction corrects the correction."""
    return _corrected_already(t.before.record) if t.before.record.corrected_by else None


class CorrectedAlready(Refusal, says="it was corrected already, by {id}; correct that one"):
    id: UUID | None


def _corrected_already(old: Publication) -> Refusal:
    return CorrectedAlready(id=old.corrected_by)


class StageOfNothing(Invalid, says="a stage is a number from 1, of the matter that --about names"):
    field: str = "stage"


class StageSkipped(Invalid, says="disclosure {last} of this matter stands; the next is {next}, not {stage}"):
    last: int
    next: int
    stage: int
    field: str = "stage"


def staged(t: T) -> Refusal | None:
    """A stage is of a matter; none is skipped, and none comes after a later one."""
    record = t.record
    if record.stage is None:
        return None
    if record.about is None or record.stage < 1:
        return StageOfNothing()
    if t.subject.state.name != "published" or record.corrects:
        return None
    last = max((one.record.stage for one in _of_same_matter(t)), default=0)
    if record.stage not in (last, last + 1):
        return StageSkipped(last=last, next=last + 1, stage=record.stage)
    return None


def publications_about(facts: Facts, matter: UUID | None) -> list[StoredSubject]:
    """The publications about a matter, whatever has become of them."""
    return [subject_from(row, Publication) for row in facts.rows(PUBLICATIONS_ABOUT, about=str(matter))]


def _of_same_matter(t: T) -> Iterator[StoredSubject]:
    for one in publications_about(t.facts, t.record.about):
        if one.state != "published" or t.facts.goes_on(one.place) != t.place:
            continue
        if one.record.series == t.record.series and one.record.stage and one.id != t.subject.id:
            yield one


class NotApprovedYet(Refusal, says="this district approves before it publishes; have it approved first"): ...


class NotLookedAtYet(
    Refusal, says="another person looks at it before it goes out: linli publication approve"
): ...


def approved_where_needed(t: T) -> Refusal | None:
    """Where the district approves, nothing goes out that was not approved."""
    if t.before.state.name != "draft":
        return None
    if t.settings(PublishSettings).approval:
        return NotApprovedYet()
    if t.before.record.files or t.before.record.look:
        return NotLookedAtYet()
    return None


class ApproverNotSaid(Refusal, says="say who approves it: --as PERSON"): ...


def by_somebody(t: T) -> Refusal | None:
    """Nobody can tell whether the console is another person than the drafter."""
    return ApproverNotSaid() if t.actor is None else None


class ApprovesOwn(Refusal, says="it is yours; another person looks at it"): ...


def by_another(t: T) -> Refusal | None:
    """Whoever drafted it does not approve it, also where linli drafted it as what followed from their act."""
    drafter = t.before.record.drafted_by
    if drafter is None or t.facts.survivor(drafter) != t.actor:
        return None
    return ApprovesOwn()


class NotLookedAt(Missing, says="look at each page of {files}, and say that you have: --seen"):
    files: Several
    field: str = "seen"


class NoSuchFiles(Invalid, says="it has no file {files}"):
    files: Several
    field: str = "seen"


def looked_at(t: Transition[Publication, Approve]) -> Refusal | None:
    """Each file was looked at, by name."""
    names = [one.name for one in t.before.record.files]
    unseen = [name for name in names if name not in t.given.seen]
    strange = [name for name in t.given.seen if name not in names]
    if unseen:
        return NotLookedAt(files=listed(unseen))
    return NoSuchFiles(files=listed(strange)) if strange else None


def files_whole(t: T) -> Refusal | None:
    """What goes out with it is kept as it was given."""
    return whole(t.before.record.files, t.facts)


def goes_out(t: Transition[Publication, NoInputs]) -> Publication:
    """What goes out with it: what it follows, its readers by channel, and the digest of all."""
    follows = _predecessor(t)
    text = {**covered(t.subject.id, t.subject.opened_in, t.record), "follows": follows}
    return evolve(t.record, follows=follows, audience=_audience(t), digest=digest_of(text))


def _predecessor(t: T) -> UUID | None:
    if t.record.corrects:
        old = publication(t.record.corrects, t.facts)
        return old.record.follows if old else None
    earlier = _of_same_matter(t) if t.record.stage and t.record.about else ()
    last = max(earlier, key=lambda one: (one.record.stage, one.accepted_at), default=None)
    return last.id if last else None


def _audience(t: T) -> tuple[Audience, ...]:
    """Each channel with its places: those that plugins name, else the publication's own.

    What has personal data goes only where a plugin names it: a message that every reader got cannot be
    taken back when the person's consent is.
    """
    everywhere = () if t.record.personal else t.settings(PublishSettings).channels
    found: dict[str, set[UUID]] = {name: set() for name in everywhere}
    for answer in plugins_of(t.facts).publication_audience(t.subject.kept, t.facts):
        found.setdefault(answer.value.channel, set()).add(answer.value.place)
    return tuple(
        Audience(place=place, channel=channel)
        for channel, places in sorted(found.items())
        for place in sorted(places or {t.place})
    )
