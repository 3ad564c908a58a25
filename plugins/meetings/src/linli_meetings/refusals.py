"""When a department says that a whistle is not its business: the street upholds that it is, at last the district says."""

from collections.abc import Iterable, Mapping

from linli import Act, Ask, Assign, Facts, Move, Seat, Subject, Tell, say
from linli.conditions import Siblings
from linli.i18n import Text
from linli.workflow import REASON
from linli_meetings.roles import DISTRICT, OFFICER, place_over

STREET = ("blow", "take_up", "name", "evaluate", "send_back", "uphold")
BY_DEPARTMENT = ("report_in", "decline", "finish")
"""Moves of a whistle that check each other: nobody makes one of both."""


def tell_department(act: Act, subject: Subject, facts: Facts) -> Iterable[Tell]:
    payload = {"subject": subject.id, "what": act.verb}
    yield Tell(recipient=f"seat:{subject.holder}", payload=payload)


def once_more(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"declines": subject.record.declines + 1}


def may_decline(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if before.record.told_by_district:
        return say("the district has said that it is this department's; report in")
    if subject.record.declines == before.record.declines + 1:
        return None
    return say("declines is counted by linli")


def _again(subject: Subject, tree: Siblings) -> bool:
    """Whether it declines what the street has upheld: the district says whose it is."""
    return bool(subject.record.declines > 1)


def _to_district(act: Act, subject: Subject, facts: Facts) -> Iterable[Assign | Tell]:
    seat = Seat(role="district_officer", at=place_over("district", subject.place, facts))
    yield Assign(holder=seat)
    yield Tell(recipient=f"seat:{seat}", payload={"subject": subject.id, "what": act.verb})


def _back_to_department(act: Act, subject: Subject, facts: Facts) -> Iterable[Assign | Tell]:
    seat = Seat(role=None, at=subject.record.department)
    yield Assign(holder=seat)
    yield Tell(recipient=f"seat:{seat}", payload={"subject": subject.id, "what": act.verb})


def _ordered(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"told_by_district": True}


def _has_said_so(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return (
        None
        if subject.record.told_by_district
        else say("{name} is worked out by linli; leave it out", name="told_by_district")
    )


def refusals() -> Iterable[Move]:
    """A department says that it is not its business: the street upholds that it is; a second time, the district says."""
    yield Move(
        name="uphold",
        label="uphold that it is the department's",
        sources=("declined",),
        to="named",
        by=OFFICER,
        apart_from=BY_DEPARTMENT,
        asks=(REASON,),
        effects=(tell_department,),
    )
    yield Move(name="contest", sources=("declined",), to="contested", when=_again, effects=(_to_district,))
    yield Move(
        name="order",
        label="say that it is the department's",
        sources=("contested",),
        to="named",
        by=DISTRICT,
        apart_from=(*BY_DEPARTMENT, *STREET),
        fills=(_ordered,),
        asks=(REASON, Ask(name="told_by_district", type=bool, required=False, computed=True)),
        checks=(_has_said_so,),
        effects=(_back_to_department,),
    )
    yield Move(
        name="excuse",
        label="say that it is not the department's",
        sources=("contested",),
        to="withdrawn",
        by=DISTRICT,
        apart_from=(*BY_DEPARTMENT, *STREET),
        asks=(REASON,),
    )
