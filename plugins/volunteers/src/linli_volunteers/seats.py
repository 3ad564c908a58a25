"""A place at a session: signed up or waiting, checked in, checked out, attended; one for each volunteer."""

from collections.abc import Iterable
from uuid import UUID

from linli import (
    NOBODY,
    OWN,
    Amount,
    Context,
    Effect,
    Moves,
    NoInputs,
    Quota,
    Refusal,
    State,
    Transfer,
    Transition,
    Why,
    Workflow,
    evolve,
)
from linli.query import Query, SubjectQuery, subjects, survivor
from linli_volunteers.attending import (
    Attend,
    ByCode,
    Came,
    Correct,
    CountAgain,
    Left,
    came,
    comes_now,
    goes_now,
    left_at,
    none_served,
    possible_minutes,
    while_under_way,
    with_code,
    with_guardian,
    within_the_session,
)
from linli_volunteers.joining import (
    before_it_begins,
    may_sign_up,
    session_number,
    session_of,
    under_own_key,
)
from linli_volunteers.records import MINUTES, SEATS, Seat
from linli_volunteers.roles import APPROVER, LEADER, WhyForOthers, memberships, why_for_others
from linli_volunteers.settings import VolunteerSettings


def _one_place(ctx: Context[Seat]) -> Amount:
    return Amount(owner=session_number(ctx), unit=SEATS, n=1)


def _queued(t: Transition[None, NoInputs]) -> Seat:
    return Seat(queued_at=t.at)


def _queued_again(t: Transition[Seat, NoInputs]) -> Seat:
    """Behind those who wait already."""
    return evolve(t.record, queued_at=t.at)


class SignedUpAlready(Refusal, says="they have signed up for this session already"): ...


def _same_session(session: UUID, person: UUID) -> SubjectQuery[Seat]:
    return subjects(SeatFlow, matter=session, person=person)


def _asked(t: Transition[object, object]) -> Iterable[Query[object]]:
    """What signing up asks; where else they have a place is asked once nobody else signs them up."""
    if t.subject.person and t.subject.parent:
        yield _same_session(t.subject.parent, t.subject.person)
        yield memberships(t.subject.person, t)


def _one_each(t: Transition[Seat, object]) -> Refusal | None:
    """One place for each volunteer, also where two records became one."""
    if t.subject.person is None:
        return None
    theirs = t.get(_same_session(session_number(t), t.subject.person))
    return SignedUpAlready() if any(seat.id != t.subject.id for seat in theirs) else None


class SignedUpElsewhere(
    Refusal, says="they have signed up for another session at that time: {id}; leave that one first"
):
    id: UUID


class ServedElsewhere(Refusal, says="they have confirmed hours of another session at that time"): ...


def _in_one_place(t: Transition[Seat, object]) -> Refusal | None:
    """Nobody is, or waits to be, at two sessions at once."""
    if t.subject.person is None:
        return None
    session, person = session_of(t), t.get(survivor(t.subject.person))
    # Read while nobody else signs the same person up: two at once would see neither's.
    t.facts.hold(f"volunteer {person}")
    for _, other in t.get(subjects(SeatFlow, person=person, ended=False).with_whole(session.flow)):
        if other.id != session.id and session.record.overlaps(other.record):
            return SignedUpElsewhere(id=other.id)
    # Whoever is entered once it has begun, or counted again, may have been elsewhere, at what has been held since.
    served = subjects(SeatFlow, person=person, states=SeatFlow.attended).with_whole(session.flow)
    held = t.get(served) if session.state.name != "sign_up" else ()
    return ServedElsewhere() if any(session.record.overlaps(other.record) for _, other in held) else None


class ListFull(Refusal, says="all places are taken, and {count} people wait already"):
    count: int


def _room_to_wait(t: Transition[Seat, object]) -> Refusal | None:
    """A waiting list has an end."""
    if t.subject.state is not SeatFlow.waiting:
        return None
    waiting = t.get(subjects(SeatFlow, matter=session_number(t), states=SeatFlow.waiting).count())
    if waiting < t.settings(VolunteerSettings).most_waiting:
        return None
    return ListFull(count=waiting)


def moves_up(session: UUID, places: int, ctx: Context[object]) -> Iterable[Effect]:
    """Let those who have waited longest have the places that have become free.

    What follows from the act that frees them, and not a move that linli makes by itself: a sign-up that
    races with another must not see a free place where there is none any more.
    """
    waiting = ctx.get(subjects(SeatFlow, matter=session, states=SeatFlow.waiting))
    in_line = sorted(waiting, key=lambda seat: (seat.record.queued_at, seat.id))
    yield from (SeatFlow.move_up(seat.id) for seat in in_line[:places])


def _next_moves_up(t: Transition[Seat, object]) -> Iterable[Effect]:
    """Only before the session begins: nobody moves up to a place who does not know of it."""
    session = session_of(t)
    if session.state.name == "sign_up":
        yield from moves_up(session.id, 1, t)


def _served(t: Transition[Seat, object]) -> Iterable[Transfer]:
    """Minutes come from the session: who has how many can be traced to where they were served."""
    assert t.subject.person is not None, "a place is somebody's"
    if t.record.minutes:
        yield Transfer(
            unit=MINUTES,
            amount=t.record.minutes,
            source=(session_number(t), "issued"),
            target=(t.get(survivor(t.subject.person)), "free"),
            rule="hours",
        )


def _taken_back(t: Transition[Seat, object]) -> Iterable[Effect]:
    for given in _served(t):
        yield evolve(given, source=given.target, target=given.source, rule="hours annulled")


class AllPlacesTaken(
    Refusal, says="all places are taken, those of the absent too; offer more: linli session enlarge"
): ...


class SeatFlow(Workflow[Seat], name="seat", label="place at a session", readable_by=OWN | LEADER):
    """Signed up or waiting, checked in, checked out; what its session's end makes of it, the session says."""

    move = Moves(Seat)
    signed_up = State("signed up", turn=NOBODY)
    waiting = State("on the waiting list")
    checked_in = State("checked in", turn=NOBODY)
    checked_out = State("checked out", turn=NOBODY)
    marked_absent = State("marked absent", turn=NOBODY)
    attended = State("attended", ends=True)
    annulled = State("hours annulled", ends=True)
    absent = State("absent", ends=True)
    left = State("off the list", ends=True)
    not_placed = State("no place was free", ends=True)
    called_off = State("session called off", ends=True)
    # Whoever is in one of these has one of the session's places.
    taking_a_place = signed_up | checked_in | checked_out | marked_absent
    place = Quota(_one_place, empty=AllPlacesTaken)
    # --- signing up
    sign_up = move.opening(
        signed_up,
        label="sign up",
        by=OWN | LEADER,
        reads=_asked,
        record=_queued,
        needs=[under_own_key, may_sign_up, _one_each, _in_one_place, _room_to_wait],
        holds=[place],
        when_empty=waiting,
    )
    sign_up_again = move(
        left.to(signed_up),
        label="sign up again",
        by=OWN | LEADER,
        reads=_asked,
        record=_queued_again,
        needs=[may_sign_up, _one_each, _in_one_place, _room_to_wait],
        holds=[place],
        when_empty=waiting,
    )
    move_up = move(waiting.to(signed_up), label="move up", holds=[place])
    admit = move(
        waiting.to(signed_up),
        label="take from the waiting list",
        by=LEADER,
        needs=[while_under_way],
        holds=[place],
    )
    leave = move(
        signed_up.to(left),
        WhyForOthers,
        label="leave the list",
        by=OWN | LEADER,
        needs=[before_it_begins, why_for_others],
        releases=[place],
        then=[_next_moves_up],
    )
    stop_waiting = move(
        waiting.to(left),
        WhyForOthers,
        label="stop waiting",
        by=OWN | LEADER,
        needs=[before_it_begins, why_for_others],
    )
    # --- coming and going
    check_in = move(
        signed_up.to(checked_in),
        ByCode,
        label="check in",
        by=OWN,
        record=comes_now,
        needs=[while_under_way, with_code("check-in"), within_the_session, with_guardian],
    )
    check_in_by_hand = move(
        (signed_up | marked_absent).to(checked_in),
        Came,
        label="check in by hand",
        by=LEADER - OWN,
        record=came,
        needs=[while_under_way, within_the_session, with_guardian],
    )
    check_out = move(
        checked_in.to(checked_out),
        ByCode,
        label="check out",
        by=OWN,
        record=goes_now,
        needs=[while_under_way, with_code("check-out")],
    )
    check_out_by_hand = move(
        checked_in.to(checked_out),
        Left,
        label="check out by hand",
        by=LEADER - OWN,
        record=left_at,
        needs=[while_under_way],
    )
    # --- put right
    correct = move(
        checked_out.stay(),
        Correct,
        label="put minutes or lateness right",
        by=LEADER - OWN,
        needs=[while_under_way, possible_minutes],
    )
    mark_absent = move(
        (signed_up | checked_in | checked_out).to(marked_absent),
        Why,
        label="mark absent",
        by=LEADER - OWN,
        record=none_served,
        needs=[while_under_way],
    )
    annul = move(attended.to(annulled), Why, label="annul the hours", by=APPROVER - OWN, then=[_taken_back])
    count_again = move(
        annulled.to(attended),
        CountAgain,
        label="count annulled hours again",
        by=APPROVER - OWN,
        needs=[possible_minutes, _in_one_place],
        then=[_served],
    )
    # --- when the session ends
    attend = move(checked_out.to(attended), Attend, label="hours confirmed", spends=[place], then=[_served])
    miss = move((signed_up | marked_absent).to(absent), label="absent", spends=[place])
    close_list = move(waiting.to(not_placed), label="waiting list closed")
    call_off = move(taking_a_place.to(called_off), label="session called off", releases=[place])
    call_off_waiting = move(waiting.to(called_off), label="waiting list called off")
