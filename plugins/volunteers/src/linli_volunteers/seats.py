"""A place at a session: signed up or waiting, checked in, checked out, attended; one for each volunteer."""

from collections.abc import Iterable
from datetime import datetime

from linli import (
    ENGINE,
    NOBODY,
    OWN,
    Act,
    Ask,
    Facts,
    Move,
    Quota,
    State,
    Subject,
    Taking,
    Transfer,
    Was,
    Workflow,
    parent_in,
    say,
)
from linli.effects import Effect
from linli.workflow import REASON
from linli_volunteers.attending import (
    as_counted,
    came,
    came_right,
    check_in_opens,
    none_served,
    nothing_served,
    possible_minutes,
    right_now,
    they_came,
    went,
    went_right,
    while_under_way,
    with_code,
    with_guardian,
)
from linli_volunteers.joining import (
    before_it_begins,
    in_one_place,
    may_sign_up,
    next_moves_up,
    not_before_others,
    one_each,
    queued,
    room_to_wait,
    session_number,
    under_own_key,
)
from linli_volunteers.records import MINUTES, SEATS, TAKING_A_PLACE, Seat
from linli_volunteers.roles import (
    APPROVER,
    LEADER,
    REASON_FOR_OTHERS,
    not_for_oneself,
    reason_for_others,
)


def _place(subject: Subject, facts: Facts) -> Taking:
    return Taking(owner=session_number(subject), unit=SEATS, amount=1)


def _served(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Minutes come from the session: who has how many can be traced to where they were served."""
    assert subject.person is not None, "a place is somebody's"
    if subject.record.minutes:
        yield Transfer(
            unit=MINUTES,
            amount=subject.record.minutes,
            source=(session_number(subject), "issued"),
            target=(facts.survivor(subject.person), "free"),
            rule="hours",
        )


def _taken_back(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    for given in _served(act, subject, facts):
        assert isinstance(given, Transfer), "minutes are in the ledger"
        yield Transfer(
            unit=MINUTES, amount=given.amount, source=given.target, target=given.source, rule="hours annulled"
        )


_QUEUED = Ask(name="queued_at", type=datetime, required=False, computed=True)
_CODE = Ask(name="code", help="what the leader shows", longest=20)
_CAME = Ask(name="checked_in_at", type=datetime, required=False, computed=True)
_CAME_THEN = Ask(
    name="checked_in_at",
    help="when they came; now if not given",
    type=datetime,
    required=False,
    proposed=True,
    was=Was(since=check_in_opens),
)
_LATE = Ask(name="late", type=bool, required=False, computed=True)
_WENT = Ask(name="checked_out_at", type=datetime, required=False, computed=True)
_WENT_THEN = Ask(
    name="checked_out_at",
    help="when they left; now if not given",
    type=datetime,
    required=False,
    proposed=True,
    was=Was(since=they_came),
)
_MINUTES = Ask(name="minutes", type=int, required=False, computed=True)
_JOINS = (may_sign_up, one_each, in_one_place, room_to_wait, not_before_others)
_PLACE_UNDER_WAY = ("signed_up", "checked_in", "checked_out")


def _signing_up() -> Iterable[Move]:
    yield Move(
        name="sign_up",
        label="sign up",
        sources=(),
        to="signed_up",
        by=OWN | LEADER,
        fills=(queued,),
        asks=(_QUEUED,),
        checks=(under_own_key, *_JOINS),
        takes=("place",),
        when_empty="waiting",
    )
    yield Move(
        name="sign_up_again",
        label="sign up again",
        sources=("left",),
        to="signed_up",
        by=OWN | LEADER,
        fills=(queued,),
        asks=(_QUEUED,),
        checks=_JOINS,
        takes=("place",),
        when_empty="waiting",
    )
    yield Move(
        name="move_up",
        label="move up",
        sources=("waiting",),
        to="signed_up",
        by=ENGINE,
        takes=("place",),
    )
    yield Move(
        name="admit",
        label="take from the waiting list",
        sources=("waiting",),
        to="signed_up",
        by=LEADER,
        checks=(while_under_way,),
        takes=("place",),
    )
    yield Move(
        name="leave",
        label="leave the list",
        sources=("signed_up",),
        to="left",
        by=OWN | LEADER,
        asks=(REASON_FOR_OTHERS,),
        checks=(before_it_begins, reason_for_others),
        releases=("place",),
        effects=(next_moves_up,),
    )
    yield Move(
        name="stop_waiting",
        label="stop waiting",
        sources=("waiting",),
        to="left",
        by=OWN | LEADER,
        asks=(REASON_FOR_OTHERS,),
        checks=(before_it_begins, reason_for_others),
    )


def _coming_and_going() -> Iterable[Move]:
    yield Move(
        name="check_in",
        label="check in",
        sources=("signed_up",),
        to="checked_in",
        by=OWN,
        fills=(came,),
        asks=(_CODE, _CAME, _LATE),
        checks=(
            while_under_way,
            with_code("check-in"),
            came_right,
            right_now("checked_in_at"),
            with_guardian,
        ),
    )
    yield Move(
        name="check_in_by_hand",
        label="check in by hand",
        sources=("signed_up", "marked_absent"),
        to="checked_in",
        by=LEADER,
        fills=(came,),
        asks=(REASON, _CAME_THEN, _LATE),
        checks=(while_under_way, not_for_oneself, came_right, with_guardian),
    )
    yield Move(
        name="check_out",
        label="check out",
        sources=("checked_in",),
        to="checked_out",
        by=OWN,
        fills=(went,),
        asks=(_CODE, _WENT, _MINUTES),
        checks=(while_under_way, with_code("check-out"), went_right, right_now("checked_out_at")),
    )
    yield Move(
        name="check_out_by_hand",
        label="check out by hand",
        sources=("checked_in",),
        to="checked_out",
        by=LEADER,
        fills=(went,),
        asks=(REASON, _WENT_THEN, _MINUTES),
        checks=(while_under_way, not_for_oneself, went_right),
    )


def _put_right() -> Iterable[Move]:
    yield Move(
        name="correct",
        label="put minutes or lateness right",
        sources=("checked_out",),
        to=None,
        by=LEADER,
        asks=(
            REASON,
            Ask(name="minutes", help="how many minutes there were", type=int, required=False),
            Ask(name="late", help="whether they came late", type=bool, required=False),
        ),
        checks=(while_under_way, not_for_oneself, possible_minutes),
    )
    yield Move(
        name="mark_absent",
        label="mark absent",
        sources=_PLACE_UNDER_WAY,
        to="marked_absent",
        by=LEADER,
        fills=(none_served,),
        asks=(REASON, _MINUTES),
        checks=(while_under_way, not_for_oneself, nothing_served),
    )
    yield Move(
        name="annul",
        label="annul the hours",
        sources=("attended",),
        to="annulled",
        by=APPROVER,
        asks=(REASON,),
        checks=(not_for_oneself,),
        effects=(_taken_back,),
    )
    yield Move(
        name="count_again",
        label="count annulled hours again",
        sources=("annulled",),
        to="attended",
        by=APPROVER,
        asks=(REASON, Ask(name="minutes", help="how many minutes there were", type=int)),
        checks=(not_for_oneself, possible_minutes, in_one_place),
        effects=(_served,),
    )


def _when_it_ends() -> Iterable[Move]:
    yield Move(
        name="attend",
        label="hours confirmed",
        sources=("checked_out",),
        to="attended",
        when=parent_in("held"),
        fills=(as_counted,),
        asks=(_MINUTES,),
        spends=("place",),
        effects=(_served,),
    )
    yield Move(
        name="miss",
        label="absent",
        sources=("signed_up", "marked_absent"),
        to="absent",
        when=parent_in("held"),
        spends=("place",),
    )
    yield Move(
        name="close_list",
        label="waiting list closed",
        sources=("waiting",),
        to="not_placed",
        when=parent_in("held"),
    )
    yield Move(
        name="call_off",
        label="session called off",
        sources=TAKING_A_PLACE,
        to="called_off",
        when=parent_in("cancelled", "postponed"),
        releases=("place",),
    )
    yield Move(
        name="call_off_waiting",
        label="waiting list called off",
        sources=("waiting",),
        to="called_off",
        when=parent_in("cancelled", "postponed"),
    )


SEAT = Workflow(
    name="seat",
    label="place at a session",
    read_by=OWN | LEADER,
    record=Seat,
    states=(
        State("signed_up", "signed up", turn=NOBODY),
        State("waiting", "on the waiting list"),
        State("checked_in", "checked in", turn=NOBODY),
        State("checked_out", "checked out", turn=NOBODY),
        State("marked_absent", "marked absent", turn=NOBODY),
        State("attended", "attended", ends=("attended",)),
        State("annulled", "hours annulled", ends=("annulled",)),
        State("absent", "absent", ends=("absent",)),
        State("left", "off the list", ends=("left",)),
        State("not_placed", "no place was free", ends=("not_placed",)),
        State("called_off", "session called off", ends=("called_off",)),
    ),
    moves=(*_signing_up(), *_coming_and_going(), *_put_right(), *_when_it_ends()),
    quotas=(
        Quota(
            name="place",
            source=_place,
            empty=say("all places are taken, those of the absent too; offer more: linli session enlarge"),
        ),
    ),
)
