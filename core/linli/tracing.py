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

from linli import codec
from linli.acts import ACT_COLUMNS, Act, act_from
from linli.brief import Period, amount_of, cells_of, period_of, question_of, scope_of
from linli.errors import NotFound
from linli.facts import Facts
from linli.figures import Amount, BriefQuestion, Cells, Count, Counted, Figure
from linli.i18n import Text, say
from linli.records import changed
from linli.store import tables as t
from linli.subjects import SUBJECT_COLUMNS, Subject, subject_from

if TYPE_CHECKING:
    from linli.district import District

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
    district: "District",
    name: str,
    place: UUID | None = None,
    start: date | None = None,
    end: date | None = None,
    most: int = 100,
) -> Explanation:
    """What was counted for a figure; see `District.explain`."""
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
        beside = {name: amount_of(district.rules.figures[name], cells, question) for name in figure.beside}
    return Explanation(
        figure=figure,
        amount=amount,
        beside=beside,
        period=period,
        verbs=_verbs(figures),
        counted=tuple(counted[:most]),
        more=len(counted) > most,
    )


def _no_such_figure(district: "District", name: str) -> Text:
    from difflib import get_close_matches

    near = get_close_matches(name, district.rules.figures, n=1, cutoff=0.5)
    hint = say("did you mean {near}?", near=near[0]) if near else say("see: linli brief --figures")
    return say("there is no figure {name}; {hint}", name=name, hint=hint)


def _lines(acts: "_Acts", figures: Sequence[Figure]) -> Iterator[Counted]:
    """What stands behind the first of the figures; where it lists nothing itself, behind those that it uses."""
    listed = [one.lists for one in figures if one.lists]
    if figures[0].lists:
        return iter(listed[0](acts.question))
    of_acts = acts.behind([one for one in figures if not one.lists], stock=figures[0].stock)
    return _each_once(chain(*(lists(acts.question) for lists in listed), of_acts))


def _each_once(lines: Iterable[Counted]) -> Iterator[Counted]:
    """What counts in a part and in the whole is one line."""
    seen: set[tuple[datetime, str, UUID]] = set()
    for line in lines:
        key = (line.at, line.what, line.subject)
        if key not in seen:
            seen.add(key)
            yield line


def _verbs(figures: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(verb for one in figures for verb in one.on))


def _first(lines: Iterable[Counted], most: int) -> list[Counted]:
    return [line for line, _ in zip(lines, range(most), strict=False)]


class _Acts:
    """The acts that figures counted, in their order; of a stock from the beginning of the record.

    Each is judged by the figure's own rule again. What the act did not keep, the rule reads from the
    subject as it is now.
    """

    def __init__(self, district: "District", question: BriefQuestion, stack: ExitStack) -> None:
        self.question = question
        self._district, self._stack = district, stack

    def behind(self, figures: Sequence[Figure], *, stock: bool) -> Iterable[Counted]:
        """A line for each act; of a stock those alone whose subject still counts in the end."""
        found = self._found(figures, stock)
        return _standing(found) if stock else found

    def _found(self, figures: Sequence[Figure], stock: bool) -> Iterator[Counted]:
        connection = self.question.connection
        verbs = _verbs(figures)
        confirmed = self._confirmed(verbs)
        elsewhere = tuple(verb for one in figures for verb in one.elsewhere)
        for rows in connection.execute(self._query(verbs, elsewhere, stock)).partitions(_AT_ONCE):
            acts = [act for row in rows if (act := self._as_counted(act_from(tuple(row)), confirmed, stock))]
            subjects = self._subjects(connection, {act.subject for act in acts})
            for act in acts:
                line = self._line(figures, act, subjects.get(act.subject))
                if line:
                    yield line

    def _confirmed(self, verbs: Sequence[str]) -> Mapping[tuple[UUID, int], datetime]:
        """By act (its root and version), the earlier moment that it counts from since somebody above confirmed that."""
        a, question = t.act.c, self.question
        kinds = {f"{verb.partition('.')[0]}.counted_from" for verb in verbs}
        query = select(a.root, a.body).where(
            a.district == question.district, a.verb.in_(kinds), a.at >= question.since
        )
        bodies = [(root, codec.decode(body)) for root, body in question.connection.execute(query)]
        return {(root, b["version"]): codec.moment(b["since"]) for root, b in bodies if b["counts"]}

    def _as_counted(
        self, act: Act, confirmed: Mapping[tuple[UUID, int], datetime], stock: bool
    ) -> Act | None:
        """The act at the moment that it counts from; None where that is not in the period."""
        opened = act.body.get("from") == "" and "since" in act.body
        at = codec.moment(act.body["since"]) if opened else confirmed.get((act.root, act.version), act.at)
        if not (stock or self.question.since <= at) or at >= self.question.until:
            return None
        return act if at == act.at else changed(act, at=at)

    def _line(self, figures: Sequence[Figure], act: Act, now: Subject | None) -> Counted | None:
        """What an act is in a figure, with what it adds; None where it counts for nothing."""
        cells = self._counted(figures, act, now)
        if not cells:
            return None
        n = next(iter(cells.values())).n
        return Counted(
            at=act.at,
            what=act.verb,
            subject=act.subject,
            place=act.place,
            n=n,
            amount=_amount(figures[0], cells),
            note=say("entered afterwards: {source}", source=say(act.afterwards)) if act.afterwards else None,
        )

    def _query(self, verbs: Sequence[str], elsewhere: Sequence[str], stock: bool) -> Select[Any]:
        a, question = t.act.c, self.question
        since = [] if stock else [a.at >= question.since]
        return (
            select(*ACT_COLUMNS)
            .where(a.district == question.district, a.verb.in_(verbs), *since)
            # What was entered after the period may count in it.
            .where(or_(a.at < question.until, a.body.contains('"since":')))
            .where(or_(question.here(a.place), a.verb.in_(elsewhere)))
            .order_by(a.at, a.root, a.version)
        )

    def _subjects(self, connection: Connection, idents: set[UUID]) -> Mapping[UUID, Subject]:
        flows, s = self._district.rules.workflows, t.subject.c
        query = select(*SUBJECT_COLUMNS).where(s.district == self._district.code, s.id.in_(idents))
        rows = [tuple(row) for row in connection.execute(query)]
        return {row[0]: subject_from(row, flows[row[3]].record) for row in rows if row[3] in flows}

    def _counted(self, figures: Sequence[Figure], act: Act, now: Subject | None) -> dict[str, Cells]:
        """What it adds to each figure that it counts in."""
        before, after = _then(act, "from", now), _then(act, "to", now)
        cells: dict[str, Cells] = {}
        for figure in figures:
            if act.verb in figure.on:
                found = [one for one in figure.on[act.verb](act, before, after) if self._holds(one)]
                if act.verb in figure.elsewhere:
                    found = [one for one in found if self._is_here(one.place or act.place)]
                if any(one.n or one.total for one in found):
                    n, total = sum(one.n for one in found), sum(one.total for one in found)
                    cells[figure.name] = Cells(n=n, total=total, n_so_far=n, total_so_far=total)
        return cells

    def _holds(self, count: Count) -> bool:
        return count.when is None or count.when(self._facts)

    def _is_here(self, place: UUID | None) -> bool:
        p = t.place.c
        query = select(p.id).where(p.district == self.question.district, p.id == place)
        return self.question.connection.execute(query.where(self.question.here(p.id))).first() is not None

    @cached_property
    def _facts(self) -> Facts:
        transaction = self._stack.enter_context(self._district.store.transaction())
        return Facts(transaction, self._district.rules.constants, self.question.as_of)


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


def _then(act: Act, side: str, now: Subject | None) -> Subject | None:
    """The subject in the state that the act led from, or to; None before it was opened."""
    if now is None or act.body.get(side) == "":
        return None
    return changed(now, state=act.body.get(side, now.state))
