"""Who asks or acts, as the register has them now: what is answered is judged by the same person, and the same posts, as an act."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from linli._base.errors import NotAllowed
from linli._base.refusals import NotPermitted
from linli._model.access import Actor, PermissionContext, Role, acting_as
from linli._model.facts import Facts
from linli._model.lookups import root_id

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict
    from linli._model.subjects import StoredSubject


class OnlyRegistered(
    NotPermitted, says="only somebody who is registered, and whose record has not ended, can act here"
): ...


def present(actor: Actor, facts: Facts) -> Actor:
    """Whoever was merged is who they became. NotAllowed where they are not there, or not any more."""
    if actor.person is None or facts.here(actor.person):
        return actor
    now = facts.survivor(actor.person)
    if not facts.here(now):
        raise NotAllowed(OnlyRegistered())
    facts.actor = now
    return attrs.evolve(actor, person=now)


@contextmanager
def asked_by(district: "OpenDistrict", actor: Actor | None) -> Iterator[tuple[Facts, Actor]]:
    """What is on the record, and who asks for it; without an actor, the console. NotAllowed as in an act."""
    with district.store.transaction(writes=False) as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        yield facts, present(actor or district.console, facts)


def scene_of(subject: "StoredSubject", facts: Facts, actor: Actor) -> PermissionContext:
    """What a look at a subject is judged on: every place that sees it, and the seats that hold it, or stand in."""
    seats = facts.seats(subject.holder, subject.place) if subject.holder else ()
    person = _as_now(subject.person, facts, actor)
    return PermissionContext(path=facts.reached_from(subject.place), seats=seats, person=person)


def _as_now(person: UUID | None, facts: Facts, actor: Actor) -> UUID | None:
    """Somebody's number; that of who asks, where it is an earlier one of theirs: what has ended keeps it."""
    return actor.person if person and facts.is_among(actor.person, (person,)) else person


def may(role: Role, actor: Actor, facts: Facts, place: UUID | None, person: UUID | None = None) -> bool:
    """Whether somebody has a role at a place, or, where the role says so, in a matter of their own.

    Args:
        place: None: in the whole district.
    """
    posts = facts.posts(actor.person) if actor.person else ()
    path = facts.reached_from(place) if place else (root_id(facts.district),)
    scene = PermissionContext(path=path, person=_as_now(person, facts, actor))
    return acting_as(role, actor, posts, scene) is not None
