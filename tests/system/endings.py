"""Whatever is open in a district, brought to an end by those who may, in whatever workflow it is.

It knows workflows by what is loaded: the ways from a state to one that ends, the people whose posts or whose own matter
let them go it, values by the types of what is asked. What nobody can do now comes with time: the clock goes on and the
worker comes by, as it does every night.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from linli import Actor, District, StoredSubject
from linli._base.errors import Refused
from linli._model.compiled import Move, Workflow
from linli._model.inputs import Field
from linli._model.lookups import path_ids
from linli._store import tables as t
from linli.testing import Moment

_FAR = 99
_DAYS, _STEPS = 10, 6


class Endings:
    """Brings what is open to its end.

    Args:
        chance: takes any way that leads on, not the shortest: for trying more of them.

    Attributes:
        made: how often each move was made.
        waits: by kind and state, why somebody who may was refused.
    """

    def __init__(self, district: District, clock: Moment, chance: Random | None = None) -> None:
        self.district, self.clock, self._chance = district, clock, chance
        self.made: Counter[str] = Counter()
        self.waits: dict[tuple[str, str], set[str]] = {}
        self._posts = district.register.posts()
        self._paths: dict[UUID, tuple[UUID, ...]] = {}
        self._been: Counter[tuple[UUID, str]] = Counter()

    def open(self) -> dict[UUID, str]:
        """The kinds of what is open, the parts before their wholes."""
        s = t.subject.c
        query = select(s.id, s.kind).where(s.district == self.district.code, s.ended_at.is_(None))
        with self.district.store.reading() as connection:
            rows = connection.execute(query.order_by(s.parent.is_(None), s.opened_at, s.id)).all()
        return {row.id: row.kind for row in rows}

    def all(
        self,
        days: int = 120,
        last: Collection[str] = (),
        stands: Callable[[StoredSubject], bool] = lambda _: False,
    ) -> list[StoredSubject]:
        """Bring everything to its end in so many days; what is open still.

        Args:
            last: kinds whose people others need: these wait until all else has ended, or its days are over.
            stands: what is open and has no end.
        """
        first = [kind for kind in self.district.rules.workflows if kind not in last]
        for kinds in (first, [*first, *last]):
            for _ in range(0, days, _DAYS):
                left = [self.district.subject(one) for one, kind in self.open().items() if kind in kinds]
                if all(stands(one) for one in left):
                    break
                self.waits.clear()
                for one in left:
                    self.one(one.id)
                self._wait()
        return [one for one in map(self.district.subject, self.open()) if not stands(one)]

    def one(self, ident: UUID) -> None:
        """Move by move, until it has ended or nobody can go on today."""
        for _ in range(_STEPS):
            subject = self.district.subject(ident)
            if subject.ended_at or not self._on(subject):
                return

    def _wait(self) -> None:
        for _ in range(_DAYS):
            self.clock.now += timedelta(days=1)
            while self.district.worker.run_once(200, now=self.clock.now, settle=False):
                pass
        for declaration in self.district.rules.plugins.declarations.values():
            for chore in declaration.periodic:
                chore(self.district)

    def _on(self, subject: StoredSubject) -> bool:
        """One move on, to a state in which it has not been yet; whether somebody could make it."""
        if not self._been[subject.id, subject.state]:
            self._been[subject.id, subject.state] = 1
        flow = self.district.rules.workflow(subject.kind)
        on, here = self._on_from(flow, subject), self._here(flow, subject)
        ends = [move for move in on if self._chance and not distances(flow)[str(move.to)]]
        return any(
            self._make(subject, move) for move in (*(one for one in on if one not in ends), *here, *ends)
        )

    def _on_from(self, flow: Workflow, subject: StoredSubject) -> list[Move]:
        """The shortest way first, and none back; by chance, any, and back once."""
        far, here = distances(flow), subject.state
        moves = [
            move
            for move in flow.moves
            if here in move.sources
            and move.to in far.keys() - {here}
            and (self._new(subject, move.to) or (self._chance and far[move.to] < far[here]))
        ]
        if self._chance:
            return self._chance.sample(moves, len(moves))
        return sorted(moves, key=lambda move: far[str(move.to)])

    def _here(self, flow: Workflow, subject: StoredSubject) -> list[Move]:
        """What may have to be done before it goes on, once each."""
        moves = [
            move for move in flow.moves if subject.state in move.sources and move.to in (None, subject.state)
        ]
        return [move for move in moves if not self._been[subject.id, move.name]]

    def _new(self, subject: StoredSubject, state: str) -> bool:
        return self._been[subject.id, state] < (2 if self._chance else 1)

    def _make(self, subject: StoredSubject, move: Move) -> bool:
        """Let somebody who may make it, with what it needs, or else with all that it asks for."""
        for actor in self._whoever_may(move, subject):
            for everything in (False, True):
                try:
                    self.district.make(
                        subject.id, move.name, self._given(move, subject, everything), actor=actor
                    )
                except Refused as refusal:
                    self.waits.setdefault((subject.kind, subject.state), set()).add(f"{move.name}: {refusal}")
                else:
                    self._been[subject.id, move.to or move.name] += 1
                    self._been[subject.id, move.name] += move.to == subject.state
                    self.made[f"{subject.kind}.{move.name}"] += 1
                    return True
        return False

    # --- by whom, with what -----------------------------------------------------------------------------

    def _whoever_may(self, move: Move, subject: StoredSubject) -> Iterator[Actor]:
        """The person whose own matter it is, then whoever has a post for it, each once."""
        path, holder = self._path(subject.place), subject.holder
        people = [subject.person] if move.by.own and subject.person else []
        for post in self._posts:
            held = move.by.holder and holder and post.at == holder.at and holder.role in (None, post.role)
            if held or (post.role in move.by.posts and post.place in path):
                people.append(post.person)
        for person in dict.fromkeys(people):
            yield Actor(person=person)

    def _path(self, place: UUID) -> tuple[UUID, ...]:
        if place not in self._paths:
            self._paths[place] = path_ids(self.district.register.node(place).path)
        return self._paths[place]

    def _given(self, move: Move, subject: StoredSubject, everything: bool) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for field in move.fields:
            only_if = field.input.only_if
            needed = field.required or (only_if and given.get(only_if[0]) in only_if[1])
            if field.asked and (needed or (everything and not only_if)):
                given[field.name] = self._value(field, subject)
        return given

    def _value(self, field: Field, subject: StoredSubject) -> Any:
        one = self._one(field, subject)
        return one if not field.many else {} if field.keyed else [one]

    def _one(self, field: Field, subject: StoredSubject) -> Any:
        if field.choices:
            return field.choices[0]
        if field.fields:
            return {one.name: self._value(one, subject) for one in field.fields if one.required}
        if field.type is UUID:
            return self._number(field.kind, subject)
        plain: Mapping[type, Any] = {
            str: "已办好",
            int: 1 if field.input.least is None else field.input.least,
            bool: False,
            Decimal: Decimal(1),
            date: self.clock.now.date() + timedelta(days=1),
            datetime: self.clock.now,
        }
        return plain.get(field.type)

    def _number(self, kind: str, subject: StoredSubject) -> UUID | None:
        """Of somebody or something near; of a matter, another of its kind."""
        match kind:
            case "organisation" | "place or organisation" if subject.holder:
                return subject.holder.at
            case "person":
                return subject.person or self._posts[0].person
            case "place":
                compounds = self.district.register.places(kind="compound")
                return next((one.id for one in compounds if one.id != subject.place), None)
            case _:
                alike = (one for one, kind in self.open().items() if kind == subject.kind)
                return next((one for one in alike if one != subject.id), None)


def distances(flow: Workflow) -> dict[str, int]:
    """How many moves each state is from an end; not those from which none leads there."""
    far = {state.name: 0 for state in flow.states if state.ends}
    while True:
        nearer = {
            source: far[move.to] + 1
            for move in flow.moves
            if move.to in far
            for source in move.sources
            if far[move.to] + 1 < far.get(source, _FAR)
        }
        if not nearer:
            return far
        far |= nearer
