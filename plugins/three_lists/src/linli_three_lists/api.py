"""Three lists for programs: needs matched to services, duplicates, the rota, evidence, what is late."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from uuid import UUID

import attrs

from linli import (
    Act,
    Actor,
    District,
    Facts,
    NotAllowed,
    NotFound,
    NotFoundHere,
    PersonId,
    PlaceId,
    Private,
    Refusal,
    Refused,
    Seat,
    StoredSubject,
    Text,
    VaultError,
    Write,
    new_id,
    query,
    say,
)
from linli._model.deadlines import spent_since
from linli._vault.crypto import DataKey, open_, seal
from linli._vault.vault import KEY_OF
from linli.hooks import Matched, Request, RequestFlow, Service, Wanted, plugins_of, service_of
from linli.query import subjects
from linli_three_lists.duplicates import Suggestion, suggested
from linli_three_lists.evidence import Add, EvidenceFlow, Look, file_kept, file_of
from linli_three_lists.files import cleaned
from linli_three_lists.matching import matched
from linli_three_lists.rota import Rota, reading
from linli_three_lists.seats import held_by
from linli_three_lists.settings import MatchRule, ThreeListsSettings


@attrs.frozen(kw_only=True)
class Preview:
    """Which service a need would be matched to, and who would get it.

    Attributes:
        rule: the rule that matched, and `route` the one that chose the seat, each under its plugin's name.
        seat: None where nobody is found: the desk would have to name one.
    """

    service: Service
    rule: str
    seat: Seat | None = None
    route: str | None = None


@attrs.frozen(kw_only=True)
class Watch:
    """How a deadline of a request or a task stands.

    Attributes:
        due: None while it stands.
        left: how much of it is left, in the hours that it counts in; negative when it has passed.
        paused_for: why it stands, where it only pauses.
        heard: how many rungs of the ladder have heard.
    """

    subject: UUID
    kind: str
    clock: str
    due: datetime | None
    left: timedelta
    paused_for: str | None
    heard: int


class FileErased(
    Refusal, says="what belonged to this request was erased with its reporter; nothing is added"
): ...


class NoSuchEvidence(NotFoundHere, says="{id} is no evidence; see: linli need evidence list NUMBER"):
    id: UUID


class Needs:
    """Needs, services and tasks of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. The requests' and tasks' own moves are made by `District.make`.

    Attributes:
        rota: who is on duty when at which place.
    """

    def __init__(self, district: District) -> None:
        self._district = district
        self._settings = district.configuration.section(ThreeListsSettings)

    @cached_property
    def rota(self) -> Rota:
        """Who is on duty when at which place."""
        return Rota(self._district)

    # --- services ------------------------------------------------------------------------------------

    @property
    def services(self) -> tuple[Service, ...]:
        """The catalogue of services, with their time standards."""
        return self._district.dispatch.services

    @property
    def rules(self) -> tuple[MatchRule, ...]:
        """The rules of matching, in their order."""
        return self._settings.rules

    def match(self, description: str, place: UUID, category: str = "") -> Preview | None:
        """What a need would come to now; nothing is kept. None: no rule and no category fits."""
        with reading(self._district) as facts:
            wanted = Wanted(category=category, place=place)
            found = _found(wanted, facts, description)
            service = service_of(found.service, facts) if found else None
            if found is None or service is None:
                return None
            return _preview(service, found.rule, wanted, facts)

    # --- the desk ------------------------------------------------------------------------------------

    def duplicates(
        self,
        place: UUID | None = None,
        *,
        of: UUID | None = None,
        actor: Actor | None = None,
        most: int = 1000,
    ) -> list[Suggestion]:
        """Open requests that may be about one thing, at a place and below it, or those with one of them.

        Args:
            actor: for whom: what is kept from them is left out.
        """
        if of and not place:
            place = self._district.subject(of).compound
        query = subjects(RequestFlow, within=place, ended=False, most=most)
        ask = self._district.ask_unchecked if actor is None else partial(self._district.ask, actor=actor)
        seen = [one.kept for one in ask(query)]
        return [one for one in suggested(self._district, seen) if of in (None, one.request, one.of)]

    def sees(self, subject: StoredSubject, actor: Actor | None) -> bool:
        """Whether somebody may see a request at all: what is about them is kept from them."""
        if actor is None or actor.person is None:
            return True
        try:
            self._district.see(subject.id, actor)
        except NotAllowed:
            return False
        return True

    def overdue(self, place: UUID | None = None, *, most: int = 200) -> list[StoredSubject]:
        """Open requests past a deadline, at a place and below it."""
        query = subjects(RequestFlow, within=place, late_at=self._district.now(), most=most)
        return [one.kept for one in self._district.ask_unchecked(query)]

    def watches(self, request: UUID) -> list[Watch]:
        """How the deadlines of a request and its tasks stand."""
        now, calendar = self._district.now(), self._district.rules.constants.calendar
        return [
            Watch(
                subject=one.id,
                kind=one.kind,
                clock=name,
                due=clock.due,
                left=timedelta(seconds=clock.span - clock.spent - spent_since(clock, calendar, now)),
                paused_for=clock.paused_for,
                heard=clock.step,
            )
            for one in self._district.tree(request)
            for name, clock in one.clocks.items()
        ]

    # --- evidence ------------------------------------------------------------------------------------

    def add_evidence(
        self, request: UUID, data: bytes, *, actor: Actor | None = None, key: UUID | None = None
    ) -> Act:
        """Keep a picture or a PDF with a request, without what tells more than it shows.

        Raises: Refused for a file that is too big, damaged, of another format, there already, or one
            too many.
        """
        file = cleaned(data, self._settings)
        tree = self._district.tree(request)
        evidence, owner = new_id(key), tree[0]
        data_key, writes = self._key(owner)
        sealed = seal(data_key, file.data, self._district.code, evidence, "file")
        order = EvidenceFlow.add.at(
            PlaceId(owner.place),
            Add(format=file.format, size=len(file.data), mark=self._mark(owner.id, data)),
            id=evidence,
            parent=owner.id,
            key=(key or evidence).hex,
            person=PersonId(owner.person) if owner.person else None,
            holder=self._seat_of(tree, actor),
        )
        kept = file_kept(self._district.code, owner.id, evidence, sealed)
        return self._district.perform(attrs.evolve(order, writes=(*writes, kept)), actor=actor, key=key)

    def _mark(self, request: UUID, data: bytes) -> UUID:
        commit = self._district.rules.vault.keyring.commit
        return UUID(commit(hashlib.sha256(data).hexdigest(), f"evidence of {request}")[:32])

    def _key(self, request: StoredSubject) -> tuple[DataKey, Sequence[Write]]:
        """The request's key, under which all that is personal about it is sealed."""
        vault, code = self._district.rules.vault, self._district.code
        rows = self._district.store.ask([(KEY_OF, {"district": code, "owner": request.id})])[0]
        if rows:
            return vault.key_from(rows, request.id), ()
        if request.person is not None:
            raise Refused(FileErased())
        data_key, kept = vault.new_key(request.id)
        return data_key, (kept,)

    def _seat_of(self, tree: Sequence[StoredSubject], actor: Actor | None) -> Seat | None:
        """The seat by which the actor has a task of the request, so that the record says as what they act."""
        person = actor.person if actor else None
        seats = [one.holder for one in tree if one.kind == "task" and one.holder]
        with reading(self._district) as facts:
            return next(
                (seat for seat in seats if person and held_by(person, seat, tree[0].place, facts)), None
            )

    def evidence(self, request: UUID, *, removed: bool = False) -> list[StoredSubject]:
        """The evidence of a request, the oldest first."""
        found = [one for one in self._district.tree(request) if one.kind == "evidence"]
        return [one for one in found if removed or one.state == "kept"]

    def content(self, evidence: UUID, reason: str, *, actor: Actor | None = None) -> bytes:
        """A file, in the clear. That it was read, by whom and why, is an act.

        Raises: NotFound for the number of something else; VaultError where it was erased with its reporter.
        """
        if self._district.subject(evidence).kind != "evidence":
            raise NotFound(NoSuchEvidence(id=evidence))
        order = EvidenceFlow.read(EvidenceFlow.ref(evidence), Look(reason=Private(reason)))
        act = self._district.perform(order, actor=actor)
        code = self._district.code
        sealed = self._district.ask_unchecked(file_of(evidence))
        if sealed is None:
            raise VaultError(say("the file was erased with whoever reported it"))
        keys = self._district.store.ask([(KEY_OF, {"district": code, "owner": act.root})])[0]
        data_key = self._district.rules.vault.key_from(keys, act.root)
        return open_(data_key, sealed, code, evidence, "file")


def _found(wanted: Wanted, facts: Facts, description: str) -> Matched | None:
    """By our rules with the words at hand, then as the plugins would by the category."""
    ours = matched(wanted, facts, lambda: description)
    if ours:
        return attrs.evolve(ours, rule=f"three_lists: {ours.rule}")
    answer = plugins_of(facts).request_match(wanted, facts)
    return attrs.evolve(answer.value, rule=f"{answer.plugin}: {answer.value.rule}") if answer else None


def _preview(service: Service, rule: str, wanted: Wanted, facts: Facts) -> Preview:
    place = facts.get(query.place(wanted.place))
    ident = new_id()
    request = StoredSubject(
        id=ident,
        root=ident,
        kind="request",
        state="accepted",
        place=place.id,
        compound=place.reporting_place,
        opened_at=facts.at,
        record=Request(category=wanted.category, service=service.code, urgent=service.urgent),
    )
    answer = plugins_of(facts).request_route(request, service.code, facts)
    if answer is None:
        return Preview(service=service, rule=rule)
    return Preview(
        service=service, rule=rule, seat=answer.value.seat, route=f"{answer.plugin}: {answer.value.rule}"
    )


def time_of(service: Service) -> Text:
    """A service's time standard, for people."""
    minutes = round(service.time.total_seconds() / 60)
    amount = f"{minutes / 60:g}" if minutes % 60 == 0 else f"{minutes / 60:.1f}"
    if service.urgent or service.hours == "elapsed":
        return say("{amount} hours, day and night", amount=amount)
    return say("{amount} service hours", amount=amount)
