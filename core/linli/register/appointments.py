"""Appointments: posts given by one person and confirmed by another, many by one list."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from linli.access import ANYONE, Actor
from linli.acts import Act, new_id
from linli.effects import Change, Effect
from linli.facts import Facts
from linli.i18n import Text, say
from linli.register import giving_posts
from linli.register.keeping import KEEPERS
from linli.register.living import living
from linli.register.posts import PostRecord, begun_post
from linli.subjects import Subject
from linli.workflow import REASON, Ask, Move, State, Workflow


@attrs.frozen(kw_only=True)
class Entry:
    """One post of a list.

    Attributes:
        at: the place or the organisation.
        since, until: as in `register.post`; None: from its confirmation on, for as long as nothing else is said.
    """

    person: UUID
    role: str
    at: UUID
    since: datetime | None = None
    until: datetime | None = None


def entries(given: Iterable[Entry | Mapping[str, Any]]) -> tuple[Entry, ...]:
    """The list, from records or from what JSON has of them."""
    return tuple(one if isinstance(one, Entry) else Entry(**one) for one in given)


@attrs.frozen(kw_only=True)
class Appointment:
    """What is kept with an appointment.

    Attributes:
        posts: the list.
    """

    posts: tuple[Entry, ...] = attrs.field(converter=entries)


def _may_propose(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    for entry in subject.record.posts:
        living(facts, facts.survivor(entry.person))
        if act.actor is not None:
            problem = giving_posts.problem(facts, Actor(person=act.actor), entry.person, entry.role, entry.at)
            if problem:
                return problem
    return None if subject.record.posts else say("name at least one post")


def _may_confirm(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    for entry in subject.record.posts:
        if act.actor is not None and facts.survivor(entry.person) == act.actor:
            return say("nobody confirms a post of their own")
        if act.actor is not None and not giving_posts.may_confirm(facts, act.actor, entry.role, entry.at):
            return say("{role} is not yours to confirm here", role=say(entry.role))
        problem = giving_posts.too_many(facts, entry.role, entry.at)
        if problem:
            return problem
    return None


def _begin(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    for entry in subject.record.posts:
        post = PostRecord(
            id=new_id(),
            person=facts.survivor(entry.person),
            role=entry.role,
            at=facts.survivor(entry.at),
            place=giving_posts.reach(facts, facts.survivor(entry.at)),
            since=max(entry.since or facts.at, facts.at),
            until=entry.until,
        )
        yield Change(write=begun_post(facts.district, post))


APPOINTMENT = Workflow(
    name="appointment",
    label="appointment",
    record=Appointment,
    read_by=KEEPERS,
    states=(
        State("proposed", "waiting for a second person"),
        State("confirmed", "confirmed", ends=("confirmed",)),
        State("refused", "refused", ends=("refused",)),
        State("taken_back", "withdrawn", ends=("taken_back",)),
    ),
    moves=(
        Move(
            name="propose",
            label="propose",
            sources=(),
            to="proposed",
            by=ANYONE,
            asks=(
                Ask(name="posts", help="who gets which post where", type=tuple),
                Ask(name="paper", help="the paper of the election or the appointment", private=True, required=False),
            ),
            checks=(_may_propose,),
        ),
        Move(
            name="confirm",
            label="confirm",
            sources=("proposed",),
            to="confirmed",
            by=ANYONE,
            checks=(_may_confirm,),
            apart_from=("propose",),
            effects=(_begin,),
        ),
        Move(
            name="refuse",
            label="refuse",
            sources=("proposed",),
            to="refused",
            by=ANYONE,
            asks=(REASON,),
            checks=(_may_confirm,),
            apart_from=("propose",),
        ),
        Move(
            name="take_back",
            label="withdraw",
            sources=("proposed",),
            to="taken_back",
            by=ANYONE,
            checks=(_may_propose,),
        ),
    ),
)  # fmt: skip
