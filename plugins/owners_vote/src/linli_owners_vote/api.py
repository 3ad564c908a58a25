"""The owners' vote for programs: preparing, the roll, ballots, the certified result."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import attrs

from linli import (
    Act,
    Actor,
    Invalid,
    Opening,
    PlaceId,
    Private,
    Refused,
    Several,
    StoredSubject,
    Text,
    listed,
    say,
)
from linli_owners_vote import notices, views
from linli_owners_vote.aftermath import Aftermath
from linli_owners_vote.arithmetic import lines
from linli_owners_vote.ballots import BallotFlow, Cast, Enter
from linli_owners_vote.box import ballots_in, roll_of
from linli_owners_vote.contests import ContestFlow, Raise
from linli_owners_vote.marks import CHOICES, Answer, receipt_of
from linli_owners_vote.reading import NotCounted
from linli_owners_vote.records import Ballot, Vote, result_of
from linli_owners_vote.roll import digest_of
from linli_owners_vote.sealing import KEEPER_LETTERS, RECEIPT_LETTERS, new_code, public_of
from linli_owners_vote.workflow import VoteFlow

G = TypeVar("G", Cast, Enter)


@attrs.frozen(kw_only=True)
class Receipt:
    """What whoever cast a ballot is given.

    Attributes:
        code: tells that the ballot is in the box, and later that it was counted; not how it was cast.
        secret: opens this one ballot, to show its owner how it was cast; kept by nobody else. A paper's
            stands on the paper, for whoever checks it.
        sheet: the number of a paper.
    """

    act: Act
    ballot: UUID
    code: str
    secret: str = attrs.field(repr=False)
    sheet: str | None = None


@attrs.frozen(kw_only=True)
class KeepersCode:
    """What a keeper is given.

    Attributes:
        code: opens the ballots of the vote together with another keeper's; shown once, kept nowhere.
    """

    act: Act
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Standing:
    """What a receipt comes to.

    Attributes:
        in_box: whether a ballot with this code is in the box.
        counted: whether the vote has been counted, and the ballot with it.
        way: how it was cast.
    """

    in_box: bool
    counted: bool
    way: str | None = None


class NoChoice(Invalid, says="a choice is one of {choices}"):
    choices: Several
    field: str = "choice"


def _answer(choice: str) -> Answer:
    if choice not in CHOICES:
        raise Refused(NoChoice(choices=listed(CHOICES)))
    return Answer(choice)


class Votes(Aftermath):
    """The owners' votes of an open district.

    Every method that changes something makes one act; `actor`, `at` and `key` are as in `District.make`, which
    makes the other moves of votes, ballots, proxies, keepers, papers and contests.
    No method tells how anybody voted, nor what a box holds before it is counted, but for a vote by name, for
    an owner's own ballot, and for the contested ballots of a certified result.
    """

    # --- the vote --------------------------------------------------------------------------------------

    def keepers(self, vote: UUID) -> list[StoredSubject]:
        """The keepers of a vote, each a part of it that the body holds."""
        return [one for one in self._district.tree(vote) if one.kind == "vote_keeper"]

    def take_code(self, keeper: UUID, **how: Any) -> KeepersCode:
        """Take the code of a keeper, as whoever has a post there; a code that was lost is taken anew."""
        code = new_code(KEEPER_LETTERS)
        act = self._district.make(keeper, "take", {"public": public_of(code)}, **how)
        return KeepersCode(act=act, code=code)

    def count(self, vote: UUID, codes: Sequence[str], **how: Any) -> Act:
        """Open the box of a closed vote and count it; another teller certifies.

        Args:
            codes: of two keepers; they open the ballots within this act and are kept nowhere.
        """
        return self._district.make(vote, "count", {"codes": tuple(codes)}, **how)

    # --- contested parts -------------------------------------------------------------------------------

    def contest(self, vote: UUID, part: UUID, reason: str, **how: Any) -> Act:
        """Contest the area or the owners of a part before the vote opens."""
        given = Raise(part=PlaceId(part), reason=Private(reason))
        return self._part(ContestFlow.raise_, vote, given, how)

    # --- ballots ---------------------------------------------------------------------------------------

    def cast(
        self,
        vote: UUID,
        part: UUID,
        choice: str,
        *,
        proxy: bool = False,
        secret: str | None = None,
        **how: Any,
    ) -> Receipt:
        """Cast the ballot of a part online, as one of its owners, or as who votes for them.

        Args:
            choice: "agree", "against" or "abstain".
            secret: from `new_secret`, for a call that may have to be repeated with its `key`: the
                ballot that is in the record was sealed with the first one.
        """
        given = Cast(
            choice=_answer(choice),
            secret=secret or self.new_secret(),
            vote=VoteFlow.ref(vote),
            part=PlaceId(part),
            way="proxy" if proxy else "online",
        )
        return self._receipt(BallotFlow.cast, given, how)

    def enter(
        self,
        vote: UUID,
        part: UUID,
        choice: str,
        *,
        sheet: str | None = None,
        secret: str | None = None,
        **how: Any,
    ) -> Receipt:
        """Enter a paper; it counts once another teller has checked it. Its number and secret go on the paper."""
        given = Enter(
            choice=_answer(choice),
            secret=secret or self.new_secret(),
            vote=VoteFlow.ref(vote),
            part=PlaceId(part),
            sheet=sheet or None,
        )
        return self._receipt(BallotFlow.enter, given, how)

    def check(self, ballot: UUID, choice: str, secret: str, **how: Any) -> Act:
        """Check a paper by reading it again: the choice, and the code that stands on it.

        Where the choice differs from what was entered, the paper is entered anew.
        """
        self._of_kind(ballot, "vote_ballot")
        return self._district.make(ballot, "check", {"choice": choice, "secret": secret}, **how)

    @staticmethod
    def new_secret() -> str:
        """The secret of a receipt, for `cast` and `enter`."""
        return new_code(RECEIPT_LETTERS)

    def _receipt(self, opening: Opening[Ballot, G], given: G, how: Mapping[str, Any]) -> Receipt:
        act = self._district.perform(opening.at(PlaceId(self._place(given.vote)), given), **how)
        code = receipt_of(self._commit, act.subject)
        return Receipt(act=act, ballot=act.subject, code=code, secret=given.secret, sheet=act.value("sheet"))

    def own(self, vote: UUID, part: UUID, secret: str, *, actor: Actor) -> str:
        """How the ballot of a part was cast, shown to its owner or to who cast it, who has the receipt's secret."""
        known = self._vote(vote)
        return views.own_ballot(self._district, known, part, secret, actor)

    def voted(self, vote: UUID, part: UUID, *, actor: Actor) -> bool:
        """Whether a part has a ballot that counts; for its owners."""
        return views.has_voted(self._district, self._vote(vote), part, actor)

    def receipts(self, vote: UUID) -> list[str]:
        """The receipts of all ballots of a certified vote, for a list that every voter can look into."""
        self._counted(vote)
        return sorted(
            receipt_of(self._commit, one.ballot) for one in self._district.ask_unchecked(ballots_in(vote))
        )

    def standing(self, vote: UUID, code: str) -> Standing:
        """Whether the ballot of a receipt is in the box, and was counted."""
        counted = result_of(self._vote(vote).record) is not None
        for one in self._district.ask_unchecked(ballots_in(vote)):
            if receipt_of(self._commit, one.ballot) == code.strip().upper():
                return Standing(in_box=True, counted=counted and one.counts, way=one.way)
        return Standing(in_box=False, counted=False)

    # --- proxies ---------------------------------------------------------------------------------------

    def give_proxy(
        self,
        vote: UUID,
        part: UUID,
        agent: UUID,
        *,
        written: bool = False,
        why: str = "proxy",
        **how: Any,
    ) -> Act:
        """Let somebody else cast a part's ballot.

        Args:
            written: a teller enters a written proxy, which another teller checks.
            why: for an owner who does not vote in person, by a paper: "organisation" (whom it names),
                "guardian" (of a minor or ward), "heirs" (of an estate), "developer".
        """
        values: dict[str, object] = {"vote": vote, "part": part, "agent": agent}
        if why != "proxy":
            written, values["why"] = True, why
        move = "enter" if written else "give"
        return self._district.start("vote_proxy", move, self._place(vote), values, **how)

    # --- what is there ---------------------------------------------------------------------------------

    def roll(self, vote: UUID) -> list[views.RollLine]:
        """The roll: frozen since the vote opened, before that as the register is now. No names."""
        known = self._vote(vote)
        if known.record.roll is None:
            return views.drafted(self._district, known)
        return views.frozen(self._district, vote, known.place)

    def turnout(self, vote: UUID, *, actor: Actor | None = None) -> views.Turnout:
        """Which parts have a ballot; NotAllowed for whoever is no teller."""
        place = self._place(vote)
        views.refuse_but_tellers(self._district, place, actor)
        return views.turnout(self._district, vote, place)

    def phones_changed(self, vote: UUID, *, actor: Actor | None = None) -> views.PhonesChanged:
        """Every change of an owner's phone since the announcement, for those who certify: tellers."""
        known = self._vote(vote)
        views.refuse_but_tellers(self._district, known.place, actor)
        return views.phones_changed(self._district, known)

    def result(self, vote: UUID, *, actor: Actor | None = None) -> views.Outturn:
        """The result with its arithmetic; before it is certified, for tellers only."""
        known = self._counted(vote)
        if known.outcome is None:
            views.refuse_but_tellers(self._district, known.place, actor)
        record: Vote = known.record
        result = result_of(record)
        assert result is not None, "it was counted"
        assert record.roll is not None, "it was opened"
        assert record.box is not None, "it was counted"
        told = notices.explained(record, result, known.outcome)
        return views.Outturn(
            vote=vote,
            topic=record.topic,
            majority=record.majority,
            outcome=known.outcome,
            result=result,
            lines=lines(result, record.majority),
            roll=record.roll,
            box=record.box,
            text=(*told, notices.what_then(record, known.outcome)) if known.outcome else tuple(told),
        )

    def verify(self, vote: UUID) -> list[Text]:
        """What is not as it was when the roll was frozen and the box counted; empty: all is."""
        known = self._vote(vote)
        problems = []
        frozen = self._district.ask_unchecked(roll_of(vote)) if known.record.roll else []
        if known.record.roll and digest_of(frozen) != known.record.roll:
            problems.append(say("the roll is not the one that was frozen"))
        if result_of(known.record) is None:
            return problems
        return problems + views.not_as_counted(self._district, known)

    # --- helpers ---------------------------------------------------------------------------------------

    def _counted(self, vote: UUID) -> StoredSubject:
        known = self._vote(vote)
        if result_of(known.record) is None:
            raise Refused(NotCounted())
        return known
