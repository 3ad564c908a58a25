"""A vote of the owners, from its preparation to the certified result, and its keepers. Read aloud, it is the rule."""

from linli import HOLDER, NOBODY, Clock, Context, Moves, Part, State, Why, Workflow, in_turn, parent_in
from linli_owners_vote import box, keepers, matters, notices, roll, steps
from linli_owners_vote.arithmetic import Outcome
from linli_owners_vote.contests import ContestFlow
from linli_owners_vote.disputes import DisputeFlow
from linli_owners_vote.papers import PaperFlow
from linli_owners_vote.posts import ORGANISER, PARTIES, REVIEWS, TELLER, by_its_body, impartial, says_who
from linli_owners_vote.records import Keeper, Vote


def _went_on(ctx: Context[Keeper]) -> bool:
    return parent_in(VoteFlow.running, VoteFlow.lapsed)(ctx)


def _called_off(ctx: Context[Keeper]) -> bool:
    return parent_in(VoteFlow.called_off)(ctx)


class KeeperFlow(Workflow[Keeper], name="vote_keeper", label="keeper of a vote"):
    """A body that is asked to keep a code, takes it before the vote opens, and destroys it in the end."""

    move = Moves(Keeper)
    asked = State("to take its code")
    kept = State("keeps a code")
    destroyed = State("code destroyed", ends=True)
    missed = State("took no code", ends=True)
    over = State("no longer needed", ends=True)
    ask = move.opening(asked, keepers.AskFor, label="keeper asked")
    take = move(
        (asked | kept).to(kept),
        keepers.Take,
        label="take the code",
        by=HOLDER,
        needs=[in_turn(says_who, keepers.before_it_opens, keepers.one_code_a_body, keepers.a_public_key)],
    )
    destroy = move(
        kept.to(destroyed),
        label="destroy the code",
        by=HOLDER,
        needs=[in_turn(says_who, keepers.term_is_over)],
        then=[keepers.destroys],
    )
    miss = move(asked.to(missed), label="the vote opened without it", when=_went_on)
    let_go = move((asked | kept).to(over), label="the vote was called off", when=_called_off)


class VoteFlow(
    Workflow[Vote],
    name="owners_vote",
    label="vote of the owners",
    summary_fields=("topic",),
    one_with=("matter",),
    readable_by=ORGANISER | TELLER,
):
    """Announced, open for ballots, closed by time alone, counted by one teller and certified by another."""

    move = Moves(Vote)
    prepared = State("being prepared")
    announced = State("notice given")
    running = State("open for ballots", turn=NOBODY, name="open")
    extended = State("open for ballots, extended")
    closed = State("closed, to be counted")
    counted = State("counted, to be certified", visible_to=TELLER)
    certified = State("result certified", ends=Outcome)
    called_off = State("vote called off", ends=True)
    lapsed = State("lapsed with its matter", ends=True)
    accepted_in = running
    prepare = move.opening(
        prepared,
        steps.Prepare,
        label="prepare a vote",
        by=ORGANISER,
        record=steps.prepared,
        needs=[steps.of_a_compound, by_its_body, matters.waits_for_it, matters.the_only_one],
        not_by=REVIEWS,
        then=[steps.held_by_its_body, matters.begins],
    )
    announce = move(
        prepared.to(announced),
        steps.Announce,
        label="announce the vote",
        by=ORGANISER,
        record=steps.announced,
        needs=[by_its_body, keepers.enough_bodies],
        not_by=REVIEWS,
        then=[notices.announces],
    )
    open = move(
        announced.to(running),
        label="open, and freeze the roll",
        by=ORGANISER,
        record=steps.frozen,
        needs=[
            by_its_body,
            steps.after_its_notice,
            matters.waits_for_it,
            steps.all_settled,
            steps.the_roll_is_whole,
            keepers.enough_codes,
        ],
        not_by=REVIEWS,
        then=[roll.freezes],
    )
    extend = move(
        running.to(extended),
        steps.Extend,
        label="extend the vote",
        by=ORGANISER,
        needs=[by_its_body, steps.may_be_extended],
        then=[notices.extends],
    )
    close = move((running | extended).to(closed), label="close the vote", needs=[steps.all_are_in])
    count = move(
        closed.to(counted),
        box.Codes,
        label="open the box and count",
        by=TELLER,
        record=steps.counted,
        needs=[says_who, impartial, steps.all_checked],
        not_by=[prepare, announce, open, extend, *PARTIES],
        then=[steps.names],
    )
    certify = move(
        counted.to(certified, steps.outcome),
        label="certify the result",
        by=TELLER,
        needs=[says_who, impartial, steps.as_counted],
        not_by=[prepare, announce, open, extend, count, *PARTIES],
        then=[matters.ends, matters.moves_on, notices.results],
    )
    call_off = move(
        (prepared | announced).to(called_off),
        Why,
        label="call off the vote",
        by=ORGANISER,
        needs=[by_its_body],
        then=[matters.ends, notices.calls_off],
    )
    discard = move(
        (running | extended | closed).to(called_off),
        Why,
        label="call off a vote that an earlier version of linli opened",
        by=ORGANISER,
        needs=[by_its_body, steps.of_an_earlier_version],
        then=[matters.ends, notices.calls_off],
    )
    lapse = move(
        (prepared | announced | running | extended | closed | counted).to(lapsed),
        label="lapse with its decision",
        needs=[steps.has_a_matter],
        then=[matters.ends, notices.calls_off],
    )
    contest = Part(ContestFlow.raise_)
    dispute = Part(DisputeFlow.note)
    papers = Part(PaperFlow.store)
    keeper = Part(KeeperFlow.ask, in_=announced, one_per=keepers.asked)
    voting = Clock(running, steps.until, then=close)
    extension = Clock(extended, steps.until, then=close)
    certifying = Clock(closed | counted, steps.to_certify)
