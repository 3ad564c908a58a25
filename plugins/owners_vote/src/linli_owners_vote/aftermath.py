"""What comes after a result, and results from elsewhere, for programs: a part of `linli_owners_vote.api.Votes`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from linli import (
    Act,
    Actor,
    District,
    NotFound,
    NotFoundHere,
    Opening,
    PlaceId,
    Private,
    Refusal,
    Refused,
    StoredSubject,
    Text,
    new_id,
    say,
)
from linli_owners_vote import notices, views
from linli_owners_vote.arithmetic import Majority, Result
from linli_owners_vote.disputes import AskedBy, DisputeFlow, Note
from linli_owners_vote.notices import OUTCOMES
from linli_owners_vote.papers import PaperFlow, Papers
from linli_owners_vote.records import numbers_of

I = TypeVar("I")  # noqa: E741 - inputs


class OfNoSuchKind(NotFoundHere, says="{id} is no {kind}"):
    id: UUID
    kind: Text


class Finding:
    """What every part of `Votes` is made of."""

    def __init__(self, district: District) -> None:
        self._district = district

    def _vote(self, ident: UUID) -> StoredSubject:
        return self._of_kind(ident, "owners_vote")

    def _of_kind(self, ident: UUID, kind: str) -> StoredSubject:
        found = self._district.subject(ident)
        if found.kind != kind:
            raise NotFound(OfNoSuchKind(id=ident, kind=say(self._district.rules.workflow(kind).label)))
        return found

    def _place(self, vote: UUID) -> UUID:
        return self._vote(vote).place

    def _commit(self, text: str, context: str) -> str:
        return self._district.rules.vault.keyring.commit(text, context)

    def _part(self, opening: Opening[Any, I], vote: UUID, given: I, how: Mapping[str, Any]) -> Act:
        place = PlaceId(self._place(vote))
        return self._district.perform(opening.at(place, given, parent=vote, key=new_id().hex), **how)


class NoCertifiedResult(Refusal, says="this vote has no certified result"): ...


class Aftermath(Finding):
    """Contests of a result, papers, votes by name, votes held elsewhere."""

    def named(self, vote: UUID, *, actor: Actor) -> list[views.NamedLine]:
        """How each part voted in a certified vote by name; for the owners on its roll, and for tellers."""
        return views.named(self._district, self._vote(vote), actor)

    def dispute(
        self, vote: UUID, asked_by: str, paper: str, reason: str, *, parts: Sequence[UUID] = (), **how: Any
    ) -> Act:
        """Note that a certified result is contested: its ballots are kept until that has ended.

        Args:
            asked_by: "court", "authority" or "street"; `paper`: the number of the paper that asks for it.
            parts: those whose ballots have to be seen.
        """
        given = Note(
            asked_by=cast(AskedBy, asked_by),
            paper=paper,
            reason=Private(reason),
            contested=tuple(map(PlaceId, parts)),
        )
        return self._part(DisputeFlow.note, vote, given, how)

    def open_disputed(self, dispute: UUID, codes: Sequence[str], **how: Any) -> dict[UUID, str]:
        """Open the contested ballots of a noted contest, once; what is in them, by part.

        That they were opened is recorded first, and told to their owners; what is in them is kept nowhere.
        """
        self._district.make(dispute, "open_ballots", {"codes": tuple(codes)}, **how)
        return views.disputed(self._district, self._of_kind(dispute, "vote_dispute"), codes)

    def openings(self, vote: UUID, part: UUID, *, actor: Actor) -> list[views.Opening]:
        """For whom, and by which paper, the ballot of a part was opened after the count; for its owners."""
        return views.openings(self._district, self._vote(vote), part, actor)

    def store_papers(self, vote: UUID, number: int, where: str, **how: Any) -> Act:
        """Enter where the papers of a counted vote are stored; another teller checks it."""
        return self._part(PaperFlow.store, vote, Papers(number=number, stored_at=where), how)

    def enter_elsewhere(
        self,
        place: UUID,
        topic: str,
        majority: Majority,
        result: Result,
        *,
        held: str,
        by: str,
        ended_on: date,
        paper: str,
        matter: UUID | None = None,
        **how: Any,
    ) -> Act:
        """Enter the certified result of a vote that was held outside linli; another teller checks it.

        Args:
            result: the numbers of the roll and of the result; areas in hundredths of a square metre.
            held: on the authority's "platform", or on "paper"; `by`: whose, in a line that is made public.
            paper: the number of the paper that certifies it.
        """
        values: dict[str, object] = {"topic": topic, "majority": majority, "way": held, "by": by}
        values |= {"ended_on": ended_on, "paper": paper, **numbers_of(result)}
        if matter is not None:
            values["matter"] = matter
        return self._district.start("vote_elsewhere", "enter", place, values, **how)

    def check_elsewhere(self, vote: UUID, result: Result, **how: Any) -> Act:
        """Check it by reading the numbers from the paper again; where the two differ, it is entered anew."""
        return self._district.make(vote, "check", numbers_of(result), **how)

    def arithmetic(self, vote: UUID) -> list[Text]:
        """What a disclosure says of a certified vote, held here or elsewhere: where, and its arithmetic."""
        found = self._district.subject(vote)
        if found.outcome not in OUTCOMES:
            raise Refused(NoCertifiedResult())
        return notices.disclosed(found)
