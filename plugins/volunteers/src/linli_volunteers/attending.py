"""Coming and going: checked in and out by a code, or by a leader's hand; minutes counted, and put right."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from linli import Act, Facts, Subject, say
from linli.i18n import Text
from linli.workflow import Test
from linli_volunteers.codes import Purpose, code_fits
from linli_volunteers.guardians import guarded
from linli_volunteers.joining import session_number, session_of
from linli_volunteers.records import Session
from linli_volunteers.roles import moment_in
from linli_volunteers.settings import VolunteerSettings

# A code is used when it is seen; the clocks of a phone's network and ours may differ by this much.
_AT_ONCE = timedelta(minutes=1)


def while_under_way(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Only between the opening of check-in and the confirming of hours."""
    state, _ = session_of(subject, facts)
    return None if state == "under_way" else say("this session is not under way")


def with_guardian(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A guardian's consent still stands on the day."""
    _, session = session_of(subject, facts)
    assert subject.person is not None, "a place is somebody's"
    return guarded(subject.person, facts.calendar.day_of(session.starts_at), facts)


def with_code(purpose: Purpose) -> Test:
    """The code must be the one on show, and used there and then."""

    def check(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
        if abs(act.recorded_at - act.at) > _AT_ONCE:
            return say("a code is used when it is shown, not afterwards; a leader can enter it by hand")
        settings = facts.settings(VolunteerSettings)
        session, given = session_number(subject), str(act.value("code", ""))
        if code_fits(given, facts.commit, session, purpose, act.recorded_at, settings):
            return None
        return say("the code is wrong or has passed; take the one that is shown now")

    return check


# --- coming ----------------------------------------------------------------------------------------------


def _come(session: Session, moment: datetime, facts: Facts) -> Mapping[str, object]:
    late = moment > session.starts_at + facts.settings(VolunteerSettings).late_after
    return {"checked_in_at": moment, "late": late}


def came(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """When they came, now if nothing else is said, and whether that is late."""
    moment = moment_in(values, "checked_in_at", facts.at)
    return _come(session_of(subject, facts)[1], moment, facts) if moment else {}


def check_in_opens(seat: Subject, facts: Facts) -> datetime:
    """When somebody can have come at the earliest."""
    _, session = session_of(seat, facts)
    return session.starts_at - facts.settings(VolunteerSettings).check_in_before


def came_right(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody came long before it began, nor after its end; and linli alone says who was late."""
    _, session = session_of(subject, facts)
    seat = subject.record
    if not check_in_opens(subject, facts) <= seat.checked_in_at <= session.ends_at:
        return say("checked_in_at must lie within the session's time")
    if seat.late != _come(session, seat.checked_in_at, facts)["late"]:
        return say("late is what linli works out; a leader corrects it afterwards")
    return None


# --- going -----------------------------------------------------------------------------------------------


def minutes_between(came: datetime, left: datetime, session: Session) -> int:
    """Whole minutes of service: those within the session's own time."""
    served = min(left, session.ends_at) - max(came, session.starts_at)
    return max(0, int(served / timedelta(minutes=1)))


def went(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """When they left, now if nothing else is said, and how many minutes that makes."""
    moment = moment_in(values, "checked_out_at", facts.at)
    seat = subject.record
    if moment is None or seat.checked_in_at is None:
        return {}
    _, session = session_of(subject, facts)
    return {"checked_out_at": moment, "minutes": minutes_between(seat.checked_in_at, moment, session)}


def they_came(seat: Subject, facts: Facts) -> datetime | None:
    """When they came: nobody leaves before that."""
    return seat.record.checked_in_at  # type: ignore[no-any-return]


def went_right(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Minutes are counted, not given."""
    _, session = session_of(subject, facts)
    seat = subject.record
    if seat.minutes != minutes_between(seat.checked_in_at, seat.checked_out_at, session):
        return say("minutes are what linli counts; a leader corrects them afterwards")
    return None


def right_now(name: str) -> Test:
    """Who comes or goes by a code does so now, whatever they say."""

    def check(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
        if getattr(subject.record, name) == act.at:
            return None
        return say("{name} is what linli fills in", name=name)

    return check


# --- put right -------------------------------------------------------------------------------------------


def possible_minutes(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A leader puts minutes right within what a session can be."""
    most = int(facts.settings(VolunteerSettings).longest / timedelta(minutes=1))
    if 0 <= subject.record.minutes <= most:
        return None
    return say("minutes must be 0 to {most}", most=most)


def none_served(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Whoever was not there has served no minutes."""
    return {"minutes": 0}


def nothing_served(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody is marked absent with minutes left."""
    return say("minutes must be 0 to {most}", most=0) if subject.record.minutes else None


def as_counted(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The minutes that the place has, for the act that points are paid for."""
    return {"minutes": subject.record.minutes}
