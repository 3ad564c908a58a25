"""What the register and branches must agree on: a compound's branch is set up and ended as a branch."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import attrs
from sqlalchemy import bindparam, func, select

from linli import Act, Change, Facts, codec
from linli.effects import Effect
from linli.lookups import ORGANISATION
from linli.refusals import Refusal
from linli.register.organisations import organisation_id
from linli.store import Read, Write
from linli.store import tables as t
from linli_party.branch import Branch, Recount
from linli_party.branches import BranchFlow
from linli_party.committees import BODY
from linli_party.tables import FORGET, NOTE, STANDING_OF

_s, _o = t.subject.c, t.organisation.c
_BRANCHES_AT = Read(
    select(_s.id, _s.record, func.coalesce(_s.origin, _s.place)).where(
        _s.district == bindparam("district"),
        _s.kind == "branch",
        _s.place == bindparam("compound"),
        _s.state == "in_being",
    )
)


@attrs.frozen
class _Known:
    id: UUID
    record: Branch
    opened_in: UUID


def _branches(facts: Facts, compound: UUID) -> Iterator[_Known]:
    for ident, record, opened_in in facts.rows(_BRANCHES_AT, compound=compound):
        yield _Known(ident, codec.decoder(Branch)(record), opened_in)


def _known(body: UUID, facts: Facts) -> bool:
    return bool(facts.rows(ORGANISATION, id=body))


class NotSetUpSo(
    Refusal,
    says="a compound's branch is set up with: linli branch propose, or entered with: linli branch enter",
): ...


class NotEndedSo(Refusal, says="a branch is ended with: linli branch merge, or: linli branch dissolve"): ...


def objections(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Why the register may not do this by itself."""
    if act.place is None or facts.place(act.place).kind != "compound":
        return
    if (
        act.verb == "organisation.register"
        and act.body.get("kind") == BODY
        and not _known(act.subject, facts)
    ):
        yield NotSetUpSo()
    if act.verb == "organisation.end":
        known = _branches(facts, facts.goes_on(act.place))
        bodies = {organisation_id(one.opened_in, BODY, one.record.name) for one in known}
        if act.subject in bodies:
            yield NotEndedSo()


def consequences(act: Act, facts: Facts) -> Iterable[Effect]:
    """What follows for branches from what the register does."""
    if act.verb == "place.register":
        kind = act.body.get("record", {}).get("kind")
        for one in _branches(facts, act.subject) if kind else ():
            if one.record.compound_kind != kind:
                yield BranchFlow.recount(BranchFlow.ref(one.id), Recount(compound_kind=kind))
    elif act.verb == "person.merge":
        yield from _standings_follow(UUID(act.body["duplicate"]), act.subject, facts)


def _standings_follow(gone: UUID, stays: UUID, facts: Facts) -> Iterable[Effect]:
    known = {row[0] for row in facts.rows(STANDING_OF, person=stays)}
    for compound, reported, active, noted_on in facts.rows(STANDING_OF, person=gone):
        if compound not in known:
            row = {"compound": compound, "person": stays, "reported": reported, "active": active}
            yield Change(write=Write(NOTE, {"district": facts.district, **row, "noted_on": noted_on}))
    yield Change(write=forgotten(gone, facts))


def forgotten(person: UUID, facts: Facts) -> Write:
    """The write after which nothing is noted of somebody."""
    return Write(FORGET, {"the_district": facts.district, "the_person": person})
