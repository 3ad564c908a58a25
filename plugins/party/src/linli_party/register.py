"""What the register and branches must agree on: a compound's branch is set up and ended as a branch."""

from collections.abc import Iterable
from uuid import UUID

import attrs

from linli import AnyAct, Change, Effect, Facts, Refusal, Subject, Write
from linli.hooks import ORGANISATION_END, ORGANISATION_REGISTER, PERSON_MERGE, PLACE_REGISTER
from linli.query import organisation, place, place_now, subjects
from linli_party.branch import Branch, Recount
from linli_party.branches import BranchFlow
from linli_party.committees import BODY, body_of
from linli_party.tables import FORGET, NOTE, standings_of


def _branches(facts: Facts, compound: UUID) -> tuple[Subject[Branch], ...]:
    return facts.get(subjects(BranchFlow, place=compound, states=BranchFlow.in_being))


class NotSetUpSo(
    Refusal,
    says="a compound's branch is set up with: linli branch propose, or entered with: linli branch enter",
): ...


class NotEndedSo(Refusal, says="a branch is ended with: linli branch merge, or: linli branch dissolve"): ...


def objections(t: AnyAct) -> Iterable[Refusal]:
    """Why the register may not do this by itself."""
    if t.get(place(t.place)).kind != "compound":
        return
    if (
        (registered := t.of(ORGANISATION_REGISTER))
        and t.act.body.get("kind") == BODY
        and not t.get(organisation(registered.subject))
    ):
        yield NotSetUpSo()
    if ended := t.of(ORGANISATION_END):
        known = _branches(t.facts, t.get(place_now(t.place)))
        if ended.subject in map(body_of, known):
            yield NotEndedSo()


def consequences(t: AnyAct) -> Iterable[Effect]:
    """What follows for branches from what the register does."""
    if registered := t.of(PLACE_REGISTER):
        kind = t.act.body.get("record", {}).get("kind")
        for one in _branches(t.facts, registered.subject) if kind else ():
            if one.record.compound_kind != kind:
                yield BranchFlow.recount(one.id, Recount(compound_kind=kind))
    elif merged := t.of(PERSON_MERGE):
        yield from _standings_follow(UUID(t.act.body["duplicate"]), merged.subject, t.facts)


def _standings_follow(gone: UUID, stays: UUID, facts: Facts) -> Iterable[Effect]:
    known = {one.compound for one in facts.get(standings_of(stays))}
    for one in facts.get(standings_of(gone)):
        if one.compound not in known:
            row = attrs.asdict(attrs.evolve(one, person=stays))
            yield Change(write=Write(NOTE, {"district": facts.district, **row}))
    yield Change(write=forgotten(gone, facts))


def forgotten(person: UUID, facts: Facts) -> Write:
    """The write after which nothing is noted of somebody."""
    return Write(FORGET, {"the_district": facts.district, "the_person": person})
