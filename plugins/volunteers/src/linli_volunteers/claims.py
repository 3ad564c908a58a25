"""Claims of a wish, one for each claimant: made, delivered, thanked; or given back, by them or by time."""

from collections.abc import Iterable

from linli import (
    ENGINE,
    OWN,
    Act,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    State,
    Subject,
    Workflow,
    parent_in,
    say,
)
from linli.effects import Effect
from linli.errors import Refused
from linli.i18n import Text
from linli.workflow import REASON, Nothing
from linli_volunteers.guardians import guarded
from linli_volunteers.reading import known, parts, person_of
from linli_volunteers.records import Wish
from linli_volunteers.roles import HELPER, is_volunteer
from linli_volunteers.settings import VolunteerSettings


def _still_open(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.parent is None:
        raise Refused(say("a claim is of a wish; claim one: linli wish claim"))
    state, _ = known(facts, subject.parent, "wish", Wish)
    if state == "posted":
        return None
    return (
        say("it has been claimed already") if state == "claimed" else say("this wish cannot be claimed now")
    )


def _may_claim(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    wrong = is_volunteer(subject.person, facts)
    if wrong or subject.person is None:
        return wrong
    return guarded(subject.person, facts.today, facts)


def _once_each(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.person is None or subject.parent is None or subject.key != subject.person.hex:
        return say("a claim is made through the volunteers' desk, which gives it its key")
    person = facts.survivor(subject.person)
    if any(claim.person == person for claim in parts(facts, subject.parent, "claim", Nothing)):
        return say("you have claimed it before; leave it to others")
    return None


def _not_ones_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    wisher = person_of(facts, subject.parent)
    if subject.person and wisher and facts.survivor(subject.person) == facts.survivor(wisher):
        return say("nobody claims their own wish")
    return None


def _back_to_others(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    assert subject.parent is not None, "a claim is of a wish"
    yield Make(subject=subject.parent, move="reopen")


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["fulfil"].step else say("there is still time to fulfil it")


def _fulfilled_in_time(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(VolunteerSettings).claim_within)


CLAIM = Workflow(
    name="claim",
    label="claim of a wish",
    read_by=OWN | HELPER,
    states=(
        State("claimed", "claimed", turn=OWN),
        State("delivered", "fulfilled"),
        State("thanked", "thanked", ends=("thanked",)),
        State("released", "given back", ends=("released",)),
        State("lapsed", "given back: the time was over", ends=("lapsed",)),
        State("called_off", "the wish ended", ends=("called_off",)),
    ),
    moves=(
        Move(
            name="claim",
            label="claim the wish",
            sources=(),
            to="claimed",
            by=OWN,
            checks=(_still_open, _may_claim, _once_each, _not_ones_own),
            apart_from=("propose", "approve"),
        ),
        Move(name="deliver", label="fulfilled", sources=("claimed",), to="delivered", by=ENGINE),
        Move(
            name="release",
            label="give the claim back",
            sources=("claimed",),
            to="released",
            by=OWN | HELPER,
            asks=(REASON,),
            effects=(_back_to_others,),
        ),
        Move(
            name="lapse",
            label="given back: the time was over",
            sources=("claimed",),
            to="lapsed",
            by=ENGINE,
            checks=(_time_is_up,),
            effects=(_back_to_others,),
        ),
        Move(name="thank", label="thanked", sources=("delivered",), to="thanked", when=parent_in("thanked")),
        Move(
            name="call_off",
            label="the wish ended",
            sources=("claimed", "delivered"),
            to="called_off",
            when=parent_in("withdrawn", "expired"),
        ),
    ),
    clocks=(Clock(name="fulfil", runs_in=("claimed",), limit=_fulfilled_in_time, then="lapse"),),
)
