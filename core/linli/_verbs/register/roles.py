"""Roles: what the district's rules and settings name, and what people have."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs
from sqlalchemy import func, or_, select

from linli._base.errors import Refused
from linli._base.i18n import Text, say
from linli._base.refusals import NotFoundHere
from linli._store import tables as t
from linli._verbs.register.base import Desk

if TYPE_CHECKING:
    from linli._engine.rules import Rules

_p = t.post.c


@attrs.frozen(kw_only=True)
class RoleRecord:
    """A role of a district.

    Attributes:
        acts_on: what it may act on beside what it holds: kinds of subjects, and verbs that are no workflow's move.
        posts: how many have it now.
    """

    name: str
    acts_on: tuple[str, ...]
    posts: int


class NoSuchRole(NotFoundHere, says="no rule of this district knows the role '{role}'; {hint}"):
    role: str
    hint: Text


class Roles(Desk):
    """Which roles mean something here."""

    def roles(self) -> list[RoleRecord]:
        """What rules name and what people have, by name."""
        named, held = _named(self._district.rules), self._held()
        return [
            RoleRecord(name=name, acts_on=tuple(sorted(named.get(name, ()))), posts=held.get(name, 0))
            for name in sorted({*named, *held})
        ]

    def check_role(self, role: str) -> None:
        """Refused where no rule, no table of posts, no setting and nobody's post knows a role: a slip of the pen gives no rights."""
        rules = self._district.rules
        given = rules.constants.giving.rules
        known = {*_named(rules), *given, *_texts(rules.constants.settings.values()), *self._held()}
        if role in known:
            return
        near = get_close_matches(role, sorted({*_named(rules), *given}), n=1)
        hint = say("did you mean {near}?", near=near[0]) if near else say("see: linli post roles")
        raise Refused(NoSuchRole(role=role, hint=hint))

    def _held(self) -> dict[str, int]:
        query = (
            select(_p.role, func.count())
            .where(_p.district == self._code, or_(_p.until.is_(None), _p.until > self._district.now()))
            .group_by(_p.role)
        )
        with self._district.store.reading() as connection:
            return dict(tuple(row) for row in connection.execute(query))


def _named(rules: "Rules") -> dict[str, set[str]]:
    """The roles that somebody gives, that may make moves or do what needs a permission, with the kinds and verbs."""
    found: dict[str, set[str]] = {role: set() for role in rules.constants.giving.rules}
    for kind, flow in rules.workflows.items():
        for role in {role for move in flow.moves for role in move.by.posts}:
            found.setdefault(role, set()).add(kind)
    for verb, who in rules.permissions.items():
        for role in who.posts:
            found.setdefault(role, set()).add(verb)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text in settings: the roles that a district names are among them."""
    if isinstance(value, str):
        yield value
    elif attrs.has(type(value)):
        yield from _texts(getattr(value, field.name) for field in attrs.fields(type(value)))
    elif isinstance(value, dict):
        yield from _texts((*value, *value.values()))
    elif isinstance(value, Iterable):
        for one in value:
            yield from _texts(one)
