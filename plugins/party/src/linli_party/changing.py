"""What becomes of a branch in being: another committee, a re-election, associations that it leads."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from linli import ENGINE, Act, Ask, Facts, Make, Move, Subject, Was, has_post, say
from linli.effects import Effect
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_party.branch import (
    COMPOUND_KIND,
    KEEPER,
    STREET,
    day_of_act,
    kind_of_compound,
    of_a_compound,
    since_it_was,
)
from linli_party.committees import asked, body_of, fits, people, seated
from linli_party.terms import begun, elected_on, terms

_o = t.organisation.c
_BODY_BY_ID = Read(
    select(_o.kind, _o.place, _o.until).where(_o.district == bindparam("district"), _o.id == bindparam("id"))
)


def _committee_changes(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield from seated(subject, people(act, "committee"), facts)


def _re_elected(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    _, current = terms(subject.id, facts)
    if current:
        yield Make(subject=current, move="finish")
    yield from _committee_changes(act, subject, facts)
    yield begun(subject, body_of(subject), date.fromisoformat(act.value("elected_on")), facts)


def _after_the_last(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    since = elected_on(subject.id, facts)
    if since is None or date.fromisoformat(act.value("elected_on")) > since:
        return None
    return say("the committee was elected on {day}; a re-election is after that", day=since)


def _with(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    named = UUID(str(values["association"])) if "association" in values else None
    known = subject.record.associations
    return {"associations": known if named is None or named in known else (*known, named)}


def _without(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    named = str(values.get("association"))
    return {"associations": tuple(one for one in subject.record.associations if str(one) != named)}


def _of_the_compound(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    rows = facts.rows(_BODY_BY_ID, id=UUID(act.value("association")))
    if not rows or rows[0][0] != "association" or rows[0][2] is not None:
        return say("it is no association that the register has; register it first: linli organisation add")
    if subject.place not in facts.place(rows[0][1]).path:
        return say("it is not one of this compound")
    return None


def _as_worked_out(
    fill: Callable[[Subject, Mapping[str, object], Facts], Mapping[str, object]],
) -> Callable[[Act, Subject, Subject, Facts], Text | None]:
    """The check that nobody gives another list than the one that follows."""

    def test(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
        expected = fill(before, {"association": act.value("association")}, facts)["associations"]
        if subject.record.associations != expected:
            return say("name the association only; the list follows from it")
        if subject.record.associations == before.record.associations:
            return say("nothing would change")
        return None

    return test


def _kind_changed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.compound_kind == before.record.compound_kind:
        return say("nothing would change")
    # linli itself says so while the register is being changed, so that it cannot be read there yet.
    return None if act.acting_as == "engine" else of_a_compound(act, subject, before, facts)


_ELECTED = Ask(
    name="elected_on",
    help="the day of the election; else today",
    type=date,
    required=False,
    proposed=True,
    was=Was(since=since_it_was),
)
_LISTS = (
    Ask(name="association", help="its number", type=UUID),
    Ask(name="associations", type=tuple, required=False, computed=True),
)
_LEADER = STREET | has_post("branch_secretary")


def changing_moves() -> Iterable[Move]:
    """What becomes of a branch in being."""
    yield Move(
        name="change_committee",
        label="change the committee",
        sources=("in_being",),
        to=None,
        by=STREET,
        asks=(asked("committee"), REASON),
        checks=(fits("committee"),),
        effects=(_committee_changes,),
    )
    yield Move(
        name="re_elect",
        label="re-elect the committee",
        sources=("in_being",),
        to=None,
        by=STREET,
        fills=(day_of_act("elected_on"),),
        asks=(asked("committee"), _ELECTED),
        checks=(fits("committee"), _after_the_last),
        effects=(_re_elected,),
    )
    yield Move(
        name="lead",
        label="lead an association",
        sources=("in_being",),
        to=None,
        by=_LEADER,
        fills=(_with,),
        asks=_LISTS,
        checks=(_of_the_compound, _as_worked_out(_with)),
    )
    yield Move(
        name="release",
        label="lead an association no more",
        sources=("in_being",),
        to=None,
        by=_LEADER,
        fills=(_without,),
        asks=(*_LISTS, REASON),
        checks=(_as_worked_out(_without),),
    )
    yield Move(
        name="recount",
        label="take over the compound's kind",
        sources=("in_being",),
        to=None,
        by=ENGINE | KEEPER,
        fills=(kind_of_compound,),
        asks=(COMPOUND_KIND,),
        checks=(_kind_changed,),
    )
    yield Move(
        name="absorb",
        sources=("in_being",),
        to=None,
        by=ENGINE,
        asks=(Ask(name="branch", type=UUID), Ask(name="associations", type=tuple)),
    )
