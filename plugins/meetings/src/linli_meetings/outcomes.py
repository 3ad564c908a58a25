"""Outcomes of agenda items and whistles: rectification, enforcement, mediation.

Rectifications and enforcements are counted each. A dispute is counted once, when it is settled: it is
a matter of its own whose number follows from what it arose from, so that the database keeps it to one.
"""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import Count, Facts, Input, Moves, NothingNumbered, OpenOrder, Refusal, State, Transition, Workflow
from linli.query import any_subject, one


@attrs.frozen(kw_only=True)
class Outcomes:
    """What a matter came to, beside its resolution or grade."""

    rectifications: Annotated[int, Input("how many rectifications it came to", least=0)] = 0
    enforcements: Annotated[int, Input("how many enforcements it came to", least=0)] = 0
    mediated: Annotated[bool, Input("the dispute behind it is settled")] = False
    disputes: Annotated[
        tuple[UUID, ...] | None,
        Input("numbers of the requests or whistles of other disputes that it settled"),
    ] = None


@attrs.frozen(kw_only=True)
class Mediation:
    """A dispute that was settled.

    Attributes:
        dispute: the request, whistle or other matter that it arose from.
        settled_by: the agenda item or the department's part of a whistle that settled it first.
    """

    dispute: UUID
    settled_by: UUID


def mediation_of(dispute: UUID) -> UUID:
    """The number of the mediation of a dispute: there is at most one."""
    return uuid5(dispute, "mediation")


def dispute_behind(facts: Facts, ident: UUID) -> UUID:
    """The matter that a whistle or an agenda item goes back to: itself where it goes back to none."""
    seen = {ident}
    while True:
        here = facts.get(any_subject(ident))
        behind = here.record if here and here.kind in ("whistle", "agenda_item") else {}
        above = behind.get("request") or behind.get("about")
        if above is None or UUID(above) in seen:
            return ident
        ident = UUID(above)
        seen.add(ident)


def disputes_are_there(t: Transition[object, Outcomes]) -> Refusal | None:
    """Every dispute is one that there is."""
    for dispute in t.given.disputes or ():
        if t.get(any_subject(dispute)) is None:
            return NothingNumbered(id=dispute)
    return None


def settle_disputes(t: Transition[object, Outcomes]) -> Iterable[OpenOrder]:
    """The disputes that it settled and nothing had settled before."""
    named = t.given.disputes or ()
    if t.given.mediated:
        named = (t.subject.root, *named)
    for dispute in dict.fromkeys(dispute_behind(t.facts, each) for each in named):
        ident = MediationFlow.ref(mediation_of(dispute))
        if t.get(one(MediationFlow, ident)) is None:
            settled = Mediation(dispute=dispute, settled_by=t.subject.id)
            yield MediationFlow.settle.at(t.place, settled, id=ident)


def count_rectifications(t: Transition[object, Outcomes]) -> Iterable[Count]:
    """How many rectifications an act brought."""
    yield Count(n=t.given.rectifications)


def count_enforcements(t: Transition[object, Outcomes]) -> Iterable[Count]:
    """How many enforcements an act brought."""
    yield Count(n=t.given.enforcements)


class MediationFlow(Workflow[Mediation], name="mediation"):
    """Settled, once."""

    move = Moves(Mediation)
    settled = State("settled", ends=True)
    settle = move.opening(settled, Mediation)
