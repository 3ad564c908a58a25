"""What must hold before something is drafted, approved, published or marked."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, literal_column, select

from linli.acts import Act
from linli.facts import Facts
from linli.i18n import Text, listed, say
from linli.manifest import unknown_purpose
from linli.publish.files import whole
from linli.publish.receipts import covered, digest_of
from linli.publish.records import Publication, PublishSettings
from linli.revealing import may_hold_resident_id, places_in, revealing, revealing_for_sure, unprintable
from linli.store import Read
from linli.store import tables as t
from linli.store.fields import field
from linli.subjects import SUBJECT_COLUMNS, Subject, subject_from

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
COMMITMENT = re.compile(r"[0-9a-f]{64}")


def presentable(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The title is a line, the body is text, and neither identifies anybody."""
    record = subject.record
    for name, text, lines in (("title", record.title, False), ("body", record.body, True)):
        problem = _problem_of(text, lines=lines, look=revealing_for_sure)
        if problem:
            return say("{name} {problem}", name=name, problem=problem)
    return None


def numbers_explained(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What may be an identity number goes out only when a second person has said what else it is."""
    record = subject.record
    if record.numbers or not any(map(may_hold_resident_id, (record.title, record.body))):
        return None
    return say(
        "it has what looks like an identity number; take it out, or, where it is a credit code or the number of a case,"
        " draft it and let another person say so: linli publication explain"
    )


def _problem_of(text: str, *, lines: bool, look: Callable[[str], Text | None] = revealing) -> Text | None:
    if not text.strip():
        return say("is empty")
    if unprintable(text, lines=lines):
        return say("has line breaks or control characters where none may be; type it again as plain text")
    return look(text)


def presentable_reason(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The reason of a withdrawal is public too."""
    problem = _problem_of(subject.record.reason, lines=True)
    return say("{name} {problem}", name="reason", problem=problem) if problem else None


def consented(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Personal data is named in the body, committed to, and its person has consented."""
    named = set(places_in(subject.record.body))
    for name, one in subject.record.personal.items():
        if name not in named:
            return say("the body does not say where {name} goes; write {place} there", name=name, place="{" + name + "}")  # fmt: skip
        if not COMMITMENT.fullmatch(one.commitment):
            return say("personal data of {name} has no commitment; use district.publish", name=name)
        unknown = unknown_purpose(one.purpose, facts.plugins.manifests.values())
        if unknown:
            return unknown
        if not facts.consents(one.person, one.purpose):
            return say("{person} has not consented to {purpose}; record the consent first, or leave {name} out",
                       person=one.person, purpose=one.purpose, name=name)  # fmt: skip
    return None


def publication(ident: UUID, facts: Facts) -> Subject | None:
    """A publication by its number."""
    rows = facts.rows(PUBLICATION_BY_ID, id=ident)
    return subject_from(rows[0], Publication) if rows else None


def corrects_what_it_may(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A correction is of a publication of the same place and matter that no other one corrects."""
    if subject.record.corrects is None:
        return None
    old = publication(subject.record.corrects, facts)
    if old is None or old.accepted_at is None or facts.goes_on(old.place) != subject.place:
        return say("what it corrects was never published at this place")
    if old.state == "withdrawn":
        return say("what it corrects was withdrawn: nothing of it holds; publish a new one")
    if old.record.corrected_by is not None:
        return _corrected_already(old)
    if any(
        getattr(old.record, name) != getattr(subject.record, name) for name in ("series", "about", "stage")
    ):
        return say("a correction belongs to the series, matter and stage of what it corrects")
    return None


def not_corrected_yet(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Each is corrected once; the next correction corrects the correction."""
    return _corrected_already(before) if before.record.corrected_by else None


def _corrected_already(old: Subject) -> Text:
    return say("it was corrected already, by {id}; correct that one", id=old.record.corrected_by)


def staged(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A stage is of a matter; none is skipped, and none comes after a later one."""
    record = subject.record
    if record.stage is None:
        return None
    if record.about is None or record.stage < 1:
        return say("a stage is a number from 1, of the matter that --about names")
    if subject.state != "published" or record.corrects:
        return None
    last = max((one.record.stage for one in _of_same_matter(subject, facts)), default=0)
    if record.stage not in (last, last + 1):
        return say("disclosure {last} of this matter stands; the next is {next}, not {stage}",
                   last=last, next=last + 1, stage=record.stage)  # fmt: skip
    return None


def _of_same_matter(subject: Subject, facts: Facts) -> Iterator[Subject]:
    rows = facts.rows(PUBLICATIONS_ABOUT, about=str(subject.record.about))
    for one in (subject_from(row, Publication) for row in rows):
        if one.state != "published" or facts.goes_on(one.place) != subject.place:
            continue
        if one.record.series == subject.record.series and one.record.stage and one.id != subject.id:
            yield one


def approved_where_needed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Where the district approves, nothing goes out that was not approved."""
    if before.state != "draft":
        return None
    if facts.settings(PublishSettings).approval:
        return say("this district approves before it publishes; have it approved first")
    if before.record.files or before.record.look:
        return say("another person looks at it before it goes out: linli publication approve")
    return None


def by_somebody(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody can tell whether the console is another person than the drafter."""
    return say("say who approves it: --as PERSON") if act.actor is None else None


def by_another(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever drafted it does not approve it, also where linli drafted it as what followed from their act."""
    drafter = before.record.drafted_by
    if drafter is None or facts.survivor(drafter) != act.actor:
        return None
    return say("it is yours; another person looks at it")


def drafted_as_it_is(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Only linli says whose act it drafts something for."""
    if subject.record.drafted_by is None or act.acting_as == "engine":
        return None
    return say("{name} is worked out by linli; leave it out", name="drafted_by")


def looked_at(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Each file was looked at, by name."""
    names = [one.name for one in before.record.files]
    unseen = [name for name in names if name not in (act.value("seen") or ())]
    strange = [name for name in act.value("seen") or () if name not in names]
    if unseen:
        return say("look at each page of {files}, and say that you have: --seen", files=listed(unseen))
    return say("it has no file {files}", files=listed(strange)) if strange else None


def files_whole(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What goes out with it is kept as it was given."""
    return whole(before.record.files, facts)


def drafted_by_somebody(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Of what the console drafted nobody can tell whose second look it is."""
    if act.actor and subject.hands.moves.get("draft"):
        return None
    return say("say who drafts it and who explains it, two people: --as PERSON")


def worked_out(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, Any]:
    """What goes out with it: what it follows, its readers by channel, and the digest of all."""
    follows = _predecessor(subject, facts)
    whole = {**covered(subject.id, subject.opened_in, subject.record), "follows": follows}
    return {"follows": follows, "audience": _audience(subject, facts), "digest": digest_of(whole)}


def _predecessor(subject: Subject, facts: Facts) -> UUID | None:
    record = subject.record
    if record.corrects:
        old = publication(record.corrects, facts)
        return old.record.follows if old else None
    earlier = _of_same_matter(subject, facts) if record.stage and record.about else ()
    last = max(earlier, key=lambda one: (one.record.stage, one.accepted_at), default=None)
    return last.id if last else None


def _audience(subject: Subject, facts: Facts) -> tuple[Mapping[str, str], ...]:
    """Each channel with its places: those that plugins name, else the publication's own.

    What has personal data goes only where a plugin names it: a message that every reader got cannot be
    taken back when the person's consent is.
    """
    everywhere = () if subject.record.personal else facts.settings(PublishSettings).channels
    found: dict[str, set[UUID]] = {name: set() for name in everywhere}
    for answer in facts.plugins.publication_audience(subject, facts):
        found.setdefault(answer.value.channel, set()).add(answer.value.place)
    return tuple(
        {"place": str(place), "channel": channel}
        for channel, places in sorted(found.items())
        for place in sorted(places or {subject.place})
    )
