"""What stands behind a figure of the brief: the acts that it counted, found again in the journal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
from sqlalchemy import Connection, Select, or_, select

from linli._base import codec
from linli._base.errors import NotFound
from linli._base.i18n import Text, say
from linli._base.records import evolve
from linli._base.refusals import NotFoundHere
from linli._figures.brief import Period, amount_of, cells_of, period_of, question_of, scope_of
from linli._model.acts import ACT_COLUMNS, Act, act_from
from linli._model.facts import Facts
from linli._model.figures import (
    ADDS,
    Added,
    Amount,
    BriefQuestion,
    Cells,
    Counted,
    Figure,
    added,
    counts_by,
    needs_facts,
)
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._store import tables as t

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_AT_ONCE = 500


@attrs.frozen(kw_only=True)
class Explanation:
    """How a figure came about.

    Attributes:
        figure: what it is, and its rule in words.
        amount: as the brief has it.
        beside: by name, what is shown with it wherever it is shown.
        verbs: the acts that count for it.
        counted: one by one; at most as many as were asked for.
        more: whether there are more than that.
    """

    figure: Figure
    amount: Amount
    beside: Mapping[str, Amount]
    period: Period
    verbs: tuple[str, ...]
    counted: tuple[Counted, ...]
    more: bool


def explain(
    district: "OpenDistrict",
    name: str,
    place: UUID | None = None,
    start: date | None = None,
    end: date | None = None,
    most: int = 100,
) -> Explanation:
    """What was counted for a figure; see `OpenDistrict.explain`."""
    figure = district.rules.figures.get(name)
    if figure is None:
        raise NotFound(_no_such_figure(district, name))
    period, scope = period_of(district, start, end), scope_of(district, place)
    figures = [figure, *(district.rules.figures[used] for used in figure.uses)]
    with district.store.reading() as connection, ExitStack() as stack:
        question = question_of(connection, district, scope, period)
        counted = _first(_lines(_Acts(district, question, stack), figures), most + 1)
        cells = cells_of(connection, district, scope, period)
        amount = amount_of(figure, cells, question)
        beside = {
            name: amount_of(district.rules.figures[name], cells, question) for name in figure.shown_with
        }
    return Explanation(
        figure=figure,
        amount=amount,
        beside=beside,
        period=period,
        verbs=_verbs(figures),
        counted=tuple(counted[:most]),
        more=len(counted) > most,
    )


class NoFigureCalled(NotFoundHere, says="there is no figure {name}; {hint}"):
    name: str
    hint: Text


def _no_such_figure(district: "OpenDistrict", name: str) -> NotFoundHere:
    from difflib import get_close_matches

    near = get_close_matches(name, district.rules.figures, n=1, cutoff=0.5)
    hint = say("did you mean {near}?", near=near[0]) if near else say("see: linli brief --figures")
    return NoFigureCalled(name=name, hint=hint)


def _lines(acts: "_Acts", figures: Sequence[Figure]) -> Iterator[Counted]:
    """What stands behind the first of the figures; where it lists nothing itself, behind those that it uses."""
    listed = [one.items for one in figures if one.items]
    if figures[0].items:
        return iter(listed[0](acts.question))
    of_acts = acts.behind([one for one in figures if not one.items], stock=figures[0].stock)
    return _each_once(chain(*(lists(acts.question) for lists in listed)), of_acts)


def _each_once(listed: Iterable[Counted], of_acts: Iterable[Counted]) -> Iterator[Counted]:
    """What counts in a part and in the whole is one line. Acts are told one by one, even two of one moment."""
    seen: set[tuple[datetime, str, UUID]] = set()
    for line in listed:
        key = (line.at, line.what, line.subject)
        if key not in seen:
            seen.add(key)
            yield line
    yield from (line for line in of_acts if (line.at, line.what, line.subject) not in seen)


def _verbs(figures: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(verb for one in figures for verb in one.on))


def _first(lines: Iterable[Counted], most: int) -> list[Counted]:
    return [line for line, _ in zip(lines, range(most), strict=False)]


@attrs.frozen
class _Confirmed:
    """What somebody above confirmed of an act: from when it counts, and what figures change by."""

    since: datetime
    changes: tuple[Added, ...]


class _Acts:
    """The acts that figures counted, in their order; of a stock from the beginning of the record."""

    def __init__(self, district: "OpenDistrict", question: BriefQuestion, stack: ExitStack) -> None:
        self.question = question
        self._district, self._stack = district, stack
        self._day_of = district.rules.constants.calendar.day_of
        self._first, self._end = self._day_of(question.since), self._day_of(question.until)

    def behind(self, figures: Sequence[Figure], *, stock: bool) -> Iterable[Counted]:
        """A line for each act; of a stock those alone whose subject still counts in the end."""
        found = self._found(figures, stock)
        return _standing(found) if stock else found

    def _found(self, figures: Sequence[Figure], stock: bool) -> Iterator[Counted]:
        connection = self.question.connection
        verbs = _verbs(figures)
        confirmed = self._confirmed(verbs)
        older = _Older(self._district, self.question.as_of, figures, self._stack)
        for rows in connection.execute(self._query(verbs, stock)).partitions(_AT_ONCE):
            acts = [(act_from(tuple(columns)), here) for *columns, here in rows]
            older.read(connection, [act for act, _ in acts if ADDS not in act.body])
            for act, here in acts:
                late = confirmed.get((act.root, act.version))
                all_of = self._added(act, late) if ADDS in act.body else older.added(act, late)
                parts = [one for one in all_of if self._is_in(one, here, stock)]
                line = self._line(figures, act, late, parts)
                if line:
                    yield line

    def _added(self, act: Act, late: _Confirmed | None) -> Iterator[Added]:
        yield from added(act, self._day_of(act.at))
        yield from late.changes if late else ()

    def _confirmed(self, verbs: Sequence[str]) -> Mapping[tuple[UUID, int], _Confirmed]:
        """By act (its root and version), what was confirmed of it."""
        a, question = t.act.c, self.question
        kinds = {f"{verb.partition('.')[0]}.counted_from" for verb in verbs}
        query = select(*ACT_COLUMNS).where(
            a.district == question.district, a.verb.in_(kinds), a.at >= question.since
        )
        acts = [act_from(tuple(row)) for row in question.connection.execute(query)]
        return {
            (act.root, act.body["version"]): _Confirmed(
                since=codec.moment(act.body["since"]), changes=tuple(added(act, self._day_of(act.at)))
            )
            for act in acts
            if act.body["counts"]
        }

    def _is_in(self, one: Added, here: bool, stock: bool) -> bool:
        """Whether it is in the period and at the place. Args: here: whether the act is."""
        inside = (stock or self._first <= one.day) and one.day < self._end
        return inside and (self._is_here(one.place) if one.place else here)

    def _line(
        self, figures: Sequence[Figure], act: Act, late: _Confirmed | None, parts: Sequence[Added]
    ) -> Counted | None:
        """What an act is in the figures, with what it adds; None where it counts for nothing."""
        cells = {one.name: found for one in figures if (found := _sum(parts, one.name))}
        if not cells:
            return None
        return Counted(
            at=self._moment(act, late, parts[-1].day),
            what=act.verb,
            subject=act.subject,
            place=act.place,
            n=next(iter(cells.values())).n,
            amount=_amount(figures[0], cells),
            note=say("entered afterwards: {source}", source=say(act.afterwards)) if act.afterwards else None,
        )

    def _moment(self, act: Act, late: _Confirmed | None, day: date) -> datetime:
        """When it was, on the day on which it counts."""
        since = codec.moment(act.body["since"]) if "since" in act.body else act.at
        known = (late.since if late else act.at, act.at, since)
        return next((one for one in known if self._day_of(one) == day), act.at)

    def _query(self, verbs: Sequence[str], stock: bool) -> Select[Any]:
        a, question = t.act.c, self.question
        since = [] if stock else [a.at >= question.since]
        # What was recorded after the period may count in it, and what was done elsewhere may count here.
        then = or_(a.at < question.until, a.body.contains('"since":'), a.body.contains('"on":'))
        here = or_(question.here(a.place), a.body.contains('"at":'))
        return (
            select(*ACT_COLUMNS, question.here(a.place))
            .where(a.district == question.district, a.verb.in_(verbs), *since, then, here)
            .order_by(a.at, a.root, a.version)
        )

    def _is_here(self, place: UUID) -> bool:
        p = t.place.c
        query = select(p.id).where(p.district == self.question.district, p.id == place)
        return self.question.connection.execute(query.where(self.question.here(p.id))).first() is not None


class _Older:
    """What acts added that linli recorded before they kept it: judged by the figures' rules again.

    What such an act did not keep, the rules read from the subject as it is now.
    """

    def __init__(
        self, district: "OpenDistrict", as_of: datetime, figures: Sequence[Figure], stack: ExitStack
    ) -> None:
        self._district, self._as_of, self._figures, self._stack = district, as_of, figures, stack
        self._subjects: Mapping[UUID, StoredSubject] = {}

    def read(self, connection: Connection, acts: Iterable[Act]) -> None:
        """Read the subjects of acts."""
        idents = {act.subject for act in acts}
        flows, s = self._district.rules.workflows, t.subject.c
        query = select(*SUBJECT_COLUMNS).where(s.district == self._district.code, s.id.in_(idents))
        rows = [tuple(row) for row in connection.execute(query)] if idents else []
        self._subjects = {row[0]: subject_from(row, flows[row[3]].record) for row in rows if row[3] in flows}

    def added(self, act: Act, late: _Confirmed | None) -> Iterator[Added]:
        """What an act added, at the moment that it counts from."""
        opened = act.body.get("from") == "" and "since" in act.body
        at = codec.moment(act.body["since"]) if opened else (late.since if late else act.at)
        act, now = evolve(act, at=at), self._subjects.get(act.subject)
        before, after = _then(act, "from", now), _then(act, "to", now)
        day_of = self._district.rules.constants.calendar.day_of
        for figure in self._figures:
            counts = figure.on.get(act.verb)
            if counts is None:
                continue
            # Facts begin a transaction, so they are not taken for a rule that does without.
            facts = self._facts if needs_facts(counts) else None
            for count in counts_by(counts, act, before, after, facts):
                if count.when is None or count.when(self._facts):
                    day = day_of(count.at or at)
                    yield Added(figure=figure.name, n=count.n, total=count.total, day=day, place=count.place)

    @cached_property
    def _facts(self) -> Facts:
        transaction = self._stack.enter_context(self._district.store.transaction())
        return Facts(transaction, self._district.rules.constants, self._as_of)


def _sum(parts: Iterable[Added], name: str) -> Cells | None:
    """What all of them come to in a figure; None where that is nothing."""
    own = [one for one in parts if one.figure == name]
    n, total = sum(one.n for one in own), sum(one.total for one in own)
    return Cells(n=n, total=total, n_so_far=n, total_so_far=total) if n or total else None


def _amount(figure: Figure, cells: Mapping[str, Cells]) -> Amount:
    """What one act comes to in a figure that is worked out of others; of a share and a count there is none."""
    if figure.derived is None or figure.share:
        return None
    return figure.derived({name: cells.get(name, Cells()) for name in figure.uses})


def _standing(found: Iterable[Counted]) -> list[Counted]:
    """Those whose subject has not been taken back since."""
    lines = list(found)
    net: dict[UUID, int] = defaultdict(int)
    for line in lines:
        net[line.subject] += line.n
    return [line for line in lines if net[line.subject]]


def _then(act: Act, side: str, now: StoredSubject | None) -> StoredSubject | None:
    """The subject in the state that the act led from, or to; None before it was opened."""
    if now is None or act.body.get(side) == "":
        return None
    return evolve(now, state=act.body.get(side, now.state))
