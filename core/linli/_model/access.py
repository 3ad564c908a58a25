"""Who may do what, where: roles come from posts at places, and nothing is allowed unless said."""

from collections.abc import Iterable
from functools import partial
from typing import Literal
from uuid import UUID

import attrs

from linli._base.i18n import listed, translate


@attrs.frozen(kw_only=True, slots=False)
class Post:
    """A role that a person has in an organisation or at a place.

    Attributes:
        role: such as "clerk", "steward".
        at: the organisation or the place.
        place: where it reaches: this place and everything below it.
    """

    role: str
    at: UUID
    place: UUID

    @property
    def of_body(self) -> bool:
        """Whether it is a post in an organisation, not at a place."""
        return self.at != self.place

    def __str__(self) -> str:
        return f"{self.role}@{self.at}"


@attrs.frozen(kw_only=True)
class Seat:
    """What holds an open item: a role at an organisation or a place, whoever has it now.

    Attributes:
        role: None means any post at `at`.
    """

    role: str | None
    at: UUID

    def __str__(self) -> str:
        return f"{self.role or '*'}@{self.at}"

    def is_had_by(self, post: "Post | Seat") -> bool:
        """Whether whoever has a post, or acts by the seat that it is, has this seat."""
        return post.at == self.at and self.role in (None, post.role)

    @classmethod
    def read(cls, text: str) -> "Seat | None":
        """The seat that a text was made from; None where it is of none: "own", "engine"."""
        role, mark, at = text.partition("@")
        return cls(role=None if role == "*" else role, at=UUID(at)) if mark else None


@attrs.frozen(kw_only=True)
class Actor:
    """Who acts.

    Attributes:
        person: the person; None for linli itself and for whoever sits at the console.
        posts: roles given beside the person's own posts, at every place: the console's.
        account: the machine's account under whose name the console acts.
        engine: linli itself, carrying out what a rule says.
        only: the one capacity that the person acts in: a role, or "own"; None: whichever fits.
        asked: whether they are there to be asked for it where several fit: somebody at a terminal, no program.
        source: where what they say of earlier moments comes from: what they know themselves ("hand"), a file,
            another system, a device. It is shown; only what linli itself brings from a file counts by it.
    """

    person: UUID | None = None
    posts: frozenset[str] = frozenset()
    account: str = ""
    engine: bool = False
    only: str | None = None
    asked: bool = False
    source: Literal["hand", "file", "system", "device"] = "hand"


ENGINE_ACTOR = Actor(engine=True, source="file")


@attrs.frozen(kw_only=True)
class Role:
    """Who may make a move; join with `|`.

    Attributes:
        posts: any of these posts, reaching the subject's place.
        holder: whoever has the seat that holds the subject.
        own: the person that the subject is about or from.
        anyone: every registered person.
        engine: linli itself.
        not_own: nobody in their own matter, whatever post they have: `CLERK - OWN`.
    """

    posts: frozenset[str] = frozenset()
    holder: bool = False
    own: bool = False
    anyone: bool = False
    engine: bool = False
    not_own: bool = False

    def __or__(self, other: "Role") -> "Role":
        return Role(
            posts=self.posts | other.posts,
            holder=self.holder or other.holder,
            own=self.own or other.own,
            anyone=self.anyone or other.anyone,
            engine=self.engine or other.engine,
            not_own=self.not_own or other.not_own,
        )

    def __sub__(self, own: "Role") -> "Role":
        if own != OWN:
            raise ValueError("only OWN can be taken off a role")
        return attrs.evolve(self, not_own=True)

    def __str__(self) -> str:
        flags = [name for name in ("holder", "own", "anyone", "engine") if getattr(self, name)]
        flags += ["but not for oneself"] if self.not_own else []
        return str(listed(translate(name) for name in [*sorted(self.posts), *flags]))


def has_post(*roles: str) -> Role:
    """Whoever has one of these posts where the subject is."""
    return Role(posts=frozenset(roles))


KEEPERS = has_post("clerk", "registrar", "administrator")
"""Who keeps the register: the right to change what is recorded of people and places, and to take files."""


HOLDER = Role(holder=True)
OWN = Role(own=True)
ANYONE = Role(anyone=True)
ENGINE = Role(engine=True)
NOBODY = Role()


@attrs.frozen(kw_only=True, slots=False)
class PermissionContext:
    """What a role is judged on.

    Attributes:
        path: the places above the subject's, from the district downwards, and that place last.
        seats: the seats that hold the subject: its holder's, and those that stand in for it.
    """

    path: tuple[UUID, ...]
    seats: tuple[Seat, ...] = ()
    person: UUID | None = None


def acting_as(role: Role, actor: Actor, posts: Iterable[Post], scene: PermissionContext) -> str | None:
    """As what `actor` may act in this scene: a post, "own", "engine", "console"; None: not allowed.

    One's own matter is one's own, whatever posts one has; of several posts it is the nearest by.
    """
    if actor.engine:
        return "engine" if role.engine else None
    if actor.posts & role.posts or (actor.posts and role.holder):
        return f"console:{actor.account}" if actor.account else "console"
    own = actor.only in (None, "own") and actor.person is not None
    if own and role.own and actor.person == scene.person:
        return "own"
    fitting = [post for post in posts if actor.only in (None, post.role) and _fits(role, post, scene)]
    if fitting:
        return str(fitting[0] if len(fitting) == 1 else max(fitting, key=partial(_nearness, scene)))
    return "person" if own and role.anyone else None


def capacities(role: Role, actor: Actor, posts: Iterable[Post], scene: PermissionContext) -> list[str]:
    """In which capacities `actor` may act, as they are named after a person: roles, and "own" in one's own matter."""
    found = dict.fromkeys(post.role for post in posts if _fits(role, post, scene))
    mine = actor.person is not None and actor.person == scene.person
    return [*found, *(["own"] if mine and (role.own or role.anyone) else [])]


def _nearness(scene: PermissionContext, post: Post) -> int:
    return scene.path.index(post.place) if post.place in scene.path else len(scene.path)


def _fits(role: Role, post: Post, scene: PermissionContext) -> bool:
    if post.role in role.posts and post.place in scene.path:
        return True
    return role.holder and any(seat.is_had_by(post) for seat in scene.seats)


def may_see(visible_to: Role | None, actor: Actor, posts: Iterable[Post], scene: PermissionContext) -> bool:
    """Whether `actor` may see a subject: its holder, whom it is about, and who has a post for it."""
    if actor.engine or actor.posts:
        return True
    posts = tuple(posts)
    if visible_to is None and any(post.place in scene.path for post in posts):
        return True
    shown_to = (visible_to or Role()) | HOLDER | OWN
    return acting_as(shown_to, actor, posts, scene) is not None
