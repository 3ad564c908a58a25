"""Who hears of what is late: the roles of the district's ladder, one after the other."""

from linli import Facts, Seat
from linli.deadlines import Late, Step
from linli_volunteers.settings import VolunteerSettings

KINDS = ("session",)


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next rung; None above the last one."""
    settings, place = facts.settings(VolunteerSettings), late.subject.place
    if late.step >= len(settings.ladder):
        return None
    role = settings.ladder[late.step]
    seats = facts.seats(Seat(role=role, at=place), place)
    last = late.step + 1 == len(settings.ladder)
    return Step(
        seat=seats[0] if seats else Seat(role=role, at=place),
        rung=role,
        again=None if last else settings.ladder_again,
    )
