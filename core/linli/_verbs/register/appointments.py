"""Appointments: posts given by one person and confirmed by another, many by one list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import attrs

from linli._base.i18n import Text, say
from linli._base.refusals import Missing, Refusal
from linli._model.access import ANYONE, KEEPERS, Actor
from linli._model.acts import new_id
from linli._model.contexts import Transition
from linli._model.effects import Change, Effect
from linli._model.inputs import BodyId, Input, PersonId, PlaceId, Private, Why
from linli._model.moves import Moves
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._verbs.register import giving_posts
from linli._verbs.register.living import living
from linli._verbs.register.posts import PostRecord, begun_post


@attrs.frozen(kw_only=True)
class Entry:
    """One post of a list.

    Attributes:
        at: the place or the organisation.
        since, until: as in `register.post`; None: from its confirmation on, for as long as nothing else is said.
    """

    person: PersonId
    role: str
    at: PlaceId | BodyId
    since: datetime | None = None
    until: datetime | None = None


@attrs.frozen(kw_only=True)
class Appointment:
    """What is kept with an appointment.

    Attributes:
        posts: the list.
    """

    posts: tuple[Entry, ...]


@attrs.frozen(kw_only=True)
class Propose:
    posts: Annotated[tuple[Entry, ...], Input("who gets which post where")]
    paper: Annotated[Private | None, Input("the paper of the election or the appointment")] = None


class NoPostNamed(Missing, says="name at least one post"):
    field: str = "posts"


def may_propose(t: Transition[Appointment, object]) -> Refusal | None:
    for entry in t.record.posts:
        living(t.facts, t.facts.survivor(entry.person))
        if t.actor is not None:
            problem = giving_posts.problem(t.facts, Actor(person=t.actor), entry.person, entry.role, entry.at)
            if problem:
                return problem
    return None if t.record.posts else NoPostNamed()


class ConfirmsOwnPost(Refusal, says="nobody confirms a post of their own"): ...


class NotYoursToConfirm(Refusal, says="{role} is not yours to confirm here"):
    role: Text


def may_confirm(t: Transition[Appointment, object]) -> Refusal | None:
    for entry in t.record.posts:
        if t.actor is not None and t.facts.survivor(entry.person) == t.actor:
            return ConfirmsOwnPost()
        if t.actor is not None and not giving_posts.may_confirm(t.facts, t.actor, entry.role, entry.at):
            return NotYoursToConfirm(role=say(entry.role))
        problem = giving_posts.too_many(t.facts, entry.role, entry.at)
        if problem:
            return problem
    return None


def posts_begin(t: Transition[Appointment, object]) -> Iterable[Effect]:
    for entry in t.record.posts:
        at = t.facts.survivor(entry.at)
        post = PostRecord(
            id=new_id(),
            person=t.facts.survivor(entry.person),
            role=entry.role,
            at=at,
            place=giving_posts.reach(t.facts, at),
            since=max(entry.since or t.at, t.at),
            until=entry.until,
        )
        yield Change(write=begun_post(t.facts.district, post))


class AppointmentFlow(Workflow[Appointment], name="appointment", readable_by=KEEPERS):
    move = Moves(Appointment)
    proposed = State("waiting for a second person")
    confirmed = State("confirmed", ends=True)
    refused = State("refused", ends=True)
    taken_back = State("withdrawn", ends=True)
    propose = move.opening(proposed, Propose, by=ANYONE, needs=[may_propose])
    confirm = move(
        proposed.to(confirmed), by=ANYONE, needs=[may_confirm], not_by=[propose], then=[posts_begin]
    )
    refuse = move(proposed.to(refused), Why, by=ANYONE, needs=[may_confirm], not_by=[propose])
    take_back = move(proposed.to(taken_back), label="withdraw", by=ANYONE, needs=[may_propose])
