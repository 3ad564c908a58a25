"""A vote of the owners, from its preparation to the certified result. Read aloud, it is the rule."""

from datetime import datetime
from uuid import UUID

from linli import ENGINE, NOBODY, Ask, Clock, Move, Part, State, Workflow
from linli.workflow import REASON
from linli_owners_vote import keepers, matters, notices, posts, steps
from linli_owners_vote.records import Vote

_ORGANISING = ("prepare", "announce", "open", "extend")
_LIVE = ("prepared", "announced", "open", "extended", "closed", "counted")
_WEIGHTS = tuple(
    Ask(name=name, type=int, computed=True)
    for name in (
        "voted_parts", "voted_area", "voted_heads", "agreed_area", "agreed_heads", "against_area",
        "against_heads", "abstained_area", "abstained_heads",
    )
)  # fmt: skip

OWNERS_VOTE = Workflow(
    name="owners_vote",
    label="vote of the owners",
    read_by=posts.ORGANISER | posts.TELLER,
    one_with=("matter",),
    record=Vote,
    accepted_in="open",
    told_by=("topic",),
    states=(
        State("prepared", "being prepared"),
        State("announced", "notice given"),
        State("open", "open for ballots", turn=NOBODY),
        State("extended", "open for ballots, extended"),
        State("closed", "closed, to be counted"),
        State("counted", "counted, to be certified", seen_by=posts.TELLER),
        State("certified", "result certified", ends=("passed", "not_passed", "no_quorum")),
        State("called_off", "vote called off", ends=("called_off",)),
        State("lapsed", "lapsed with its matter", ends=("lapsed",)),
    ),
    moves=(
        Move(
            name="prepare",
            label="prepare a vote",
            sources=(),
            to="prepared",
            by=posts.ORGANISER,
            fills=(steps.its_body,),
            asks=(
                Ask(name="topic", help="what is put to the vote, in a line; it is made public", longest=80),
                Ask(
                    name="majority",
                    help="ordinary or special (Civil Code art. 278)",
                    choices=("ordinary", "special"),
                ),
                Ask(name="matter", help="the decision that waits for it", type=UUID, required=False),
                Ask(name="organiser", type=UUID, required=False, computed=True),
                Ask(name="stands_in_for", required=False, computed=True),
            ),
            checks=(steps.of_a_compound, posts.by_the_body, matters.waits_for_it, matters.the_only_one),
            apart_from=posts.REVIEWS,
            effects=(steps.held_by_its_body, matters.begins),
        ),
        Move(
            name="announce",
            label="announce the vote",
            sources=("prepared",),
            to="announced",
            by=posts.ORGANISER,
            fills=(steps.announced,),
            asks=(
                Ask(
                    name="ballots",
                    help="secret or by_name: how ballots are kept from its end",
                    choices=("secret", "by_name"),
                    proposed=True,
                ),
                Ask(name="ways", type=tuple, computed=True),
                Ask(name="opens_from", type=datetime, computed=True),
            ),
            checks=(posts.by_the_body, keepers.enough_bodies),
            apart_from=posts.REVIEWS,
            effects=(notices.announces,),
        ),
        Move(
            name="open",
            label="open, and freeze the roll",
            sources=("announced",),
            to="open",
            by=posts.ORGANISER,
            fills=(steps.frozen,),
            asks=(
                Ask(name="until", type=datetime, computed=True),
                Ask(name="roll", computed=True),
                Ask(name="roll_parts", type=int, computed=True),
                Ask(name="roll_area", type=int, computed=True),
                Ask(name="roll_heads", type=int, computed=True),
                Ask(name="keepers", type=tuple, computed=True),
                Ask(name="keys", type=tuple, computed=True),
            ),
            checks=(
                posts.by_the_body,
                steps.after_its_notice,
                matters.waits_for_it,
                steps.all_settled,
                steps.the_roll_is_whole,
                keepers.enough_codes,
            ),
            apart_from=posts.REVIEWS,
            effects=(steps.freezes,),
        ),
        Move(
            name="extend",
            label="extend the vote",
            sources=("open",),
            to="extended",
            by=posts.ORGANISER,
            fills=(steps.with_offset,),
            asks=(
                Ask(name="until", help="its new end: 2026-03-31T18:00+08:00", type=datetime, proposed=True),
                REASON,
            ),
            checks=(posts.by_the_body, steps.may_be_extended),
            effects=(notices.extends,),
        ),
        Move(
            name="close",
            label="close the vote",
            sources=("open", "extended"),
            to="closed",
            by=ENGINE,
            checks=(steps.time_is_up,),
        ),
        Move(
            name="count",
            label="open the box and count",
            sources=("closed",),
            to="counted",
            by=posts.TELLER,
            fills=(steps.counted,),
            asks=(
                Ask(name="codes", help="the codes of two keepers", type=tuple, kept=False),
                *_WEIGHTS,
                Ask(name="box", computed=True),
                Ask(name="sealed", computed=True),
                Ask(name="opened_by", type=tuple, computed=True),
            ),
            checks=(posts.by_somebody, posts.by_who_is_impartial, steps.all_checked),
            apart_from=(*_ORGANISING, *posts.PARTIES),
            effects=(steps.names,),
        ),
        Move(
            name="certify",
            label="certify the result",
            sources=("counted",),
            to="certified",
            by=posts.TELLER,
            fills=(steps.ended,),
            asks=(Ask(name="outcome", computed=True),),
            checks=(posts.by_somebody, posts.by_who_is_impartial, steps.as_counted),
            apart_from=(*_ORGANISING, "count", *posts.PARTIES),
            effects=(matters.ends, matters.moves_on, notices.results),
        ),
        Move(
            name="call_off",
            label="call off the vote",
            sources=("prepared", "announced"),
            to="called_off",
            by=posts.ORGANISER,
            asks=(REASON,),
            checks=(posts.by_the_body,),
            effects=(matters.ends, notices.calls_off),
        ),
        Move(
            name="discard",
            label="call off a vote that an earlier version of linli opened",
            sources=("open", "extended", "closed"),
            to="called_off",
            by=posts.ORGANISER,
            asks=(REASON,),
            checks=(posts.by_the_body, steps.of_an_earlier_version),
            effects=(matters.ends, notices.calls_off),
        ),
        Move(
            name="lapse",
            label="lapse with its decision",
            sources=_LIVE,
            to="lapsed",
            by=ENGINE,
            checks=(steps.has_a_matter,),
            effects=(matters.ends, notices.calls_off),
        ),
    ),
    parts=(
        Part(name="contest", workflow="vote_contest", start="raise"),
        Part(name="dispute", workflow="vote_dispute", start="note"),
        Part(name="papers", workflow="vote_papers", start="store"),
        Part(name="keeper", workflow="vote_keeper", start="ask", opens_in="announced", one_per=keepers.asked),
    ),
    clocks=(
        Clock(name="voting", runs_in=("open",), limit=steps.until, then="close"),
        Clock(name="extension", runs_in=("extended",), limit=steps.until, then="close"),
        Clock(name="certifying", runs_in=("closed", "counted"), limit=steps.to_certify),
    ),
)
