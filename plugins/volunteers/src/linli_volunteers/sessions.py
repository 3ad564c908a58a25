"""Volunteer sessions: planned, opened for sign-up, under way, held; or cancelled, or postponed to another."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import attrs

from linli import (
    ENGINE,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Part,
    Start,
    State,
    Subject,
    Transfer,
    Was,
    Workflow,
    say,
)
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.workflow import REASON
from linli_volunteers.joining import moves_up
from linli_volunteers.reading import parts
from linli_volunteers.records import SEATS, Seat, Session
from linli_volunteers.roles import LEADER, moment_in
from linli_volunteers.settings import MOST_PLACES, VolunteerSettings

# --- planning ------------------------------------------------------------------------------------------


def _by_the_district(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The district's number of places, and whether the bank runs sessions of this kind."""
    settings = facts.settings(VolunteerSettings)
    kind = settings.kind(str(values.get("kind")))
    return {"capacity": settings.capacity, "run_by_bank": bool(kind and kind.bank)}


def _known_kind(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    settings = facts.settings(VolunteerSettings)
    if settings.kind(subject.record.kind):
        return None
    return say(
        "kind must be one of {choices}",
        choices=listed(f"{kind.code} ({kind.name})" if kind.name else kind.code for kind in settings.kinds),
    )


def _possible_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    session, longest = subject.record, facts.settings(VolunteerSettings).longest
    return _wrong_time(session.starts_at, session.ends_at, longest, facts.at)


def _took_place_lately(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What was kept on paper: over, and not so long ago that nobody remembers."""
    session, settings = subject.record, facts.settings(VolunteerSettings)
    wrong = _wrong_span(session.starts_at, session.ends_at, settings.longest)
    if wrong:
        return wrong
    if facts.at - session.ends_at <= settings.take_down_within:
        return None
    days = f"{settings.take_down_within / timedelta(days=1):g}"
    return say("it is too long ago; sessions are taken down within {days} days", days=days)


def _wrong_time(starts: datetime, ends: datetime, longest: timedelta, now: datetime) -> Text | None:
    wrong = _wrong_span(starts, ends, longest)
    if wrong:
        return wrong
    return (
        say("it would begin in the past; one that was kept on paper: linli session plan --on-paper")
        if starts <= now
        else None
    )


def _wrong_span(starts: datetime, ends: datetime, longest: timedelta) -> Text | None:
    if starts.tzinfo is None or ends.tzinfo is None:
        return say("give moments with their offset from UTC: 2026-03-09T09:00+08:00")
    if not timedelta(0) < ends - starts <= longest:
        hours = f"{longest / timedelta(hours=1):g}"
        return say("a session ends after it begins, and lasts {hours} hours at most", hours=hours)
    return None


def _possible_capacity(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if 1 <= subject.record.capacity <= MOST_PLACES:
        return None
    return say("a session has 1 to {most} places", most=MOST_PLACES)


def _only_linli_postpones(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.postponed_from is None or act.acting_as == "engine":
        return None
    return say("postponed_from is what linli fills in: linli session postpone")


def _places_issued(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield _issued(subject.id, subject.record.capacity)


def _issued(session: UUID, places: int) -> Transfer:
    return Transfer(
        unit=SEATS, amount=places, source=(session, "issued"), target=(session, "free"), rule="places"
    )


# --- more places ----------------------------------------------------------------------------------------


def _enlarged(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    try:
        return {"capacity": subject.record.capacity + int(str(values.get("more")))}
    except ValueError:
        return {}


def _really_more(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    more = act.value("more")
    if more < 1:
        return say("say how many places more: 1 or more")
    if subject.record.capacity != before.record.capacity + more:
        return say("capacity is what linli works out; give only how many more")
    return None


def _more_issued(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield _issued(subject.id, act.value("more"))
    if subject.state == "sign_up":
        yield from moves_up(subject.id, act.value("more"), facts)


# --- beginning and ending ---------------------------------------------------------------------------------


def _about_to_begin(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    opens = subject.record.starts_at - facts.settings(VolunteerSettings).check_in_before
    local = opens.astimezone(facts.calendar.zone)
    too_early = say("it is too early; check-in opens at {moment}", moment=f"{local:%Y-%m-%d %H:%M}")
    return too_early if act.at < opens else None


def _everybody_is_accounted_for(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    seats = parts(facts, subject.id, "seat", Seat)
    inside = sum(seat.state == "checked_in" for seat in seats)
    if inside:
        return say(
            "{count} people have not checked out; see: linli session roster, then: linli session check-out-by-hand",
            count=inside,
        )
    if not any(seat.state == "checked_out" for seat in seats):
        return say("nobody attended; cancel it instead")
    return None


def _without_hours_in_it(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Holding confirms everybody's hours: whoever has some of them does not."""
    seats = parts(facts, subject.id, "seat", Seat)
    if act.actor and any(seat.person == act.actor and seat.state == "checked_out" for seat in seats):
        return say("you have hours in it yourself; let another leader or a clerk confirm them")
    return None


def postponed(session: UUID) -> UUID:
    """The number of the session that takes a postponed one's place."""
    return uuid5(session, "postponed")


def _new_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    found = [moment_in(act.body["values"], name, facts.at) for name in ("new_starts_at", "new_ends_at")]
    starts, ends = found
    if starts is None or ends is None:
        return say("give moments with their offset from UTC: 2026-03-09T09:00+08:00")
    return _wrong_time(starts, ends, facts.settings(VolunteerSettings).longest, facts.at)


def _at_another_time(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Another session, opened as this one was: nobody who could come then has said that they can now."""
    record, ident = subject.record, postponed(subject.id)
    values = {
        "kind": record.kind, "title": record.title, "meet_at": record.meet_at,
        "starts_at": act.value("new_starts_at"), "ends_at": act.value("new_ends_at"),
        "capacity": record.capacity, "run_by_bank": record.run_by_bank, "postponed_from": subject.id,
    }  # fmt: skip
    yield Start(workflow="session", move="plan", place=subject.place, values=values, id=ident)
    if act.body["from"] == "sign_up":
        yield Make(subject=ident, move="open")


def _begins_in_time(subject: Subject, facts: Facts) -> Limit | None:
    if subject.record.starts_at.tzinfo is None:
        return None  # the move's checks say what is wrong with it
    deadline = subject.record.starts_at + facts.settings(VolunteerSettings).begin_within
    return Limit(span=max(deadline - facts.at, timedelta(0)))


def _closed_in_time(subject: Subject, facts: Facts) -> Limit:
    """Service hours from the session's end, which is a known moment once it is under way."""
    ended = max(subject.record.ends_at, facts.at)
    deadline = facts.calendar.add(ended, facts.settings(VolunteerSettings).close_within)
    return Limit(span=deadline - facts.at)


_STARTS = Ask(
    name="starts_at", help="when it begins, on the district's clock: 2026-03-09T09:00", type=datetime
)
_ENDS = Ask(name="ends_at", help="when it ends, on the district's clock: 2026-03-09T11:00", type=datetime)
_BEFORE = ("planned", "sign_up")

_ASKS = (
    Ask(name="kind", help="one of the district's kinds", longest=40),
    Ask(name="title", help="what is done, in a few words; everybody reads it", longest=80),
    Ask(name="meet_at", help="where to meet", longest=80),
    _STARTS,
    _ENDS,
    Ask(name="capacity", help="how many places; the district's number if not given", type=int, proposed=True),
    Ask(name="run_by_bank", help="whether the pioneer bank runs it", type=bool, proposed=True),
)

_TAKE_DOWN = Move(
    name="take_down",
    label="take down from paper",
    sources=(),
    to="under_way",
    by=LEADER,
    fills=(_by_the_district,),
    asks=tuple(attrs.evolve(ask, was=Was()) if ask in (_STARTS, _ENDS) else ask for ask in _ASKS),
    checks=(_known_kind, _took_place_lately, _possible_capacity),
    effects=(_places_issued,),
)

_PLAN = Move(
    name="plan",
    label="plan",
    sources=(),
    to="planned",
    by=LEADER | ENGINE,
    fills=(_by_the_district,),
    asks=(*_ASKS, Ask(name="postponed_from", type=UUID, required=False)),
    checks=(_known_kind, _possible_time, _possible_capacity, _only_linli_postpones),
)

SESSION = Workflow(
    name="session",
    label="volunteer session",
    read_by=LEADER,
    record=Session,
    told_by=("title",),
    states=(
        State("planned", "planned"),
        State("sign_up", "open for sign-up"),
        State("under_way", "under way"),
        State("held", "has been held", ends=("took_place",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
        State("postponed", "postponed", ends=("postponed",)),
    ),
    moves=(
        _PLAN,
        _TAKE_DOWN,
        Move(
            name="open",
            label="open for sign-up",
            sources=("planned",),
            to="sign_up",
            by=LEADER | ENGINE,
            effects=(_places_issued,),
        ),
        Move(
            name="enlarge",
            label="offer more places",
            sources=("sign_up", "under_way"),
            to=None,
            by=LEADER,
            fills=(_enlarged,),
            asks=(
                Ask(name="more", help="how many places more", type=int),
                Ask(name="capacity", type=int, computed=True),
            ),
            checks=(_really_more, _possible_capacity),
            effects=(_more_issued,),
        ),
        Move(
            name="begin",
            label="open for check-in",
            sources=("sign_up",),
            to="under_way",
            by=LEADER,
            checks=(_about_to_begin,),
        ),
        Move(
            name="hold",
            label="confirm the hours",
            sources=("under_way",),
            to="held",
            by=LEADER,
            checks=(_everybody_is_accounted_for, _without_hours_in_it),
            apart_from=("take_down",),
        ),
        Move(
            name="postpone",
            label="postpone",
            sources=_BEFORE,
            to="postponed",
            by=LEADER,
            asks=(
                attrs.evolve(_STARTS, name="new_starts_at"),
                attrs.evolve(_ENDS, name="new_ends_at"),
                REASON,
            ),
            checks=(_new_time,),
            effects=(_at_another_time,),
        ),
        Move(
            name="cancel",
            label="cancel",
            sources=(*_BEFORE, "under_way"),
            to="cancelled",
            by=LEADER,
            asks=(REASON,),
        ),
    ),
    parts=(Part(name="seat", workflow="seat", start="sign_up"),),
    clocks=(
        Clock(name="begin", runs_in=_BEFORE, limit=_begins_in_time),
        Clock(name="close", runs_in=("under_way",), limit=_closed_in_time),
    ),
)
