"""The owners' vote for programs: preparing, the roll, ballots, the certified result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from linli import Act, Actor, District, Start, Subject, say
from linli.acts import new_id
from linli.errors import NotFound, Refused
from linli.i18n import Text, listed
from linli_owners_vote import notices, views
from linli_owners_vote.arithmetic import Majority, lines
from linli_owners_vote.box import box_digest
from linli_owners_vote.marks import CHOICES, mark_of, receipt_of
from linli_owners_vote.records import Vote, result_of
from linli_owners_vote.roll import digest_of


@attrs.frozen(kw_only=True)
class Receipt:
    """What whoever cast a ballot is given.

    Attributes:
        code: tells that the ballot is in the box, and later that it was counted; not how it was cast.
    """

    act: Act
    ballot: UUID
    code: str


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


class Votes:
    """The owners' votes of an open district.

    Every method that changes something makes one act; `actor`, `at` and `key` are as in `District.make`.
    No method tells how anybody voted, nor what a box holds before it is counted.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    # --- the vote --------------------------------------------------------------------------------------

    def prepare(
        self, place: UUID, topic: str, majority: Majority, *, matter: UUID | None = None, **how: Any
    ) -> Act:
        """Prepare a vote of a compound's owners.

        Args:
            topic: what is put to the vote, in a line of at most 80 characters; it is made public.
            majority: "ordinary" or "special" (Civil Code art. 278).
            matter: the decision that waits for it; None: it stands alone.
        """
        values: dict[str, object] = {"topic": topic, "majority": majority}
        if matter is not None:
            values["matter"] = matter
        return self._district.start("owners_vote", "prepare", place, values, **how)

    def announce(self, vote: UUID, **how: Any) -> Act:
        """Announce it: the notice period begins."""
        return self._district.make(vote, "announce", **how)

    def open(self, vote: UUID, **how: Any) -> Act:
        """Open it: the roll is frozen."""
        return self._district.make(vote, "open", **how)

    def extend(self, vote: UUID, until: datetime, reason: str, **how: Any) -> Act:
        """Let an open vote end later, where the district allows it."""
        return self._district.make(vote, "extend", {"until": until, "reason": reason}, **how)

    def call_off(self, vote: UUID, reason: str, **how: Any) -> Act:
        """Call it off before it opens."""
        return self._district.make(vote, "call_off", {"reason": reason}, **how)

    def count(self, vote: UUID, **how: Any) -> Act:
        """Open the box of a closed vote and count it; another teller certifies."""
        return self._district.make(vote, "count", **how)

    def certify(self, vote: UUID, **how: Any) -> Act:
        """Certify what another teller counted."""
        return self._district.make(vote, "certify", **how)

    # --- contested parts -------------------------------------------------------------------------------

    def contest(self, vote: UUID, part: UUID, reason: str, **how: Any) -> Act:
        """Contest the area or the owners of a part before the vote opens."""
        order = Start(
            workflow="vote_contest",
            move="raise",
            place=self._place(vote),
            parent=vote,
            key=new_id().hex,
            values={"part": part, "reason": reason},
        )
        return self._district.perform(order, **how)

    def settle(self, contest: UUID, finding: str, reason: str, **how: Any) -> Act:
        """Settle a contested part.

        Args:
            finding: "register_right", or "register_corrected" once the register has been.
        """
        return self._district.make(contest, "settle", {"finding": finding, "reason": reason}, **how)

    def withdraw_contest(self, contest: UUID, reason: str, **how: Any) -> Act:
        """Contest a part no longer; by who contested it."""
        return self._district.make(contest, "withdraw", {"reason": reason}, **how)

    # --- ballots ---------------------------------------------------------------------------------------

    def cast(self, vote: UUID, part: UUID, choice: str, *, proxy: bool = False, **how: Any) -> Receipt:
        """Cast the ballot of a part online, as one of its owners or as their proxy.

        Args:
            choice: "agree", "against" or "abstain".
        """
        return self._ballot("cast", vote, part, choice, {"way": "proxy" if proxy else "online"}, how)

    def enter(self, vote: UUID, part: UUID, choice: str, *, sheet: str | None = None, **how: Any) -> Receipt:
        """Enter a paper; it counts once another teller has checked it."""
        return self._ballot("enter", vote, part, choice, {"sheet": sheet} if sheet else {}, how)

    def check(self, ballot: UUID, choice: str, **how: Any) -> Act:
        """Check a paper by reading the choice from it again; where the two differ, it is entered anew."""
        kept = self._of_kind(ballot, "vote_ballot").record
        again = self._mark(choice, ballot, kept.vote, kept.part)
        return self._district.make(ballot, "check", {"again": again}, **how)

    def reject(self, ballot: UUID, reason: str, **how: Any) -> Act:
        """Reject a paper that was entered: not signed, not readable, entered for the wrong part."""
        return self._district.make(ballot, "reject", {"reason": reason}, **how)

    def _ballot(
        self,
        move: str,
        vote: UUID,
        part: UUID,
        choice: str,
        more: Mapping[str, object],
        how: Mapping[str, Any],
    ) -> Receipt:
        ident = new_id()
        values = {"vote": vote, "part": part, "mark": self._mark(choice, ident, vote, part), **more}
        order = Start(workflow="vote_ballot", move=move, place=self._place(vote), id=ident, values=values)
        act = self._district.perform(order, **how)
        return Receipt(act=act, ballot=act.subject, code=receipt_of(self._commit, act.subject))

    def _mark(self, choice: str, ballot: UUID, vote: UUID, part: UUID) -> UUID:
        if choice not in CHOICES:
            raise Refused(say("a choice is one of {choices}", choices=listed(CHOICES)))
        return mark_of(self._commit, choice, ballot=ballot, vote=vote, part=part)

    def receipts(self, vote: UUID) -> list[str]:
        """The receipts of all ballots of a certified vote, for a list that every voter can look into."""
        self._counted(vote)
        return sorted(
            receipt_of(self._commit, ballot) for ballot, _, _ in views.ballots_of(self._district, vote)
        )

    def standing(self, vote: UUID, code: str) -> Standing:
        """Whether the ballot of a receipt is in the box, and was counted."""
        counted = result_of(self._vote(vote).record) is not None
        for ballot, way, counts in views.ballots_of(self._district, vote):
            if receipt_of(self._commit, ballot) == code.strip().upper():
                return Standing(in_box=True, counted=counted and counts, way=way)
        return Standing(in_box=False, counted=False)

    # --- proxies ---------------------------------------------------------------------------------------

    def give_proxy(self, vote: UUID, part: UUID, agent: UUID, *, written: bool = False, **how: Any) -> Act:
        """Let somebody else cast a part's ballot.

        Args:
            written: a teller enters a written proxy, which another teller checks.
        """
        values = {"vote": vote, "part": part, "agent": agent}
        move = "enter" if written else "give"
        return self._district.start("vote_proxy", move, self._place(vote), values, **how)

    def confirm_proxy(self, proxy: UUID, **how: Any) -> Act:
        """Check a written proxy that another teller entered."""
        return self._district.make(proxy, "confirm", **how)

    def reject_proxy(self, proxy: UUID, reason: str, **how: Any) -> Act:
        """Reject a written proxy that another teller entered."""
        return self._district.make(proxy, "reject", {"reason": reason}, **how)

    def withdraw_proxy(self, proxy: UUID, reason: str, **how: Any) -> Act:
        """Withdraw a proxy; a ballot that was cast by it stands."""
        return self._district.make(proxy, "withdraw", {"reason": reason}, **how)

    # --- what is there ---------------------------------------------------------------------------------

    def roll(self, vote: UUID) -> list[views.RollLine]:
        """The roll: frozen since the vote opened, before that as the register is now. No names."""
        known = self._vote(vote)
        if known.record.roll is None:
            return views.drafted(self._district, vote, known.place)
        return views.frozen(self._district, vote, known.place)

    def turnout(self, vote: UUID, *, actor: Actor | None = None) -> views.Turnout:
        """Which parts have a ballot; NotAllowed for whoever is no teller."""
        place = self._place(vote)
        views.refuse_but_tellers(self._district, place, actor or self._district.console)
        return views.turnout(self._district, vote, place)

    def result(self, vote: UUID, *, actor: Actor | None = None) -> views.Outturn:
        """The result with its arithmetic; before it is certified, for tellers only."""
        known = self._counted(vote)
        if known.outcome is None:
            views.refuse_but_tellers(self._district, known.place, actor or self._district.console)
        record: Vote = known.record
        result = result_of(record)
        assert result is not None, "it was counted"
        assert record.roll is not None, "it was opened"
        assert record.box is not None, "it was counted"
        majority: Majority = "special" if record.majority == "special" else "ordinary"
        told = notices.explained(record, result, known.outcome)
        return views.Outturn(
            vote=vote,
            topic=record.topic,
            majority=record.majority,
            outcome=known.outcome,
            result=result,
            lines=lines(result, majority),
            roll=record.roll,
            box=record.box,
            text=(*told, notices.what_then(record, known.outcome)) if known.outcome else tuple(told),
        )

    def verify(self, vote: UUID) -> list[Text]:
        """What is not as it was when the roll was frozen and the box counted; empty: all is."""
        known = self._vote(vote)
        problems = []
        if known.record.roll and digest_of(views.frozen_rows(self._district, vote)) != known.record.roll:
            problems.append(say("the roll is not the one that was frozen"))
        if result_of(known.record) is None:
            return problems
        if views.recounted(self._district, vote) != (result_of(known.record), known.record.box):
            problems.append(say("the box does not hold what was counted; restore it from a backup"))
        if known.state == "certified" and box_digest(self.receipts(vote)) != known.record.box:
            problems.append(say("the receipts are not those that were counted"))
        return problems

    # --- helpers ---------------------------------------------------------------------------------------

    def _counted(self, vote: UUID) -> Subject:
        known = self._vote(vote)
        if result_of(known.record) is None:
            raise Refused(say("this vote has not been counted; nobody knows its result before"))
        return known

    def _vote(self, ident: UUID) -> Subject:
        return self._of_kind(ident, "owners_vote")

    def _of_kind(self, ident: UUID, kind: str) -> Subject:
        found = self._district.subject(ident)
        if found.kind != kind:
            raise NotFound(
                say("{id} is no {kind}", id=ident, kind=say(self._district.rules.workflow(kind).label))
            )
        return found

    def _place(self, vote: UUID) -> UUID:
        return self._vote(vote).place

    def _commit(self, text: str, context: str) -> str:
        return self._district.rules.vault.keyring.commit(text, context)
