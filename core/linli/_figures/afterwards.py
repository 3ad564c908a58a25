"""How many were entered afterwards: a figure beside every mean and share, of every plugin, without a line of theirs.

An act says itself that it tells of something earlier (`Act.afterwards`), and a subject of which of its states that was so
(`Participants.afterwards`). One that has any such moment counts, as the act is recorded that the mean or share counts, by the rules
of the figures that it is worked out from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, cast
from uuid import UUID

import attrs
from sqlalchemy import select

from linli._base import codec
from linli._model.figures import BriefQuestion, Count, Counted, Counts, Figure, counts_by
from linli._model.subjects import Participants
from linli._store import tables as t

if TYPE_CHECKING:
    from linli._model.acts import Act
    from linli._model.compiled import Workflow
    from linli._model.facts import Facts
    from linli._model.subjects import StoredSubject

AFTERWARDS = "entered_afterwards"
_AT_ONCE = 500
_hands = codec.decoder(Participants)


def with_afterwards(figures: Mapping[str, Figure], flows: "Mapping[str, Workflow]") -> dict[str, Figure]:
    """The figures, and beside every mean and share how many of what it is of were entered afterwards."""
    found, more = dict(figures), dict[str, Figure]()
    for figure in figures.values():
        if figure.share or figure.mean:
            name = f"{figure.name}.{AFTERWARDS}"
            found[figure.name] = attrs.evolve(figure, shown_with=(*figure.shown_with, name))
            more[name] = _beside(name, figure, list(_counted_for(figures, figure.of or figure.uses)), flows)
    return found | more


def _beside(name: str, figure: Figure, of: Sequence[Figure], flows: "Mapping[str, Workflow]") -> Figure:
    verbs = dict.fromkeys(verb for one in of for verb in one.on)
    lists = [one.items for one in of if one.items]
    return Figure(
        name=name,
        help="of what it is worked out from, how many were entered afterwards",
        label="entered afterwards",
        stock=figure.stock,
        on={verb: _told_so([one.on[verb] for one in of if verb in one.on]) for verb in verbs},
        items=_listed(lists, flows) if len(lists) == len(of) else None,
    )


def _counted_for(figures: Mapping[str, Figure], names: Iterable[str]) -> Iterator[Figure]:
    """The figures that are counted, of those with these names and of what they are worked out from."""
    for name in names:
        figure = figures[name]
        if figure.on:
            yield figure
        else:
            yield from _counted_for(figures, figure.uses)


def _told_so(rules: Sequence[Counts]) -> Counts:
    """Counts once, by the first rule that counts it, what was entered afterwards, at this act or before; and takes that back."""

    def of_them(
        act: "Act", before: "StoredSubject | None", after: "StoredSubject | None", facts: "Facts"
    ) -> Iterable[Count]:
        was = before is not None and bool(before.hands.afterwards)
        now = bool(act.afterwards) or (after is not None and bool(after.hands.afterwards))
        if not (was or now):
            return
        for counts in rules:
            found = [
                attrs.evolve(one, total=0)
                for one in counts_by(counts, act, before, after, facts)
                if (one.n > 0 and now) or (one.n < 0 and was)
            ]
            if found:
                yield from found
                return

    of_them.with_facts = True  # type: ignore[attr-defined]
    return cast(Counts, of_them)


# --- one by one --------------------------------------------------------------------------------------

_Lists = Callable[[BriefQuestion], Iterable[Counted]]


def _listed(lists: Sequence[_Lists], flows: "Mapping[str, Workflow]") -> _Lists:
    """Of what stands behind the figures, what was entered afterwards: by the subjects, since a file has no act for each."""

    def of_them(question: BriefQuestion) -> Iterator[Counted]:
        seen = set[tuple[str, UUID]]()
        every = chain.from_iterable(some(question) for some in lists)
        while lines := list(islice(every, _AT_ONCE)):
            told = _told(question, {line.subject for line in lines})
            for line in lines:
                key = (line.what, line.subject)
                if key not in seen and _told_by_then(flows, line.what, told.get(line.subject, ())):
                    seen.add(key)
                    yield attrs.evolve(line, amount=None)

    return of_them


def _told(question: BriefQuestion, subjects: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    """By subject, the states of which it was entered afterwards that they were reached."""
    s = t.subject.c
    query = select(s.id, s.hands).where(s.district == question.district, s.id.in_(subjects))
    return {ident: _hands(hands).afterwards for ident, hands in question.connection.execute(query)}


def _told_by_then(flows: "Mapping[str, Workflow]", verb: str, told: Iterable[str]) -> bool:
    """Whether one of the states is that which a move led to, or comes before it in its workflow."""
    kind, _, name = verb.partition(".")
    move = flows[kind].by_move.get(name) if kind in flows else None
    if move is None or move.to is None:
        return False
    order = list(flows[kind].by_state)
    return any(order.index(state) <= order.index(move.to) for state in told)
