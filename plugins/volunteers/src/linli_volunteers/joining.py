"""Signing up for a session: who may, without being in two places at once; waiting, and moving up."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from linli import Act, Facts, Make, Subject, say
from linli.effects import Effect
from linli.errors import Refused
from linli.i18n import Text
from linli_volunteers.guardians import guarded
from linli_volunteers.reading import known, open_sessions, overlap, parts, served_sessions
from linli_volunteers.records import Seat, Session
from linli_volunteers.roles import LEADER, is_volunteer
from linli_volunteers.settings import VolunteerSettings


def session_number(subject: Subject) -> UUID:
    """The session that a place is at."""
    if subject.parent is None:
        raise Refused(say("a place is at a session; sign up for one: linli session sign-up"))
    return subject.parent


def session_of(subject: Subject, facts: Facts) -> tuple[str, Session]:
    """The state and the record of the session that a place is at."""
    return known(facts, session_number(subject), "session", Session)


def queued(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """When they signed up."""
    return {"queued_at": facts.at}


def not_before_others(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody signs up as of an earlier moment, before those who wait already."""
    if subject.record.queued_at == act.at:
        return None
    return say("queued_at is what linli fills in")


def may_sign_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Volunteers sign up themselves until it begins; those who just come are entered by a leader."""
    state, session = session_of(subject, facts)
    if state != "sign_up" and not (state == "under_way" and _by_leader(act)):
        if state == "under_way":
            return say("it has begun; a leader enters those who just come: linli session sign-up --as LEADER")
        return say("this session is not open for sign-up")
    wrong = is_volunteer(subject.person, facts)
    if wrong or subject.person is None:
        return wrong
    return guarded(subject.person, facts.calendar.day_of(session.starts_at), facts)


def _by_leader(act: Act) -> bool:
    return (act.acting_as or "").startswith("console") or (
        act.seat is not None and act.seat.role in LEADER.posts
    )


def under_own_key(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Linli's own key keeps it to one place each; whoever becomes somebody else later has the key of before."""
    if subject.person is None or subject.key != subject.person.hex:
        return say("a place is taken through the volunteers' desk, which gives it its key")
    return None


def one_each(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """One place for each volunteer, also where two records became one."""
    if subject.person is None:
        return say("a place is taken through the volunteers' desk, which gives it its key")
    seats = parts(facts, session_number(subject), "seat", Seat)
    person = facts.survivor(subject.person)
    if any(seat.person == person and seat.id != subject.id for seat in seats):
        return say("they have signed up for this session already")
    return None


def in_one_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody is, or waits to be, at two sessions at once."""
    if subject.person is None:
        return None
    state, session = session_of(subject, facts)
    time, person = (session.starts_at, session.ends_at), facts.survivor(subject.person)
    for ident, other in open_sessions(facts, person, Session):
        if ident != subject.parent and overlap(time, (other.starts_at, other.ends_at)):
            return say(
                "they have signed up for another session at that time: {id}; leave that one first", id=ident
            )
    # Whoever is entered once it has begun, or counted again, may have been elsewhere, at what has been held since.
    held = served_sessions(facts, person, Session) if state != "sign_up" else []
    if any(overlap(time, (other.starts_at, other.ends_at)) for other in held):
        return say("they have confirmed hours of another session at that time")
    return None


def room_to_wait(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A waiting list has an end."""
    if subject.state != "waiting":
        return None
    seats = parts(facts, session_number(subject), "seat", Seat)
    waiting = sum(seat.state == "waiting" for seat in seats)
    if waiting < facts.settings(VolunteerSettings).most_waiting:
        return None
    return say("all places are taken, and {count} people wait already", count=waiting)


def before_it_begins(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever does not come once it has begun was absent; until then a place goes to the next."""
    state, session = session_of(subject, facts)
    if _by_leader(act) or (state == "sign_up" and act.at < session.starts_at):
        return None
    return say("it has begun; a leader takes you off the list: linli session leave --as LEADER")


def moves_up(session: UUID, places: int, facts: Facts) -> Iterable[Effect]:
    """Let those who have waited longest have the places that have become free.

    What follows from the act that frees them, and not a move that linli makes by itself: a sign-up that
    races with another must not see a free place where there is none any more.
    """
    waiting = [seat for seat in parts(facts, session, "seat", Seat) if seat.state == "waiting"]
    in_line = sorted(waiting, key=lambda seat: (seat.record.queued_at, seat.id))
    yield from (Make(subject=seat.id, move="move_up") for seat in in_line[:places])


def next_moves_up(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Only before the session begins: nobody moves up to a place who does not know of it."""
    state, _ = session_of(subject, facts)
    if state == "sign_up":
        yield from moves_up(session_number(subject), 1, facts)
