"""Merging two records that have posts or points: one person asks for it, another, with a right at all of it, does it."""

from uuid import UUID

import attrs
from sqlalchemy import bindparam, or_, select

from linli.access import ANYONE
from linli.acts import Act
from linli.facts import Facts
from linli.i18n import Text, say
from linli.register.keeping import KEEPERS, homes_of, keeps, not_ones_own, posts_reach
from linli.register.living import living
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject
from linli.workflow import REASON, Ask, Move, State, Workflow

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


def _both_here(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    record = subject.record
    living(facts, record.duplicate)
    living(facts, record.into)
    return (
        say("a person is no duplicate of themselves; give two numbers")
        if record.duplicate == record.into
        else None
    )


def _right_at_all(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    record = subject.record
    if act.actor is None:
        return None
    own = not_ones_own(facts, record.duplicate, record.into)
    if own:
        return own
    if not keeps(facts, act.actor, places_of(facts, record.duplicate, record.into)):
        return say("this needs a right at both homes, and at every place where either has a post")
    return None


RECORD_MERGE = Workflow(
    name="record_merge",
    label="merge of two records",
    record=RecordMerge,
    read_by=KEEPERS,
    states=(
        State("proposed", "waiting for a second person"),
        State("confirmed", "confirmed", ends=("confirmed",)),
        State("refused", "refused", ends=("refused",)),
    ),
    moves=(
        Move(
            name="propose",
            label="propose",
            sources=(),
            to="proposed",
            by=ANYONE,
            asks=(
                Ask(name="duplicate", help="the record that ends", type=UUID),
                Ask(name="into", help="the record that stays", type=UUID),
            ),
            checks=(_both_here,),
        ),
        Move(
            name="confirm",
            label="confirm",
            sources=("proposed",),
            to="confirmed",
            by=ANYONE,
            checks=(_both_here, _right_at_all),
            apart_from=("propose",),
        ),
        Move(
            name="refuse",
            label="refuse",
            sources=("proposed",),
            to="refused",
            by=ANYONE,
            asks=(REASON,),
            checks=(_right_at_all,),
            apart_from=("propose",),
        ),
    ),
)
