"""Signing up for a session: who may, without being in two places at once; waiting."""

from uuid import UUID

from linli import Context, Missing, Refusal, Refused, Subject, Transition
from linli_volunteers.guardians import guarded
from linli_volunteers.records import Seat, Session
from linli_volunteers.roles import LEADER, is_volunteer


class SessionNotSaid(Missing, says="a place is at a session; sign up for one: linli session sign-up"):
    field: str = "parent"


def session_number(ctx: Context[Seat]) -> UUID:
    """The session that a place is at."""
    if ctx.subject.parent is None:
        raise Refused(SessionNotSaid())
    return ctx.subject.parent


def session_of(ctx: Context[Seat]) -> Subject[Session]:
    """The session that a place is at."""
    from linli_volunteers.sessions import SessionFlow  # which needs that of their places

    session = ctx.parent(SessionFlow)
    if session is None:
        raise Refused(SessionNotSaid())
    return session


class Begun(
    Refusal, says="it has begun; a leader enters those who just come: linli session sign-up --as LEADER"
): ...


class NotOpenForSignUp(Refusal, says="this session is not open for sign-up"): ...


def may_sign_up(t: Transition[Seat, object]) -> Refusal | None:
    """Volunteers sign up themselves until it begins; those who just come are entered by a leader."""
    session = session_of(t)
    under_way = session.state.name == "under_way"
    if session.state.name != "sign_up" and not (under_way and _by_leader(t)):
        return Begun() if under_way else NotOpenForSignUp()
    wrong = is_volunteer(t)
    if wrong or t.subject.person is None:
        return wrong
    return guarded(t.subject.person, t.facts.calendar.day_of(session.record.starts_at), t)


def _by_leader(t: Transition[Seat, object]) -> bool:
    return (t.acting_as or "").startswith("console") or (t.seat is not None and t.seat.role in LEADER.posts)


class TakenAtTheDesk(
    Refusal, says="a place is taken through the volunteers' desk, which gives it its key"
): ...


def under_own_key(t: Transition[Seat, object]) -> Refusal | None:
    """Linli's own key keeps it to one place each; whoever becomes somebody else later has the key of before."""
    if t.subject.person is None or t.subject.key != t.subject.person.hex:
        return TakenAtTheDesk()
    return None


class LeftTooLate(
    Refusal, says="it has begun; a leader takes you off the list: linli session leave --as LEADER"
): ...


def before_it_begins(t: Transition[Seat, object]) -> Refusal | None:
    """Whoever does not come once it has begun was absent; until then a place goes to the next."""
    session = session_of(t)
    if _by_leader(t) or (session.state.name == "sign_up" and t.at < session.record.starts_at):
        return None
    return LeftTooLate()
