"""Outcomes of agenda items and whistles: rectification, enforcement, mediation.

Rectifications and enforcements are counted each. A dispute is counted once, when it is settled: it is
a matter of its own whose number follows from what it arose from, so that the database keeps it to one.
"""

from collections.abc import Iterable
from uuid import UUID, uuid5

import attrs

from linli import Act, Ask, Count, Facts, Start, Subject, say
from linli.contract import Moves, PlaceId, State, Workflow
from linli.i18n import Text
from linli_meetings.reading import known
from linli_meetings.roles import numbers

OUTCOMES = (
    Ask(name="rectifications", help="how many rectifications it came to", type=int, default=0),
    Ask(name="enforcements", help="how many enforcements it came to", type=int, default=0),
    Ask(name="mediated", help="the dispute behind it is settled", type=bool, default=False),
    Ask(
        name="disputes",
        help="numbers of the requests or whistles of other disputes that it settled",
        type=tuple,
        required=False,
    ),
)


@attrs.frozen(kw_only=True)
class Mediation:
    """A dispute that was settled.

    Attributes:
        dispute: the request, whistle or other matter that it arose from.
        settled_by: the agenda item or the department's part of a whistle that settled it first.
    """

    dispute: UUID
    settled_by: UUID


@attrs.frozen(kw_only=True)
class _Behind:
    """What a whistle or an agenda item says of where it comes from."""

    request: UUID | None = None
    about: UUID | None = None


def mediation_of(dispute: UUID) -> UUID:
    """The number of the mediation of a dispute: there is at most one."""
    return uuid5(dispute, "mediation")


def dispute_behind(facts: Facts, ident: UUID) -> UUID:
    """The matter that a whistle or an agenda item goes back to: itself where it goes back to none."""
    seen = {ident}
    while True:
        here = known(facts, ident)
        behind = here.record(_Behind) if here and here.kind in ("whistle", "agenda_item") else _Behind()
        above = behind.request or behind.about
        if above is None or above in seen:
            return ident
        seen.add(above)
        ident = above


def sensible_outcomes(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nothing below zero, and every dispute is one that there is."""
    if act.value("rectifications", 0) < 0 or act.value("enforcements", 0) < 0:
        return say("there are no fewer than no rectifications and enforcements")
    for dispute in numbers(act.value("disputes")):
        if known(facts, dispute) is None:
            return say("there is nothing with the number {id} in this district", id=dispute)
    return None


def settle_disputes(act: Act, subject: Subject, facts: Facts) -> Iterable[Start]:
    """The disputes that it settled and nothing had settled before."""
    named = numbers(act.value("disputes"))
    if act.value("mediated"):
        named = (subject.root, *named)
    for dispute in dict.fromkeys(dispute_behind(facts, one) for one in named):
        if known(facts, mediation_of(dispute)) is None:
            settled = Mediation(dispute=dispute, settled_by=subject.id)
            yield MediationFlow.settle.at(PlaceId(subject.place), settled, id=mediation_of(dispute))


def count_rectifications(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    """How many rectifications an act brought."""
    yield Count(n=act.value("rectifications", 0))


def count_enforcements(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    """How many enforcements an act brought."""
    yield Count(n=act.value("enforcements", 0))


class MediationFlow(Workflow[Mediation], name="mediation"):
    """Settled, once."""

    move = Moves(Mediation)
    settled = State("settled", ends=True)
    settle = move.opening(settled, Mediation)
