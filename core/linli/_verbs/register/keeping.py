"""Who keeps the register where: the right to change what is recorded of people, judged at every place it touches."""

from collections.abc import Iterable
from uuid import UUID

from linli._base.errors import NotAllowed
from linli._base.refusals import NotPermitted
from linli._model.access import KEEPERS, Actor, PermissionContext, acting_as
from linli._model.facts import Facts
from linli._model.lookups import root_id


def homes_of(facts: Facts, person: UUID) -> tuple[UUID, ...]:
    """Where somebody is at home; the district itself where nothing is known."""
    return (facts.home(person) or root_id(facts.district),)


def posts_reach(facts: Facts, person: UUID) -> tuple[UUID, ...]:
    """The places that somebody's posts reach."""
    return tuple(dict.fromkeys(post.place for post in facts.posts(person)))


def as_keeper(facts: Facts, actor: Actor, place: UUID) -> str | None:
    """As what somebody keeps the register at a place; None: they do not."""
    posts = facts.posts(actor.person) if actor.person else ()
    return acting_as(KEEPERS, actor, posts, PermissionContext(path=facts.place(place).path))


def keeps(facts: Facts, person: UUID, places: Iterable[UUID]) -> bool:
    """Whether somebody keeps the register at each of some places."""
    return all(as_keeper(facts, Actor(person=person), place) for place in places)


class OwnRecord(
    NotPermitted, says="nobody decides on their own record; ask for it, and somebody else decides"
): ...


def not_ones_own(facts: Facts, *people: UUID) -> NotPermitted | None:
    """Nobody decides on merging or moving their own record; everybody may ask for it."""
    if facts.actor and facts.actor in {facts.survivor(one) for one in people}:
        return OwnRecord()
    return None


def refuse_own(facts: Facts, *people: UUID) -> None:
    """Raise where somebody decides on their own record."""
    problem = not_ones_own(facts, *people)
    if problem:
        raise NotAllowed(problem)
