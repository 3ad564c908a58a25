"""Signing up for a session: who may, without being in two places at once; waiting."""

from uuid import UUID

from linli.contract import Context, Transition
from linli.errors import Refused
from linli.refusals import Missing, Refusal
from linli_volunteers.guardians import guarded
from linli_volunteers.reading import known, open_sessions, overlap, parts, served_sessions
from linli_volunteers.records import Seat, Session
from linli_volunteers.roles import LEADER, is_volunteer


class SessionNotSaid(Missing, says="a place is at a session; sign up for one: linli session sign-up"):
    field: str = "parent"


def session_number(ctx: Context[Seat]) -> UUID:
    """The session that a place is at."""
    if ctx.subject.parent is None:
        raise Refused(SessionNotSaid())
    return ctx.subject.parent


def session_of(ctx: Context[Seat]) -> tuple[str, Session]:
    """The state and the record of the session that a place is at."""
    return known(ctx.facts, session_number(ctx), "session", Session)


class Begun(
    Refusal, says="it has begun; a leader enters those who just come: linli session sign-up --as LEADER"
): ...


class NotOpenForSignUp(Refusal, says="this session is not open for sign-up"): ...


def may_sign_up(t: Transition[Seat, object]) -> Refusal | None:
    """Volunteers sign up themselves until it begins; those who just come are entered by a leader."""
    state, session = session_of(t)
    if state != "sign_up" and not (state == "under_way" and _by_leader(t)):
        if state == "under_way":
            return Begun()
        return NotOpenForSignUp()
    wrong = is_volunteer(t.subject.person, t.facts)
    if wrong or t.subject.person is None:
        return wrong
    return guarded(t.subject.person, t.facts.calendar.day_of(session.starts_at), t.facts)


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


class SignedUpAlready(Refusal, says="they have signed up for this session already"): ...


def one_each(t: Transition[Seat, object]) -> Refusal | None:
    """One place for each volunteer, also where two records became one."""
    if t.subject.person is None:
        return None
    person = t.facts.survivor(t.subject.person)
    seats = parts(t.facts, session_number(t), "seat", Seat)
    if any(seat.person == person and seat.id != t.subject.id for seat in seats):
        return SignedUpAlready()
    return None


class SignedUpElsewhere(
    Refusal, says="they have signed up for another session at that time: {id}; leave that one first"
):
    id: UUID


class ServedElsewhere(Refusal, says="they have confirmed hours of another session at that time"): ...


def in_one_place(t: Transition[Seat, object]) -> Refusal | None:
    """Nobody is, or waits to be, at two sessions at once."""
    if t.subject.person is None:
        return None
    state, session = session_of(t)
    time, person = (session.starts_at, session.ends_at), t.facts.survivor(t.subject.person)
    for ident, other in open_sessions(t.facts, person, Session):
        if ident != t.subject.parent and overlap(time, (other.starts_at, other.ends_at)):
            return SignedUpElsewhere(id=ident)
    # Whoever is entered once it has begun, or counted again, may have been elsewhere, at what has been held since.
    held = served_sessions(t.facts, person, Session) if state != "sign_up" else []
    if any(overlap(time, (other.starts_at, other.ends_at)) for other in held):
        return ServedElsewhere()
    return None


class LeftTooLate(
    Refusal, says="it has begun; a leader takes you off the list: linli session leave --as LEADER"
): ...


def before_it_begins(t: Transition[Seat, object]) -> Refusal | None:
    """Whoever does not come once it has begun was absent; until then a place goes to the next."""
    state, session = session_of(t)
    if _by_leader(t) or (state == "sign_up" and t.at < session.starts_at):
        return None
    return LeftTooLate()
