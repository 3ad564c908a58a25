"""Merging two records that have posts or points: one person asks for it, another, with a right at all of it, does it."""

from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import bindparam, or_, select

from linli._base.refusals import Invalid, Refusal
from linli._model.access import ANYONE, KEEPERS
from linli._model.contexts import Transition
from linli._model.facts import Facts
from linli._model.inputs import Input, PersonId, Why
from linli._model.moves import Moves
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._store import Read
from linli._store import tables as t
from linli._verbs.register.keeping import homes_of, keeps, not_ones_own, posts_reach
from linli._verbs.register.living import living

_a = t.account.c
_POINTS = Read(
    select(_a.owner)
    .where(
        _a.district == bindparam("district"),
        or_(_a.owner == bindparam("one"), _a.owner == bindparam("other")),
        _a.balance != 0,
    )
    .limit(1)
)


@attrs.frozen(kw_only=True)
class RecordMerge:
    """What is kept with a merge of two records of a person.

    Attributes:
        duplicate: the record that ends.
        into: the one that stays.
    """

    duplicate: UUID
    into: UUID


def places_of(facts: Facts, *people: UUID) -> list[UUID]:
    """Every place that a merge touches: both homes, and what the posts of both reach."""
    found: dict[UUID, None] = {}
    for person in people:
        found.update(dict.fromkeys((*homes_of(facts, person), *posts_reach(facts, person))))
    return list(found)


def takes_two(facts: Facts, one: UUID, other: UUID) -> bool:
    """Whether either record has posts or points, which the merge would move."""
    if facts.posts(one) or facts.posts(other):
        return True
    return bool(facts.rows(_POINTS, one=one, other=other))


@attrs.frozen(kw_only=True)
class Propose:
    duplicate: Annotated[PersonId, Input("the record that ends")]
    into: Annotated[PersonId, Input("the record that stays")]


class OwnRecordTwice(Invalid, says="a person is no duplicate of themselves; give two numbers"):
    field: str = "other"


def both_here(t: Transition[RecordMerge, object]) -> Refusal | None:
    living(t.facts, t.record.duplicate)
    living(t.facts, t.record.into)
    if t.record.duplicate == t.record.into:
        return OwnRecordTwice()
    return None


class NoRightAtBoth(
    Refusal, says="this needs a right at both homes, and at every place where either has a post"
): ...


def right_at_all(t: Transition[RecordMerge, object]) -> Refusal | None:
    record = t.record
    if t.actor is None:
        return None
    own = not_ones_own(t.facts, record.duplicate, record.into)
    if own:
        return own
    if not keeps(t.facts, t.actor, places_of(t.facts, record.duplicate, record.into)):
        return NoRightAtBoth()
    return None


class RecordMergeFlow(
    Workflow[RecordMerge], name="record_merge", label="merge of two records", readable_by=KEEPERS
):
    move = Moves(RecordMerge)
    proposed = State("waiting for a second person")
    confirmed = State("confirmed", ends=True)
    refused = State("refused", ends=True)
    propose = move.opening(proposed, Propose, by=ANYONE, needs=[both_here])
    confirm = move(proposed.to(confirmed), by=ANYONE, needs=[both_here, right_at_all], not_by=[propose])
    refuse = move(proposed.to(refused), Why, by=ANYONE, needs=[right_at_all], not_by=[propose])
