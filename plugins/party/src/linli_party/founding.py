"""Setting up a branch: proposed, sent back or rejected with a reason, approved by the street; or entered as it is."""

from collections.abc import Iterable
from datetime import date

import attrs

from linli import Act, Ask, Assign, Change, Facts, Limit, Move, Seat, Subject, Was, codec, say
from linli.deadlines import working_days
from linli.effects import Effect
from linli.i18n import Text
from linli.register.effects import body_begins
from linli.store import Write
from linli.workflow import REASON
from linli_party.branch import (
    COMPOUND_KIND,
    KEEPER,
    PROPOSALS,
    PROPOSER,
    STREET,
    Branch,
    day_of_act,
    kind_of_compound,
    of_a_compound,
    seat_of,
    since_it_was,
)
from linli_party.committees import BODY, asked, body_of, fits, seated, secretary_of
from linli_party.compounds import BRANCH_KINDS, compound_at, is_member, lacking
from linli_party.settings import PartySettings
from linli_party.tables import SEATED, TAKE_SEAT
from linli_party.terms import begun


def _may_be_here(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if any(facts.rows(SEATED, seat=one) for one in facts.identities(seat_of(subject, facts))):
        return say("{name} has a branch already", name=facts.place(subject.place).name)
    return None


def _not_proposed_already(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    facts.hold(f"branch of {subject.place}")
    for ident, record in facts.rows(PROPOSALS, place=subject.place):
        if codec.decoder(Branch)(record).name == subject.record.name:
            return say("it has been proposed already: {id}", id=ident)
    return None


def _conditions_hold(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    compound = compound_at(facts, subject.place)
    lacks = lacking(compound, subject.record.branch_kind, facts.settings(PartySettings))
    return _may_be_here(act, subject, before, facts) or next(iter(lacks), None)


def _nominees_stand(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    nominees = subject.record.nominees
    if facts.is_among(act.actor, nominees):
        return say("nobody decides on their own seat; let another officer do it")
    if all(is_member(facts, person) for person in nominees):
        return None
    return say("somebody who was named is no party member any more; send it back")


def _entered_in_order(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    since, elected = subject.record.since, act.value("elected_on")
    if elected and date.fromisoformat(elected) < since:
        return say("its committee was not elected before it was")
    return None


def _to_the_street(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The street has to decide: that of the place, else the place itself."""
    street = facts.above(subject.place, "street")
    yield Assign(holder=Seat(role="officer", at=street or subject.place))


def _begins(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    record, body = subject.record, body_of(subject)
    yield from body_begins(facts, BODY, record.name, subject.place, since=record.since, ident=body)
    seat = {"district": facts.district, "seat": seat_of(subject, facts), "branch": subject.id}
    yield Change(write=Write(TAKE_SEAT, seat))
    yield from seated(subject, record.nominees, facts)
    elected = act.value("elected_on")
    yield begun(subject, body, date.fromisoformat(elected) if elected else record.since, facts)
    yield Assign(holder=secretary_of(subject))


def time_to_approve(subject: Subject, facts: Facts) -> Limit | None:
    """How long the street has to decide."""
    return working_days(facts.settings(PartySettings).approve_within, facts)


_NAME = Ask(name="name", help="what it is called: 锦绣花园小区党支部", longest=80)
_BRANCH_KIND = Ask(name="branch_kind", help="ordinary or functional", choices=BRANCH_KINDS)
_SINCE = Ask(
    name="since",
    help="the first day on which it is; else today",
    type=date,
    required=False,
    proposed=True,
    was=Was(since=since_it_was),
)
_ELECTED = Ask(
    name="elected_on", help="the day of the election; else today", type=date, required=False, was=Was()
)
_MAY_BE = (of_a_compound, _conditions_hold)
_NOT_THEIR_OWN = ("propose", "propose_again")


def founding_moves() -> Iterable[Move]:
    """From a proposal to a branch, or to the reason why there is none."""
    yield Move(
        name="propose",
        label="propose",
        sources=(),
        to="proposed",
        by=PROPOSER,
        fills=(kind_of_compound,),
        asks=(_NAME, _BRANCH_KIND, asked("nominees"), COMPOUND_KIND),
        checks=(_not_proposed_already, *_MAY_BE, fits("nominees")),
        effects=(_to_the_street,),
    )
    yield Move(
        name="propose_again",
        label="propose again",
        sources=("returned",),
        to="proposed",
        by=PROPOSER,
        fills=(kind_of_compound,),
        asks=(attrs.evolve(_BRANCH_KIND, required=False), asked("nominees", required=False), COMPOUND_KIND),
        checks=(*_MAY_BE, fits("nominees")),
        effects=(_to_the_street,),
    )
    yield Move(
        name="approve",
        label="approve",
        sources=("proposed",),
        to="in_being",
        by=STREET,
        apart_from=_NOT_THEIR_OWN,
        fills=(day_of_act("since"), kind_of_compound),
        asks=(_SINCE, COMPOUND_KIND),
        checks=(*_MAY_BE, _nominees_stand),
        effects=(_begins,),
    )
    yield Move(
        name="return",
        label="send back",
        sources=("proposed",),
        to="returned",
        by=STREET,
        apart_from=_NOT_THEIR_OWN,
        asks=(REASON,),
    )
    yield Move(
        name="reject",
        label="reject",
        sources=("proposed",),
        to="rejected",
        by=STREET,
        apart_from=_NOT_THEIR_OWN,
        asks=(REASON,),
    )
    yield Move(
        name="withdraw",
        label="withdraw",
        sources=("proposed", "returned"),
        to="withdrawn",
        by=PROPOSER,
        asks=(REASON,),
    )
    yield Move(
        name="enter",
        label="enter one that there is",
        sources=(),
        to="in_being",
        by=KEEPER,
        fills=(kind_of_compound,),
        asks=(
            _NAME,
            _BRANCH_KIND,
            attrs.evolve(_SINCE, required=True),
            asked("nominees", required=False),
            _ELECTED,
            COMPOUND_KIND,
        ),
        checks=(of_a_compound, _may_be_here, fits("nominees", as_it_is=True), _entered_in_order),
        effects=(_begins,),
    )
