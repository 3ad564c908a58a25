"""Micro-wishes (微心愿): approved and posted, claimed, fulfilled, thanked; or given back, withdrawn, expired."""

from collections.abc import Iterable
from datetime import date, timedelta

from linli import (
    ANYONE,
    ENGINE,
    OWN,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Part,
    State,
    Subject,
    Workflow,
    say,
)
from linli.calendar import Hours
from linli.conditions import Siblings
from linli.effects import Effect
from linli.i18n import Text
from linli.register.living import living
from linli.workflow import READ_REASON, REASON, Nothing
from linli_volunteers.reading import parts
from linli_volunteers.records import Wish
from linli_volunteers.roles import (
    APPROVER,
    HELPER,
    REASON_FOR_OTHERS,
    not_for_oneself,
    reason_for_others,
)
from linli_volunteers.settings import VolunteerSettings

STANDING = ("claimed", "delivered")
"""Claims that count: made, and not given back."""


def _of_somebody(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.person is None:
        return say("say who it is for")
    living(facts, subject.person)
    return None


def _few_claimants(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    most = facts.settings(VolunteerSettings).most_claimants
    if 1 <= subject.record.needs <= most:
        return None
    return say("a wish needs 1 to {most} claimants", most=most)


def _still_of_use(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.wanted_by >= facts.today:
        return None
    return say("the day on which it was wanted has passed")


def _enough_left(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    claims = parts(facts, subject.id, "claim", Nothing)
    made = sum(claim.state in STANDING for claim in claims)
    if max(made, 1) <= subject.record.needs < before.record.needs:
        return None
    return say(
        "it can need fewer than {needs} claimants, and no fewer than have claimed it",
        needs=before.record.needs,
    )


def _who_claimed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    claims = parts(facts, subject.id, "claim", Nothing)
    if any(claim.person == act.actor and claim.state == "claimed" for claim in claims):
        return None
    return say("only who has claimed it, and not yet fulfilled it, says that it is done")


def _delivered(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    for claim in parts(facts, subject.id, "claim", Nothing):
        if claim.person == act.actor and claim.state == "claimed":
            yield Make(subject=claim.id, move="deliver")


def _who_needs_to_know(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Claimants read what exactly is wished for, and nobody else who has no post here."""
    if act.acting_as != "person":
        return None
    claims = parts(facts, subject.id, "claim", Nothing)
    if any(claim.person == act.actor and claim.state in STANDING for claim in claims):
        return None
    return say("claim it first: what exactly is wished for is for its claimants")


def _standing(subject: Subject, tree: Siblings) -> list[str]:
    return [claim.state for claim in tree.parts(subject, "claim") if claim.state in STANDING]


def _enough_claimants(subject: Subject, tree: Siblings) -> bool:
    return bool(len(_standing(subject, tree)) >= subject.record.needs)


def _all_delivered(subject: Subject, tree: Siblings) -> bool:
    return _enough_claimants(subject, tree) and set(_standing(subject, tree)) == {"delivered"}


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["posted"].step else say("it can still be claimed")


# --- clocks ----------------------------------------------------------------------------------------------


def _approved_in_time(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(VolunteerSettings).approve_within, hours=Hours.SERVICE)


def _posted_for(subject: Subject, facts: Facts) -> Limit:
    """The district's time, or to the end of the last day on which it is of use."""
    span = facts.settings(VolunteerSettings).posted_for
    if subject.record.wanted_by == date.max:
        return Limit(span=span)
    end = facts.calendar.end_of(subject.record.wanted_by)
    return Limit(span=min(span, max(end - facts.at, timedelta(0))))


def _thanked_in_time(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(VolunteerSettings).thank_within)


# --- moves -----------------------------------------------------------------------------------------------

_NEEDS = Ask(name="needs", help="how many claimants it takes", type=int, default=1)
_OPEN = ("posted", "claimed")


def _shown() -> Iterable[Move]:
    yield Move(
        name="propose",
        label="make a wish",
        sources=(),
        to="proposed",
        by=OWN | HELPER,
        asks=(
            Ask(name="title", help="what is wished for, in a few words; everybody reads it", longest=60),
            _NEEDS,
            Ask(name="wanted_by", help="the last day on which it is of use", type=date, default=date.max),
            Ask(
                name="details",
                help="what its claimants must know; kept in the vault",
                private=True,
                required=False,
            ),
        ),
        checks=(_of_somebody, _few_claimants, _still_of_use),
    )
    yield Move(
        name="approve",
        label="approve and post",
        sources=("proposed",),
        to="posted",
        by=APPROVER,
        checks=(not_for_oneself, _still_of_use),
        apart_from=("propose",),
    )
    yield Move(
        name="refuse", label="refuse the wish", sources=("proposed",), to="refused", by=APPROVER, asks=(REASON,),
        checks=(not_for_oneself,), apart_from=("propose",),
    )  # fmt: skip
    yield Move(
        name="reduce",
        label="need fewer claimants",
        sources=_OPEN,
        to=None,
        by=OWN | HELPER,
        asks=(Ask(name="needs", help="how many claimants it takes", type=int), REASON),
        checks=(_enough_left,),
    )


def _done() -> Iterable[Move]:
    yield Move(name="fill", label="claimed", sources=("posted",), to="claimed", when=_enough_claimants)
    yield Move(name="reopen", label="open to others again", sources=_OPEN, to="posted", by=ENGINE)
    yield Move(
        name="fulfil",
        label="say that it is done",
        sources=_OPEN,
        to=None,
        by=ANYONE,
        checks=(_who_claimed,),
        effects=(_delivered,),
    )
    yield Move(name="complete", label="fulfilled", sources=("claimed",), to="fulfilled", when=_all_delivered)
    yield Move(
        name="thank",
        label="confirm and thank",
        sources=("fulfilled",),
        to="thanked",
        by=OWN | HELPER,
        asks=(REASON_FOR_OTHERS,),
        checks=(reason_for_others,),
        apart_from=("approve", "fulfil"),
    )


def _ended() -> Iterable[Move]:
    yield Move(
        name="withdraw",
        label="withdraw",
        sources=("proposed", *_OPEN, "fulfilled"),
        to="withdrawn",
        by=OWN | HELPER,
        asks=(REASON,),
        apart_from=("fulfil",),
    )
    yield Move(
        name="expire", label="expired", sources=("posted",), to="expired", by=ENGINE, checks=(_time_is_up,)
    )
    yield Move(
        name="read",
        label="read what exactly is wished for",
        sources=(*_OPEN, "fulfilled"),
        to=None,
        by=ANYONE | OWN | HELPER,
        asks=(READ_REASON,),
        checks=(_who_needs_to_know,),
    )


WISH = Workflow(
    name="wish",
    label="micro-wish",
    record=Wish,
    told_by=("title",),
    states=(
        State("proposed", "waiting for approval", seen_by=HELPER | APPROVER),
        State("posted", "posted"),
        State("claimed", "claimed"),
        State("fulfilled", "fulfilled"),
        State("thanked", "thanked", ends=("thanked",)),
        State("refused", "not posted", ends=("refused",), seen_by=HELPER | APPROVER),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
        State("expired", "expired", ends=("expired",)),
    ),
    moves=(*_shown(), *_done(), *_ended()),
    parts=(Part(name="claim", workflow="claim", start="claim"),),
    clocks=(
        Clock(name="approval", runs_in=("proposed",), limit=_approved_in_time),
        Clock(name="posted", runs_in=("posted",), limit=_posted_for, then="expire"),
        Clock(name="thanks", runs_in=("fulfilled",), limit=_thanked_in_time),
    ),
)
