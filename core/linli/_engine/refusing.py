"""Refusals that say who may, and why not whoever tried."""

from collections.abc import Iterable
from uuid import UUID

from linli._base.errors import NotAllowed, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.records import evolve
from linli._base.refusals import Missing, NotPermitted
from linli._model.access import Actor, PermissionContext, Post, Role, Seat, acting_as, capacities


def who_may(role: Role, holder: Seat | None = None) -> Several:
    """Who may, in words: the holder by what it is."""
    found: list[Text | UUID] = [say(post) for post in sorted(role.posts)]
    if role.holder:
        found.append(in_words(holder) if holder else say("holder"))
    found += [say("own")] if role.own else []
    found += [say("anyone")] if role.anyone else []
    return listed(found)


def in_words(seat: Seat) -> Text | UUID:
    """A seat: what it is at, and the role there. Whoever prints it puts the name in place of the identifier."""
    return say("{at} · {role}", at=seat.at, role=say(seat.role)) if seat.role else seat.at


class NotYours(NotPermitted, says="you may not do this here; it is for: {who}; {why}"):
    who: Several
    why: Text


def not_allowed(
    doing: Text,
    role: Role,
    actor: Actor,
    posts: Iterable[Post],
    scene: PermissionContext,
    *,
    first: Post | None = None,
) -> NotAllowed:
    """The refusal of an act.

    Args:
        doing: what was tried.
        posts: the actor's, all of them.
        first: the post of a body for which they acted in the same matter before.
    """
    who = who_may(role, scene.seats[0] if scene.seats else None)
    return NotAllowed(NotYours(who=who, why=_why(role, actor, tuple(posts), scene, first)), doing=doing)


def _why(
    role: Role, actor: Actor, posts: tuple[Post, ...], scene: PermissionContext, first: Post | None
) -> Text:
    if actor.person is None:
        return say("say who does it: --as PERSON, or --as PERSON/own for their own matter")
    if actor.only is not None:
        other = acting_as(role, evolve(actor, only=None), posts, scene)
        if other is not None:
            able = listed(say(one) for one in capacities(role, actor, posts, scene)) if posts else say("own")
            return say("you act as {only} now, and could as: {able}", only=say(actor.only), able=able)
    if first is not None:
        return say("in this matter you have acted for {at}, and act for nobody else", at=first.at)
    same = [post for post in posts if post.role in role.posts]
    if same:
        return say("you have that post elsewhere: {at}", at=listed(post.at for post in same))
    if role.holder and not role.posts:
        return say("you have no post there")
    return say("you have none of these posts here")


class SeveralCapacities(
    Missing, says="you can do this as: {able}; say in which capacity: --as PERSON/{example}"
):
    able: Several
    example: str
    field: str = "as"


def ask_which(
    doing: Text, role: Role, actor: Actor, posts: Iterable[Post], scene: PermissionContext, found: str
) -> None:
    """Refused where somebody who can be asked could act in several capacities and named none."""
    if not actor.asked or actor.only is not None or "@" not in found:
        return
    able = capacities(role, actor, posts, scene)
    if len(able) > 1:
        words = listed(say("{word} ({code})", word=say(one), code=one) for one in able)
        raise Refused(SeveralCapacities(able=words, example=able[0]), doing=doing)
