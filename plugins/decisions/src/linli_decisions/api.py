"""Decisions for programs: proposing, reviewing, objecting, the file."""

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import PurePath
from uuid import UUID

import attrs

from linli import (
    ANYONE,
    Act,
    ActContext,
    Actor,
    ActResult,
    DirectAct,
    District,
    GivenFile,
    Invalid,
    KeptFile,
    NoInputs,
    NotAllowed,
    NotFound,
    NotFoundHere,
    NotPermitted,
    PersonId,
    PlaceId,
    Private,
    Refusal,
    Refused,
    Several,
    StoredSubject,
    has_post,
    listed,
)
from linli._seeing.texts import texts_of
from linli._verbs.publish.files import content
from linli.query import place, posts, subjects
from linli_decisions import numbers, reading
from linli_decisions.disclosures import Write
from linli_decisions.filing import NoSuchFile
from linli_decisions.objections import ObjectionFlow
from linli_decisions.proposing import File as FileInput
from linli_decisions.proposing import Propose
from linli_decisions.settings import DecisionSettings, Entry
from linli_decisions.way import WayStep, way_of
from linli_decisions.workflow import DecisionFlow

VERDICTS = ("approve", "return", "reject")
_REVIEWS = ("party_opinion", "opinion")


@attrs.frozen(kw_only=True)
class FileStep:
    """A step of the file, with what was written about it.

    Attributes:
        texts: by name ("text", "reason", "answer"), opened from the vault.
    """

    step: WayStep
    texts: Mapping[str, str] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class File:
    """A matter as its owners see it while it grows."""

    decision: StoredSubject
    parts: tuple[StoredSubject, ...]
    steps: tuple[FileStep, ...]

    @property
    def papers(self) -> tuple[KeptFile, ...]:
        """The files that were attached; see `Decisions.paper`."""
        found: tuple[KeptFile, ...] = self.decision.record.attachments
        return found


class NoVerdict(Invalid, says="say one of {choices}"):
    choices: Several
    field: str = "verdict"


class NoReviewOpen(Refusal, says="no review of this matter is open"): ...


class NoSuchDecision(NotFoundHere, says="no decision has the number {number}"):
    number: UUID | str


class Decisions:
    """The decisions of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. Every other move (submit, withdraw, begin, stage, check, …) is made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    @property
    def catalogue(self) -> tuple[Entry, ...]:
        """The matters that must go the whole way."""
        return self._district.configuration.section(DecisionSettings).catalogue

    def propose(
        self,
        place: UUID,
        entry: str,
        topic: str,
        text: str,
        *,
        papers: Sequence[str] = (),
        actor: Actor,
        key: UUID | None = None,
    ) -> Act:
        """Propose a matter of the catalogue for a compound; the act's `subject` is its number.

        Args:
            topic: a line of at most 80 characters, which is made public.
            text: the proposal in full; it goes to the vault.
            papers: the papers that are there, by the catalogue's names.
        """
        given = Propose(entry=entry, topic=topic, text=Private(text), papers=tuple(papers))
        person = PersonId(actor.person) if actor.person else None
        order = DecisionFlow.propose.at(PlaceId(place), given, person=person)
        return self._district.perform(order, actor=actor, key=key)

    def attach(
        self, decision: UUID, paper: str, file: GivenFile, *, actor: Actor, key: UUID | None = None
    ) -> Act:
        """Attach a file as a paper of a matter: to a proposal, or to what is filed and to be written.

        Args:
            paper: a name of the catalogue, or another; the file is called by it.

        Raises: Refused for a file that could not be published.
        """
        named = GivenFile(name=paper + PurePath(file.name).suffix, content=file.content)
        proposed = self._district.subject(decision).state == DecisionFlow.proposed.name
        move = DecisionFlow.attach if proposed else DecisionFlow.add_file
        order = move(DecisionFlow.ref(decision), FileInput(paper_name=paper, file=named))
        return self._district.perform(order, actor=actor, key=key)

    def write(
        self, decision: UUID, text: str, *, public: Sequence[str] = (), actor: Actor, key: UUID | None = None
    ) -> Act:
        """Write for the public what was decided; it goes out when another person has looked at it.

        Args:
            public: names of the matter's files that are made public with it.
        """
        order = DecisionFlow.write(DecisionFlow.ref(decision), Write(text=text, public=tuple(public)))
        return self._district.perform(order, actor=actor, key=key)

    def paper(self, decision: UUID, name: str, *, actor: Actor, key: UUID | None = None) -> bytes:
        """The content of one of a matter's files, for whoever may read the file of the matter; it is an act."""
        found = {one.name: one for one in self.file(decision, actor=actor, key=key).papers}
        if name not in found:
            raise NotFound(NoSuchFile(files=name, known=listed(sorted(found))))
        return content(self._district, found[name])

    def opine(
        self,
        decision: UUID,
        verdict: str,
        reason: str | None = None,
        *,
        actor: Actor,
        key: UUID | None = None,
    ) -> Act:
        """Say what the actor's body says of a matter that is under review: approve, return or reject.

        Raises: NotAllowed where none of the open reviews is the actor's; Refused without a reason.
        """
        if verdict not in VERDICTS:
            raise Refused(NoVerdict(choices=listed(VERDICTS)))
        waiting = self._waiting(decision)
        values = {} if reason is None else {"reason": reason}
        for review in waiting[:-1]:
            try:
                return self._district.make(review.id, verdict, values, actor=actor, key=key)
            except NotAllowed:
                continue
        return self._district.make(waiting[-1].id, verdict, values, actor=actor, key=key)

    def _waiting(self, decision: UUID) -> list[StoredSubject]:
        tree = self._district.tree(decision)
        wanted = [
            one
            for one in tree
            if one.kind in _REVIEWS and one.state == "asked" and decision in (one.id, one.root)
        ]
        if not wanted:
            raise Refused(NoReviewOpen())
        return wanted

    def find(self, number: str) -> UUID:
        """A decision by its number: linli's own, or the filing number; NotFound where there is none."""
        try:
            return self._district.identified(number)
        except Refused as refusal:
            no_short_number = refusal
        found = self._district.ask_unchecked(numbers.filed_as(number))
        if found is None and number.replace(" ", "").isdigit():
            raise no_short_number
        if found is None:
            raise NotFound(NoSuchDecision(number=number))
        return found

    def objections(self, decision: UUID | None = None, *, most: int = 200) -> list[StoredSubject]:
        """The objections to a matter; of all matters those that wait for an answer."""
        if decision is None:
            waiting = subjects(ObjectionFlow, states=ObjectionFlow.raised, most=most)
            return [one.kept for one in self._district.ask_unchecked(waiting)]
        return [one for one in self._district.tree(decision) if one.kind == "objection"]

    def disclosures(self, decision: UUID) -> list[StoredSubject]:
        """The disclosures of a matter, the oldest first."""
        found = [one for one in self._district.tree(decision) if one.kind == "disclosure"]
        order = {act.subject: act.version for act in reversed(self._district.history(decision))}
        return sorted(found, key=lambda one: order[one.id])

    def corrections(self, disclosure: StoredSubject) -> list[UUID]:
        """The publications that correct a disclosure, one the other, the last of which holds."""
        found: list[UUID] = []
        here = disclosure.record.publication
        while (now := self._district.publish.get(here).record.corrected_by) is not None:
            found.append(now)
            here = now
        return found

    def way(self, decision: UUID) -> list[WayStep]:
        """Every step of a matter, the oldest first, without what was written about it."""
        return way_of(self._district, self._district.tree(decision))

    def file(self, decision: UUID, *, actor: Actor, key: UUID | None = None) -> File:
        """The whole file, for an owner of the compound, the proposer and whoever has a post there.

        That it was read is an act. What owners wrote in objections is for those who answer them.
        """
        place = self._district.subject(decision).place
        self._district.perform(READ_FILE(subject=decision, place=place), actor=actor, key=key)
        return self._filled(decision, actor)

    def _filled(self, decision: UUID, actor: Actor) -> File:
        tree = self._district.tree(decision)
        said: dict[UUID, dict[str, str]] = {}
        for one in texts_of(self._district, decision):
            said.setdefault(one.said_in, {})[one.field] = one.text
        hidden = _of_others(tree, actor, self._seen_by(actor, decision))
        steps = (
            FileStep(step=step, texts=_texts(step, said, hidden)) for step in way_of(self._district, tree)
        )
        return File(decision=tree[0], parts=tuple(tree[1:]), steps=tuple(steps))

    def _seen_by(self, actor: Actor, decision: UUID) -> frozenset[UUID]:
        try:
            return frozenset(one.id for one in self._district.see(decision, actor))
        except NotAllowed:
            return frozenset()


class FileNotYours(
    NotPermitted, says="the file is for owners of the compound, the proposer, and posts there"
): ...


def _read(ctx: ActContext[NoInputs]) -> ActResult:
    facts, ident = ctx.facts, ctx.subject
    decision = reading.decision(facts, ident)
    if decision is None:
        raise NotFound(NoSuchDecision(number=ident))
    person = facts.actor
    if person and person != decision.person and not reading.owns_here(facts, person, decision):
        path = facts.get(place(decision.place)).path
        if not any(post.place in path for post in facts.get(posts(person))):
            raise NotAllowed(FileNotYours())
    return ActResult(body={"from": decision.state.name, "to": decision.state.name})


READ_FILE = DirectAct(
    "decision.read",
    label="the file of the matter read",
    by=ANYONE | has_post("clerk", "officer"),
    does=_read,
)


def _of_others(tree: Iterable[StoredSubject], actor: Actor, seen: Container[UUID]) -> frozenset[UUID]:
    """The acts that raised objections which are not the actor's to read, and these objections with their answers."""
    others = [
        one for one in tree if one.kind == "objection" and one.id not in seen and one.person != actor.person
    ]
    return frozenset(ident for one in others for ident in (one.id, one.record.raised_in))


def _texts(
    step: WayStep, said: Mapping[UUID, Mapping[str, str]], hidden: frozenset[UUID]
) -> Mapping[str, str]:
    if step.act in hidden or step.subject in hidden:
        return {}
    # What a matter was opened with is kept under its own number.
    first = said.get(step.subject, {}) if step.verb == "decision.propose" else {}
    return {**first, **said.get(step.act, {})}
