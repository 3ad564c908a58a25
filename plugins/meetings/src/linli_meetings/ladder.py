"""Who hears of what is late: whoever should have done it, then the roles of the district's ladder."""

from linli import Facts, Seat
from linli.deadlines import Late, Step, filled, rung_now
from linli_meetings.settings import MeetingSettings

KINDS = ("meeting", "agenda_item", "follow_up", "whistle", "whistle_part")


def rungs(late: Late, facts: Facts) -> list[tuple[str, Seat]]:
    """Each rung's name and seat, the first first."""
    subject = late.subject
    found = [(role, Seat(role=role, at=subject.place)) for role in facts.settings(MeetingSettings).ladder]
    # What waits for the street is not late because of the department that holds it.
    if subject.holder is None or late.clock in ("street", "district"):
        return found
    # Whoever holds it, or stands in for a seat that nobody has, hears once.
    holding = facts.seats(subject.holder, subject.place) or (subject.holder,)
    above = [one for one in found if not set(holding) & set(facts.seats(one[1], subject.place))]
    return [("holder", holding[0]), *above]


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next rung; None above the last one, and for what is not the meetings'."""
    if late.subject.kind not in KINDS:
        return None
    step = rung_now(late, rungs(late, facts), facts.settings(MeetingSettings).ladder_again)
    return step if step is None or step.rung == "holder" else filled(step, late, facts)
