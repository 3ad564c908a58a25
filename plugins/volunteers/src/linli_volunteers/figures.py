"""Figures of sessions, hours and wishes, under the brief's names."""

from collections.abc import Iterable, Mapping

from linli import Cells, Count, Figure, Transition, in_states
from linli_volunteers.records import Seat
from linli_volunteers.seats import SeatFlow
from linli_volunteers.sessions import SessionFlow
from linli_volunteers.wishes import WishFlow


def _minutes(t: Transition[Seat, object]) -> Iterable[Count]:
    yield Count(total=t.record.minutes)


def _minutes_back(t: Transition[Seat, object]) -> Iterable[Count]:
    """Taken back on the day on which they were counted."""
    yield Count(n=-1, total=-t.before.record.minutes, at=t.before.ended_at)


def _hours(cells: Mapping[str, Cells]) -> float:
    return cells["sessions.attended"].total / 60


FIGURES = (
    Figure(
        name="sessions.held",
        help="volunteer sessions held in the period",
        label="sessions held",
        on=(SessionFlow.hold,),
    ),
    Figure(
        name="sessions.sign_ups",
        help="sign-ups for sessions in the period, those on a waiting list among them",
        label="sign-ups",
        on=(SeatFlow.sign_up, SeatFlow.sign_up_again),
    ),
    Figure(
        name="sessions.attended",
        help="attendances confirmed in the period, without those annulled since",
        label="attendances",
        on=(
            SeatFlow.attend.count(_minutes),
            SeatFlow.annul.count(_minutes_back),
            SeatFlow.count_again.count(_minutes),
        ),
    ),
    Figure(
        name="sessions.hours",
        help="hours of service confirmed in the period, without those annulled since",
        label="hours of service",
        unit="hours",
        uses=("sessions.attended",),
        derived=_hours,
    ),
    Figure(
        name="wishes.thanked",
        help="wishes whose fulfilment the wisher confirmed in the period",
        label="wishes fulfilled and thanked",
        on=(WishFlow.thank,),
    ),
    Figure(
        name="wishes.open",
        help="wishes posted and not ended, at the end of the period",
        label="wishes still open",
        stock=True,
        on=in_states(WishFlow.posted | WishFlow.claimed | WishFlow.fulfilled),
    ),
)
