"""Reports: what somebody may ask for, with which inputs, and what they are answered.

@attrs.frozen(kw_only=True)
class Whose:
    person: PersonId

@report("loan.of", "show what somebody has borrowed", Whose, by=KEEPER, arguments=("person",))
def whose(ask: Asked[Whose]) -> Table:
    loans = ask.get(subjects(Loans, person=ask.given.person, states=Loans.out))
    return Table(("number", "what"), [(loan.id, loan.record.name) for loan in loans])

Its command comes of it: `linli loan of 13800000000`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

import attrs

from linli._base.errors import LinliError, NotAllowed
from linli._base.i18n import Text, say
from linli._base.refusals import NotPermitted
from linli._engine.asked import typed
from linli._engine.asking import asked_by, may
from linli._model.access import Actor, Role
from linli._model.inputs import Field, PlaceId, fields_of

if TYPE_CHECKING:
    from linli._district.district import District
    from linli._query.subjects import OfSubjects

I = TypeVar("I")  # noqa: E741 - the inputs, as everywhere
I_co = TypeVar("I_co", covariant=True)
S = TypeVar("S")
T = TypeVar("T")
A = TypeVar("A", bound="Answer")


@attrs.frozen(kw_only=True)
class Below:
    """The inputs of a report on a place and all below it; without it, on the whole district."""

    place: PlaceId | None = None


@attrs.frozen
class Shown:
    """A cell that people read otherwise than programs. Attributes: plain: for programs; text: for people."""

    plain: object
    text: object


@attrs.frozen
class Table:
    """An answer of rows.

    Attributes:
        headings: in English; translated where they are shown.
        rows: a cell for each of the headings: texts, numbers, days, moments, sentences, identifiers, which people
            read as names and programs as they are; `Shown` where these read something else.
        records: what programs get in place of the rows: the records that these show, or mappings.
        empty: what people are told below a table without rows.
        only_filled: whether people see only columns that have a cell with something in it.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    records: Iterable[object] | None = None
    empty: Text | None = attrs.field(default=None, kw_only=True)
    only_filled: bool = attrs.field(default=False, kw_only=True)

    @property
    def plain(self) -> object:
        """What programs get."""
        if self.records is not None:
            return [_plain(one) for one in self.records]
        rows = ([one.plain if isinstance(one, Shown) else one for one in row] for row in self.rows)
        return [dict(zip(self.headings, row, strict=True)) for row in rows]

    @property
    def shown(self) -> list[list[object]]:
        """The rows as people read them."""
        return [[one.text if isinstance(one, Shown) else one for one in row] for row in self.rows]


@attrs.frozen
class Card:
    """An answer of names, in English, and values, a line each.

    Attributes:
        record: what programs get in place of them.
    """

    values: Mapping[str, object]
    record: object = None

    @property
    def plain(self) -> object:
        """What programs get."""
        return self.values if self.record is None else _plain(self.record)


@attrs.frozen
class Page:
    """An answer of several parts, which people read one after the other.

    Attributes:
        plain: what programs get.
        warnings: what people are told beside it, on standard error.
        fails: whether it says that something is wrong: its command ends with 1.
    """

    parts: Sequence[Table | Card | Text | str]
    plain: object
    warnings: Sequence[Text] = attrs.field(default=(), kw_only=True)
    fails: bool = attrs.field(default=False, kw_only=True)


Answer = Table | Card | Page


def plain(record: Any) -> dict[str, object]:
    """A record as names and values, as programs get it."""
    return {field.name: getattr(record, field.name) for field in attrs.fields(type(record))}


def _plain(record: object) -> object:
    return plain(record) if attrs.has(type(record)) else record


@attrs.frozen(kw_only=True)
class Asked(Generic[I_co]):
    """A report that is asked for.

    Attributes:
        given: the inputs.
        actor: who asks, as they are on the record now.
        at: the moment.
    """

    given: I_co
    actor: Actor
    district: "District"
    at: datetime

    @property
    def today(self) -> date:
        """The district's day."""
        return self.day(self.at)

    def day(self, moment: datetime) -> date:
        """The district's day of a moment."""
        return moment.astimezone(self.district.rules.zone).date()

    def minute(self, moment: datetime) -> str:
        """A moment on the district's clock, as people read it within a line."""
        return f"{moment.astimezone(self.district.rules.zone):%Y-%m-%d %H:%M}"

    def get(self, query: "OfSubjects[T]") -> T:
        """The answer to a typed question, without what whoever asks may not see."""
        return self.district.ask(query, actor=self.actor)

    def settings(self, of: type[S]) -> S:
        """A table of the district's file."""
        return self.district.configuration.section(of)


class NotForYou(NotPermitted, says="you may not ask for this here; it is for: {who}"):
    who: str


@attrs.frozen
class Report(Generic[I, A]):
    """What somebody may ask for.

    Attributes:
        name: the noun and what it is called there: "steward.gaps" is the command `linli steward gaps`, "need.rota.now"
            `linli need rota now`.
        label: what it is for, in English.
        inputs: a class of inputs; their kinds are those of moves.
        answer: from what is asked, the answer.
        by: who may ask: judged at the place given, or that of the subject given, else in the whole district; "own"
            where the person given, or whose the subject is, asks. None: everybody, and `answer` itself says more.
        arguments: inputs whose values are typed without their name, in their order.
        called: how options are called that have another name than their input: {"since": "from"}.
    """

    name: str
    label: str
    inputs: type[I]
    answer: Callable[[Asked[I]], A]
    by: Role | None = attrs.field(default=None, kw_only=True)
    arguments: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    called: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)

    def fields(self) -> tuple[Field, ...]:
        """What is asked for."""
        return fields_of(self.inputs)

    def read(self, values: Mapping[str, object]) -> I:
        """The inputs of values by name; Refused with every problem where they are not right."""
        found: I = typed(self.fields(), self.inputs, values, values, self.label)
        return found

    def ask(self, district: "District", given: I, *, actor: Actor | None = None) -> A:
        """The answer for somebody; without an actor for the console.

        Raises: NotAllowed for whom it is not for.
        """
        with asked_by(district, actor) as (facts, who):
            if self.by is not None:
                place, person = self._about(district, given)
                if not may(self.by, who, facts, place, person):
                    raise NotAllowed(NotForYou(who=str(self.by)))
            at = facts.at
        return self.answer(Asked(given=given, actor=who, district=district, at=at))

    def _about(self, district: "District", given: I) -> tuple[UUID | None, UUID | None]:
        """The place and the person that the right is judged at."""
        by_kind = {one.kind: getattr(given, one.name) for one in reversed(self.fields())}
        subject = by_kind.get("subject")
        if subject is not None:
            found = district.subject(subject)
            return found.place, found.person
        return by_kind.get("place"), by_kind.get("person")


def report(
    name: str,
    label: str,
    inputs: type[I],
    *,
    by: Role | None = None,
    arguments: tuple[str, ...] = (),
    called: Mapping[str, str] | None = None,
) -> Callable[[Callable[[Asked[I]], A]], Report[I, A]]:
    """The report that a function answers. Args: as of `Report`."""
    return lambda answer: Report(name, label, inputs, answer, by=by, arguments=arguments, called=called or {})


def reports_in(module: str) -> tuple[Report[Any, Any], ...]:
    """The reports that a plugin's module has, in its REPORTS."""
    return tuple(import_module(module).REPORTS)


def slips_of(reports: Iterable[Report[Any, Any]]) -> Iterator[Text]:
    """What is wrong with reports that are declared: every problem."""
    known: set[str] = set()
    for one in reports:
        if one.name in known or "." not in one.name:
            yield say("report {name} needs a noun before its name, and a name of its own", name=one.name)
        known.add(one.name)
        try:
            fields = {field.name for field in one.fields()}
        except LinliError as wrong:
            yield say("report {name}: {problem}", name=one.name, problem=wrong.text)
            continue
        for name in sorted({*one.arguments, *one.called} - fields):
            yield say("report {name}: {input} is no input of it", name=one.name, input=name)
