"""Facts: what checks, effects and plugins read, in the act's own transaction, each thing once."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import attrs

from linli._base.calendar import ServiceHours
from linli._base.errors import NotFound
from linli._model import lookups
from linli._model.access import Post, Seat
from linli._model.circles import circle_of
from linli._model.constants import Constants
from linli._model.lookups import Body, Circle, NoSuchPlace, Place, place_from
from linli._model.queries import Query
from linli._store import Read, Row, Transaction, Write
from linli._store.bulk import Lookup
from linli._store.failures import translated
from linli._store.store import Question
from linli._vault.vault import ITEMS_OF, KEY_OF

if TYPE_CHECKING:
    from linli._model.conditions import Tree

S = TypeVar("S")
_Key = tuple[Read, tuple[tuple[str, Any], ...]]


def _key(read: Read, values: Mapping[str, Any]) -> _Key:
    return read, tuple(values.items())


class Facts:
    """What can be read about the moment of an act. Nothing is read twice.

    Attributes:
        district: the district's code; `constants`: what does not change while it is open.
        at: when the act happens; checks and effects read this, never a clock.
        actor: the person who acts; None for linli itself and the console, and where nobody acts.
        tree_of: by a subject's number, the tree that it stands in as the act leaves it.
    """

    tree_of: "Callable[[UUID], Tree]"

    def __init__(
        self, transaction: Transaction, constants: "Constants", at: datetime, actor: UUID | None = None
    ) -> None:
        self._transaction = transaction
        self.constants = constants
        self._known: dict[_Key, list[Row]] = {}
        self._answers: dict[Query[Any], Any] = {}
        self._heard: dict[tuple[UUID, str], str] = {}
        self._places: dict[UUID, Place] = {}
        self.district = constants.district
        self.at = at
        self.actor = actor
        self._judged_at = at

    @property
    def calendar(self) -> ServiceHours:
        """The district's service hours."""
        return self.constants.calendar

    @property
    def today(self) -> date:
        """The day of the act, in the district's zone."""
        return self.calendar.day_of(self.at)

    def settings(self, kind: type[S]) -> S:
        """The district's settings of this class."""
        return self.constants.settings[kind]  # type: ignore[no-any-return]

    def commit(self, text: str, context: str) -> str:
        """64 hexadecimal digits that nobody can make of `text` without the district's key."""
        return self.constants.commit(text, context)

    def hear(self, subject: UUID, field: str, text: str) -> None:
        """Know what somebody writes in this very act, which the vault does not have yet."""
        self._heard[subject, field] = text

    def said(self, subject: UUID, field: str) -> str | None:
        """What somebody wrote, to be judged within this act: it is answered, logged and kept nowhere else."""
        if (subject, field) in self._heard:
            return self._heard[subject, field]
        rows = {name: (sealed, owner) for name, sealed, owner in self.rows(ITEMS_OF, subject=subject)}
        if field not in rows:
            return None
        sealed, owner = rows[field]
        key = self.constants.vault.key_from(self.rows(KEY_OF, owner=owner), owner)
        return self.constants.vault.opened(key, subject, {field: sealed})[field]

    def sealed(self, person: UUID, subject: UUID, field: str, text: str) -> Write:
        """The write that keeps a text of a person's with a subject; VaultError where they were erased."""
        key = self.constants.vault.key_from(self.rows(KEY_OF, owner=person), person)
        return self.constants.vault.item(key, person, subject, field, text)

    def as_of(self, at: datetime) -> "Facts":
        """The same facts, asked for another moment: of history that is taken down later."""
        other = copy(self)
        other.at = other._judged_at = at
        other._answers = {}
        return other

    def rows(self, read: Read, **values: Any) -> list[Row]:
        """The rows of a plugin's own query; `district` is given."""
        key = _key(read, values)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._asked([(read, values)])[0]
        return found

    def get(self, query: Query[S]) -> S:
        """The answer to a typed question; asked once."""
        if query not in self._answers:
            self._answers[query] = query.answer(self)
        found: S = self._answers[query]
        return found

    def fetch(self, queries: Iterable[Query[object]]) -> None:
        """Ask several at once: one round trip for all that does not depend on another's answer."""
        self.all([question for query in queries for question in query.questions()])

    def know(self, read: Read, rows: list[Row], **values: Any) -> None:
        """Take rows that came with others, so that they are not asked for."""
        self._known.setdefault(_key(read, values), rows)

    def all(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Answer several questions in one round trip; what is known is not asked again."""
        keys = [_key(read, values) for read, values in questions]
        found = [self._known.get(key) for key in keys]
        unknown = [number for number, rows in enumerate(found) if rows is None]
        if unknown:
            answers = self._asked([questions[number] for number in unknown])
            for number, rows in zip(unknown, answers, strict=True):
                found[number] = self._known[keys[number]] = rows
        return [rows for rows in found if rows is not None]

    def _asked(self, questions: Sequence[Question]) -> list[list[Row]]:
        with translated():
            return self._transaction.ask(
                [(read, {"district": self.district, **values}) for read, values in questions]
            )

    def found(self, lookup: Lookup, keys: Sequence[Hashable], **values: Any) -> list[Row]:
        """The rows that any of `keys` finds; for many at once, so it is asked anew each time."""
        if not keys:
            return []
        with translated():
            return self._transaction.look_up(lookup, keys, {"district": self.district, **values})

    def hold(self, name: str) -> None:
        """Let no other act of the district that holds `name` read or write until this one is done.

        For what several queries must see as of one moment. Hold before reading; never two names.
        """
        with translated():
            self._transaction.hold(f"{self.district} {name}")

    def posts(self, person: UUID) -> tuple[Post, ...]:
        """The posts that a person has at this moment."""
        rows = self.rows(lookups.POSTS_OF, at=self._judged_at, person=person)
        return tuple(Post(role=row[1], at=row[2], place=row[3]) for row in rows if row[1])

    def here(self, person: UUID) -> bool:
        """Whether somebody is registered and has not ended: has not died, moved away, been merged or erased."""
        rows = self.rows(lookups.POSTS_OF, at=self._judged_at, person=person)
        return bool(rows) and rows[0][0] is None

    def place(self, ident: UUID) -> Place:
        """A place; NotFound where there is none."""
        if ident not in self._places:
            rows = self.rows(lookups.PLACE, id=ident)
            if not rows:
                raise NotFound(NoSuchPlace(id=ident))
            self._places[ident] = place_from(rows[0])
        return self._places[ident]

    def home(self, person: UUID) -> UUID | None:
        """Where somebody is at home, or where else they belong; None where nothing is known."""
        rows = self.rows(lookups.HOMES, person=self.survivor(person))
        return next((place or body_place for _, place, body_place, _ in rows), None)

    def place_of_owner(self, owner: UUID) -> UUID | None:
        """Where an owner of units is: a place, an organisation, a person, a matter, or a hold of one of them."""
        held = self.rows(lookups.HELD_BY, hold=owner)
        ident = self.survivor(held[0][0] if held else owner)
        own, body, matter = self.all(
            [
                (lookups.PLACE, {"id": ident}),
                (lookups.ORGANISATION, {"id": ident}),
                (lookups.SUBJECT_PLACE, {"id": ident}),
            ]
        )
        if own or body or matter:
            return ident if own else (body[0][3] if body else matter[0][0])
        return self.home(ident)

    def goes_on(self, place: UUID) -> UUID:
        """The place; where it has ended, the nearest above it that stands: what it was merged into, or what it lay in.

        What is merged away lies below its successor.
        """
        known = self.place(place)
        if not known.closed:
            return place
        return next((one for one in known.path[-2::-1] if not self.place(one).closed), place)

    def after(self, place: UUID) -> tuple[UUID, ...]:
        """The places that came after one that was merged or split; itself where none did."""
        known = self.place(place)
        later = [UUID(one) for one in known.record.get("successors", ())] if known.closed else []
        return tuple(dict.fromkeys(last for one in later for last in self.after(one))) or (place,)

    def reached_from(self, place: UUID) -> tuple[UUID, ...]:
        """The places whose posts see what is at a place: it, those above it, and those that came after it."""
        return tuple(dict.fromkeys((*self.place(place).path, *self.after(place))))

    def goes_on_for(self, place: UUID, where: UUID) -> UUID:
        """Where what a place had to do for `where` is done now: by the successor that `where` lies in, if one does."""
        known = self.place(place)
        if not known.closed:
            return place
        successors = {UUID(one) for one in known.record.get("successors", ())}
        inside = next((one for one in self.place(where).path[::-1] if one in successors), None)
        return self.goes_on(inside or place)

    def circle(self, place: UUID, since: datetime) -> Circle:
        """The homes of a place as it was when a matter was opened there, see `Subject.opened_in`.

        Whose vote, file and fund it is stays so: where the place ended, what stood below it then; what
        was merged into it later does not belong.
        """
        return circle_of(self, place, since)

    def above(self, place: UUID, kind: str) -> UUID | None:
        """The place of a kind that a place is in, or is; None where it is in none."""
        path = self.place(self.goes_on(place)).path
        return next((one for one in path if self.place(one).kind == kind), None)

    def balance(self, owner: UUID, unit: str, part: str = "free") -> int:
        """What an account has; 0 where it was never used."""
        rows = self.rows(lookups.BALANCE, owner=owner, unit=unit, part=part)
        return int(rows[0][0]) if rows else 0

    def cap_used(self, owner: UUID, rule: str, period: str) -> int:
        """How much of a cap is used up."""
        rows = self.rows(lookups.CAP_USED, owner=owner, rule=rule, period=period)
        return int(rows[0][0]) if rows else 0

    def paid(self, cause: UUID, rule: str, person: UUID) -> bool:
        """Whether an act was paid to somebody by a rule before."""
        return bool(self.rows(lookups.PAID, cause=cause, rule=rule, person=person))

    def survivor(self, ident: UUID) -> UUID:
        """The person, place or organisation, or what it was merged into."""
        rows = self.rows(lookups.ALIAS, id=ident)
        return rows[0][0] if rows else ident

    def identities(self, ident: UUID) -> frozenset[UUID]:
        """Every number that a person, place or organisation has or ever had: what is kept by an old one is theirs."""
        known = self._known.get(_key(lookups.POSTS_OF, {"at": self._judged_at, "person": ident}))
        rows = [] if known and not known[0][-1] else self.rows(lookups.NUMBERS_OF, now=ident)
        return frozenset((ident, *(was for (was,) in rows)))

    def is_among(self, person: UUID | None, people: Collection[UUID]) -> bool:
        """Whether somebody, by whatever number they ever had, is one of `people`."""
        return person is not None and not self.identities(person).isdisjoint(people)

    def consents(self, person: UUID, purpose: str) -> bool:
        """Whether the person's recorded consent for `purpose` stands."""
        return bool(self.rows(lookups.CONSENT, person=person, purpose=purpose, at=self.at))

    def bodies_at(self, place: UUID) -> tuple[Body, ...]:
        """The organisations of exactly this place, and of what was merged into it; of where it goes on, if it ended."""
        rows = self.rows(lookups.ORGANISATIONS_AT, place=self.goes_on(place))
        return tuple(Body(id=i, kind=k, name=n, place=p) for i, k, n, p, _ in rows)

    def body(self, kind: str, place: UUID) -> Body | None:
        """The body of `kind` for a place: its own, that of a place above, or who stands in for it."""
        upwards = self._upwards(place)
        stand_in = self.constants.stand_ins.get(kind)
        own = self._first(upwards[:1], (kind,)) or (None if stand_in else self._first(upwards, (kind,)))
        if own or not stand_in:
            return own
        found = self._instead(kind, upwards)
        return attrs.evolve(found, stands_in_for=kind) if found else None

    def _upwards(self, place: UUID) -> tuple[UUID, ...]:
        """The places that speak for a place, from where it goes on up to the district."""
        return self.place(self.goes_on(place)).path[::-1]

    def _instead(self, lacking: str, upwards: Sequence[UUID]) -> Body | None:
        stand_in = self.constants.stand_ins.get(lacking)
        found = (self._first(upwards, (kind,)) for kind in (stand_in.by if stand_in else ()))
        return next((body for body in found if body), None)

    def _first(self, places: Iterable[UUID], kinds: tuple[str, ...]) -> Body | None:
        for place in places:
            for body in self.bodies_at(place):
                if body.kind in kinds:
                    return body
        return None

    def who_has(self, seat: Seat) -> frozenset[UUID]:
        """The people who have a seat now, and the place or organisation that it is at."""
        rows = self.rows(lookups.HOLDERS_OF, at=self.at, seat_at=seat.at)
        return frozenset((seat.at, *(person for role, person in rows if seat.role in (None, role))))

    def seats(self, seat: Seat, place: UUID, barred: frozenset[UUID] = frozenset()) -> tuple[Seat, ...]:
        """Who holds what `seat` holds now: the seat; if nobody has it, its successor's, who stands in, the place above.

        Args:
            barred: people who may not act in the matter: where nobody else has the seat, it is as if nobody had it.
        """
        holders = self.rows(lookups.HOLDERS_OF, at=self.at, seat_at=seat.at)
        having = {person for role, person in holders if seat.role in (None, role)}
        if having - barred:
            return (seat,)
        if having and (above := self._same_above(seat, place, barred)):
            return above
        now = self._seat_now(seat.at, place)
        if now != seat.at:
            return self.seats(Seat(role=seat.role, at=now), place, barred)
        return (
            self._standing_in(seat, place, barred)
            or self._in_role(seat)
            or self._above(seat, place, barred)
            or self._for_role(seat, place)
        )

    def _same_above(self, seat: Seat, place: UUID, barred: frozenset[UUID]) -> tuple[Seat, ...]:
        """The same kind of seat at the nearest place above where somebody has it who is not barred."""
        bodies = self.rows(lookups.ORGANISATION, id=seat.at)
        for above in self.place(place).path[-2::-1]:
            same = [body.id for body in self.bodies_at(above) if bodies and body.kind == bodies[0][1]]
            for at in same if bodies else [above]:
                holders = self.rows(lookups.HOLDERS_OF, at=self.at, seat_at=at)
                if any(seat.role in (None, role) and person not in barred for role, person in holders):
                    return (Seat(role=seat.role, at=at),)
        return ()

    def _seat_now(self, at: UUID, place: UUID) -> UUID:
        """Where a seat is that was at a place or an organisation which may have gone."""
        now = self.survivor(at)
        return self.goes_on_for(now, place) if self.rows(lookups.PLACE, id=now) else now

    def _in_role(self, seat: Seat) -> tuple[Seat, ...]:
        """Whoever has, at the same place, a role that stands in for one that nobody has."""
        stand_in = self.constants.stand_ins.get(seat.role) if seat.role else None
        there = {role for role, _ in self.rows(lookups.HOLDERS_OF, at=self.at, seat_at=seat.at)}
        found = next((role for role in (stand_in.roles if stand_in else ()) if role in there), None)
        return (Seat(role=found, at=seat.at),) if found else ()

    def _standing_in(self, seat: Seat, place: UUID, barred: frozenset[UUID]) -> tuple[Seat, ...]:
        for _, kind, _, where in self.rows(lookups.ORGANISATION, id=seat.at):
            if after := self._instead_of(seat.at, kind, where, place):
                same = Seat(role=seat.role, at=after.id)
                return self.seats(same, place, barred) or (Seat(role=None, at=after.id),)
            body = self._instead(kind, self._upwards(place))
            return (Seat(role=None, at=body.id),) if body and body.id != seat.at else ()
        return ()

    def body_now(self, ident: UUID) -> UUID:
        """An organisation; where it has ended, what it was merged into, or the only one of its kind that came after."""
        now = self.survivor(ident)
        rows = self.rows(lookups.ORGANISATION, id=now)
        found = self._instead_of(now, rows[0][1], rows[0][3], rows[0][3]) if rows else None
        return found.id if found else now

    def _instead_of(self, ident: UUID, kind: str, where: UUID, place: UUID) -> Body | None:
        """Who came after an organisation: the only one of its kind there. Of several, none does another's work."""
        here = self.goes_on_for(where, place)
        # One whose own place has gone does not count beside those of the place that came after.
        same = [b for b in self.bodies_at(here) if b.kind == kind and (here == where or b.id != ident)]
        return same[0] if len(same) == 1 and same[0].id != ident else None

    def _for_role(self, seat: Seat, place: UUID) -> tuple[Seat, ...]:
        """The body that stands in for a post that nobody has, there or above."""
        body = self._instead(seat.role, self._upwards(place)) if seat.role else None
        return (Seat(role=None, at=body.id),) if body else ()

    def _above(self, seat: Seat, place: UUID, barred: frozenset[UUID]) -> tuple[Seat, ...]:
        """The nearest place where somebody has the role; for a body that has gone, the nearest above where anybody has a post."""
        rows = () if seat.role else self.rows(lookups.ORGANISATION, id=seat.at)
        upwards = self._upwards(rows[0][3] if rows else place)
        for above in upwards if seat.role else upwards[1:]:
            holders = self.rows(lookups.HOLDERS_OF, at=self.at, seat_at=above)
            if any(seat.role in (None, role) and person not in barred for role, person in holders):
                return (Seat(role=seat.role, at=above),)
        return ()
