"""What an agenda item is, and how it is proposed: by people, and by linli for other mechanisms."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

import attrs

from linli import Act, Assign, Facts, Start, Subject, say
from linli.effects import Effect
from linli.i18n import Text, listed
from linli_meetings.membership import of_matter
from linli_meetings.reading import ITEMS_PROPOSED, known, record_of
from linli_meetings.roles import numbers, secretary
from linli_meetings.settings import MeetingSettings

RESOLUTIONS = ("approved", "returned", "rejected", "referred", "noted", "unsettled")
NEEDS_NO_REASON = ("approved", "noted")
GROUNDS = ("serious", "acute")
GROUNDS_OF_LINLI = ("unsettled", "required")


@attrs.frozen(kw_only=True)
class AgendaItem:
    """What is kept with an agenda item.

    Attributes:
        tier: of the joint meeting that it is proposed to.
        topic: a few words, no personal data.
        about: the matter that it is about: a decision, a whistle, a request.
        matter_kind: what kind of matter it is, where the district has rules for it.
        member_rules: the rules for who of the meeting belongs to it, as they were when it was opened; none: everybody.
        left_out: the bodies that proposed or reviewed it: they do not answer, and are not counted.
        to_meeting: a circulation did not decide it: it is for the next meeting.
        grounds: why it is the district's: "serious", "acute", "unsettled" by the street, "required" by a rule.
        meeting: the meeting on whose agenda it was put last; `turns`: how often it was put on one.
        draft: the resolution that was circulated last.
        resolution: what was decided.
    """

    tier: str
    topic: str
    about: UUID | None = None
    matter_kind: str | None = None
    member_rules: tuple[str, ...] = ()
    left_out: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)
    to_meeting: bool = False
    grounds: str | None = None
    meeting: UUID | None = None
    turns: int = 0
    draft: str | None = None
    resolution: str | None = None
    rectifications: int = 0
    enforcements: int = 0
    mediated: bool = False


def proposed_item(
    *,
    tier: str,
    place: UUID,
    topic: str,
    about: UUID,
    id: UUID | None = None,
    grounds: str = "required",
    matter: str | None = None,
    left_out: Iterable[UUID] = (),
) -> Start:
    """The order that proposes an item to the joint meeting of a tier over a place, for linli to carry out.

    Args:
        tier: "street" or "district".
        place: where the matter is; the meeting is the one of the street or district above it.
        topic: a few words, at most 80 characters, no personal data.
        about: the matter; `agenda_item.resolve` names it as `subject.record.about`.
        id: the item's number; give one to make the order repeatable. A matter that can come again
            needs another one each time.
        grounds: "required" by a rule, or "unsettled" by the street.
        matter: what kind of matter it is: the district can name which members belong to it, [meetings.matters].
        left_out: the bodies that proposed it, reviewed it, or stood in for one that did.
    """
    values: dict[str, object] = {"tier": tier, "topic": topic, "about": about, "grounds": grounds}
    values |= {"left_out": tuple(left_out)} | ({"matter_kind": matter} if matter else {})
    return Start(workflow="agenda_item", move="propose", place=place, values=values, id=id)


def entry_of(item: UUID, turns: int) -> UUID:
    """The number of an item's place on an agenda, the `turns`-th time that it was put on one."""
    return uuid5(item, f"agenda {turns}")


def grounds_fit(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    grounds = subject.record.grounds
    if act.acting_as == "engine":
        return None
    if grounds in GROUNDS_OF_LINLI:
        return say("{grounds}: only linli itself gives these grounds", grounds=say(grounds))
    if subject.record.tier == "district" and grounds is None:
        return say("the district's meeting is for what is serious or acute; say which")
    return None


def about_something(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    about = subject.record.about
    # What linli proposes may be opened by the same act.
    if about is None or act.acting_as == "engine" or known(facts, about):
        return None
    return say("there is nothing with the number {id} in this district", id=about)


def rules_of_matter(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Who belongs to it is settled before it is opened."""
    matter = values.get("matter_kind")
    return {"member_rules": of_matter(str(matter) if matter else None, facts.settings(MeetingSettings))}


def as_the_district_has_it(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody chooses who decides about what they propose."""
    item, settings = subject.record, facts.settings(MeetingSettings)
    if item.member_rules != of_matter(item.matter_kind, settings) or (
        item.left_out and act.acting_as != "engine"
    ):
        return say("who belongs to an item follows from the district's settings; leave it out")
    if act.acting_as != "engine" and item.matter_kind and item.matter_kind not in settings.matters:
        return say(
            "the district has no rules for matters of the kind {kind}; it has them for: {known}",
            kind=item.matter_kind,
            known=listed(settings.matters) or "-",
        )
    return None


def to_secretary(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Assign(holder=secretary(subject.record.tier, subject.place, facts))


def items_for_a_meeting(facts: Facts) -> list[tuple[UUID, UUID, AgendaItem]]:
    """The items that no circulation decided and no agenda has: number, place, record."""
    found = [(ident, place, record_of(AgendaItem, text)) for ident, place, text in facts.rows(ITEMS_PROPOSED)]
    return [one for one in found if one[2].to_meeting]
