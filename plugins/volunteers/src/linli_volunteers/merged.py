"""Two records that become one: nobody has two places at one session, or two claims of one wish."""

from collections.abc import Iterable
from uuid import UUID

from linli import ActContext, NoRecord, Refusal, Subject
from linli.query import Query, SubjectQuery, subjects
from linli_volunteers.records import Seat, Session
from linli_volunteers.seats import SeatFlow
from linli_volunteers.sessions import SessionFlow
from linli_volunteers.wishes import ClaimFlow

# Places and claims that count, or may come to.
_PLACES = SeatFlow.taking_a_place | SeatFlow.waiting | SeatFlow.attended
_CLAIMS = ClaimFlow.claimed | ClaimFlow.delivered | ClaimFlow.thanked


class BothHaveAPlace(
    Refusal,
    says="both records have a place at session {session}, or at another one at that time; take one off its list (linli session leave) or annul its hours (linli session annul), then merge them",
):
    session: UUID


class BothHaveClaimed(
    Refusal,
    says="both records have claimed wish {wish}; give one claim back (linli wish release), then merge them",
):
    wish: UUID


def twice(ctx: ActContext[object]) -> Iterable[Refusal]:
    """Why two records cannot become one yet: one of them would be paid twice for being somewhere once."""
    facts, mine, theirs = ctx.facts, ctx.subject, UUID(str(ctx.act.body["duplicate"]))
    facts.fetch(query(person) for query in (_sessions, _claims) for person in (mine, theirs))
    own = [session.record for _, session in facts.get(_sessions(mine))]
    for _, session in facts.get(_sessions(theirs)):
        if any(session.record.overlaps(one) for one in own):
            yield BothHaveAPlace(session=session.id)
    claimed = {claim.parent for claim in facts.get(_claims(mine))}
    for claim in facts.get(_claims(theirs)):
        if claim.parent in claimed:
            yield BothHaveClaimed(wish=claim.root)


def _sessions(person: UUID) -> Query[tuple[tuple[Subject[Seat], Subject[Session]], ...]]:
    return subjects(SeatFlow, person=person, states=_PLACES).with_whole(SessionFlow)


def _claims(person: UUID) -> SubjectQuery[NoRecord]:
    return subjects(ClaimFlow, person=person, states=_CLAIMS)
