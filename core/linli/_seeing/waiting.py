"""What waits for somebody: the open matters in which it is their turn, what is late first.

Whose turn it is in a state, its workflow says (`Workflow.turn_in`): the seat that holds the matter, a post at its
place, or the person whose matter it is.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from linli._engine.asking import asked_by
from linli._engine.listing import COUNTED_TO
from linli._model.access import Actor, Post, Role, Seat
from linli._model.lookups import POSTS_OF, stands_under
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._query.own import path_of
from linli._seeing.seeing import is_kept_back, is_of_seat, nobody_has_its_seat
from linli._store import tables as t
from linli._store.fields import field
from linli._verbs.dispatch.impartial import knows_whose

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_s = t.subject.c
_a = t.alias.c


@attrs.frozen
class Turn:
    """Whose turn it is with a subject.

    Attributes:
        seat: the seat that holds it, where it is the holder's.
        posts: posts at its place, any of which can go on.
        own: whether it is the person's whose matter it is.
    """

    seat: Seat | None = None
    posts: tuple[str, ...] = ()
    own: bool = False


def turn_of(district: "OpenDistrict", subject: StoredSubject) -> Turn:
    """Whose turn it is now; nobody's where it has ended, or where nothing is waited for."""
    role = district.rules.workflow(subject.kind).turn_in(subject.state)
    return Turn(
        seat=subject.holder if role.holder else None,
        posts=tuple(sorted(role.posts)),
        own=role.own,
    )


class Waiting:
    """What waits for `actor`: for the person and all their posts, or for the one capacity that they name."""

    def __init__(self, district: "OpenDistrict", actor: Actor) -> None:
        """Raises: NotAllowed for who is not registered, or not any more."""
        self._district = district
        with asked_by(district, actor) as (_, now):
            self._actor = now

    def count(self) -> int:
        """How much it is; one more than `COUNTED_TO` stands for any number above it."""
        some = select(_s.id).where(*self._conditions).limit(COUNTED_TO + 1).subquery()
        with self._district.store.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(some)) or 0)

    def subjects(self, most: int) -> list[StoredSubject]:
        """The most pressing of it: by deadline, so that what is late comes first, then the oldest."""
        query = (
            select(*SUBJECT_COLUMNS)
            .where(*self._conditions)
            .order_by(_s.due_at.is_(None), _s.due_at, _s.id)
            .limit(most)
        )
        return self._as_shown(self._rows(query))

    def _rows(self, query: Select[Any]) -> list[StoredSubject]:
        with self._district.store.reading() as connection:
            rows = connection.execute(query).all()
        rules = self._district.rules
        return [subject_from(tuple(row), rules.workflow(row[3]).record) for row in rows]

    def _as_shown(self, found: list[StoredSubject]) -> list[StoredSubject]:
        """Whose matter it is stays out where they asked for that; how long there is, whoever holds it must know."""
        if not found:
            return found
        mine = (_s.district == self._district.code, _s.id.in_({one.root for one in found}))
        roots = self._rows(select(*SUBJECT_COLUMNS).where(*mine))
        secret = {one.id: one for one in roots if is_kept_back(one)}
        if secret:
            with asked_by(self._district, self._actor) as (facts, who):
                secret = {key: one for key, one in secret.items() if not knows_whose(one, who, facts)}
        return [
            attrs.evolve(one.without_people(), clocks=one.clocks) if one.root in secret else one
            for one in found
        ]

    # --- what it is judged by ------------------------------------------------------------------------

    @cached_property
    def _conditions(self) -> list[ColumnElement[bool]]:
        mine = [self._held(post) for post in self._posts]
        mine += [
            self._in_turn(lambda turn: turn.holder) & is_of_seat(seat) & (_s.place == place)
            for seat, place in self._stood_in
        ]
        mine += [self._at_place(post.role, post.place) for post in self._posts]
        mine += [self._at_place(role, None) for role in sorted(self._actor.posts)]
        if self._actor.person and self._actor.only in (None, "own"):
            mine.append(self._in_turn(lambda role: role.own) & (_s.person == self._actor.person))
        return [
            _s.district == self._district.code,
            _s.ended_at.is_(None),
            or_(false(), *mine),
            self._not_about,
        ]

    @cached_property
    def _posts(self) -> tuple[Post, ...]:
        person, only = self._actor.person, self._actor.only
        if person is None:
            return ()
        values = {"district": self._district.code, "person": person, "at": self._district.now()}
        rows = self._district.store.ask([(POSTS_OF, values)])[0]
        held = (row[1:4] for row in rows if row[1])
        posts = (Post(role=role, at=at, place=place) for role, at, place in held)
        return tuple(post for post in posts if only in (None, post.role))

    def _held(self, post: Post) -> ColumnElement[bool]:
        """What the post's seat holds; what a merged organisation held is its successor's."""
        merged = select(_a.id).where(_a.district == self._district.code, _a.now == post.at)
        return and_(
            self._in_turn(lambda role: role.holder),
            or_(_s.holder_at == post.at, _s.holder_at.in_(merged)),
            or_(_s.holder_role.is_(None), _s.holder_role == post.role),
        )

    @cached_property
    def _stood_in(self) -> list[tuple[Seat, UUID]]:
        """Seats, each at a place, that nobody has now, where one of the posts is asked instead.

        Who stands in is judged by `Facts.seats`, as it is when they act; a step that a conflict leaves to nobody
        is offered by the act that finds it so.
        """
        if not self._posts:
            return []
        with self._district.store.reading() as connection:
            rows = connection.execute(self._vacant).all()
        with asked_by(self._district, self._actor) as (facts, _):
            empty = [(Seat(role=role, at=at), place) for role, at, place in rows]
            return [(seat, place) for seat, place in empty if self._mine(facts.seats(seat, place))]

    def _mine(self, seats: tuple[Seat, ...]) -> bool:
        return any(seat.is_had_by(post) for seat in seats for post in self._posts)

    @property
    def _vacant(self) -> Select[Any]:
        """The seats with something open below a place of one's posts that nobody has now."""
        return (
            select(_s.holder_role, _s.holder_at, _s.place)
            .where(
                _s.district == self._district.code,
                _s.ended_at.is_(None),
                self._in_turn(lambda role: role.holder),
                or_(
                    *(stands_under(path_of(place)) for place in sorted({post.place for post in self._posts}))
                ),
                nobody_has_its_seat(self._district.now()),
            )
            .distinct()
        )

    def _at_place(self, role: str, place: UUID | None) -> ColumnElement[bool]:
        found = self._in_turn(lambda turn: role in turn.posts)
        return found & stands_under(path_of(place)) if place else found

    @property
    def _not_about(self) -> ColumnElement[bool]:
        """What is about somebody, or about the body of one of their posts, is kept from them."""
        mine = {ident for ident in (self._actor.person, *(post.at for post in self._posts)) if ident}
        about = field(_s.record, "about")
        return or_(about.is_(None), about.not_in(sorted(map(str, self._with_merged(mine)))))

    def _with_merged(self, idents: set[UUID]) -> set[UUID]:
        query = select(_a.id).where(_a.district == self._district.code, _a.now.in_(idents))
        with self._district.store.reading() as connection:
            return idents | {row[0] for row in connection.execute(query)}

    def _in_turn(self, whose: Callable[[Role], bool]) -> ColumnElement[bool]:
        """Subjects in states in which it is the turn of such a role."""
        found = {
            kind: sorted(state for state, role in turns.items() if whose(role))
            for kind, turns in self._turns.items()
        }
        return or_(
            false(), *(and_(_s.kind == k, _s.state.in_(states)) for k, states in found.items() if states)
        )

    @cached_property
    def _turns(self) -> Mapping[str, Mapping[str, Role]]:
        flows = self._district.rules.workflows
        return {
            kind: {name: flow.turn_in(name) for name, state in flow.by_state.items() if not state.ends}
            for kind, flow in flows.items()
        }
