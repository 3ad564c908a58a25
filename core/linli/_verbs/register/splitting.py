"""Which part of a place that was split each of its open matters goes on at."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, or_, select

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import Invalid, Refusal
from linli._hooks.asked import plugins_of
from linli._model.facts import Facts
from linli._model.succession import numbers_in
from linli._store import Read, Row, Write
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._verbs.register.going_on import at_another, seats_pass
from linli._verbs.register.tree import PlaceNode

_s, _q = t.subject.c, t.place.c
_d: Any = bindparam("district")
# With what has ended of it: a matter is in one place, also when that is taken up again.
_TREE_GOES_ON = at_another(
    "a matter goes on",
    _s.root == bindparam("the_root"),
    or_(_s.place == bindparam("was"), _s.undecided == bindparam("was")),
)
_open = t.subject.alias("open")
_TREES_GO_ON = at_another(
    "matters go on",
    _s.place == bindparam("was"),
    _s.root.in_(
        select(_open.c.root).where(
            _open.c.district == bindparam("the_district"),
            _open.c.place == bindparam("was"),
            _open.c.ended_at.is_(None),
        )
    ),
)
_root = t.subject.alias("root")
_of_root = (_root.c.district == _s.district) & (_root.c.id == _s.root)
# A matter is open while any part of it is.
_ROOTS_AT = Read(
    select(_root.c.id, _root.c.kind, _root.c.person, _root.c.record)
    .select_from(t.subject.join(_root, _of_root))
    .where(_s.district == _d, _s.place == bindparam("place"), _s.ended_at.is_(None))
    .distinct()
    .order_by(_root.c.id)
)
_HOMES: Final = Lookup(
    select(t.tie.c.person, _q.path)
    .join(t.place, (_q.district == t.tie.c.district) & (_q.id == t.tie.c.at))
    .where(t.tie.c.district == _d, t.tie.c.until.is_(None)),
    t.tie.c.person,
)
_PATHS: Final = Lookup(select(_q.path).where(_q.district == _d, _q.path.like(bindparam("under"))), _q.id)
UNDECIDED = Read(
    select(_root.c.id, _s.undecided, _root.c.record, _s.place)
    .select_from(t.subject.join(_root, _of_root))
    .where(_s.district == _d, _s.undecided.is_not(None), _s.ended_at.is_(None))
    .distinct()
    .order_by(_s.undecided, _root.c.id)
)
"""The open matters of places that were split, while the street has to choose where each goes on."""
_ABOUT = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.place == bindparam("place"),
        _s.ended_at.is_(None),
        _s.parent.is_(None),
        _s.record.like(bindparam("about")),
    )
)


@attrs.frozen(kw_only=True)
class _Matter:
    """An open matter of a place that is split.

    Attributes:
        one_with: the open matters of the place that it is one with, as a ballot is with its vote: it goes where they go.
        about: those that it is about otherwise, such as a publication.
        named: the parts in which places lie that it names.
        homes: the parts in which its person is at home.
    """

    one_with: tuple[UUID, ...] = ()
    about: tuple[UUID, ...] = ()
    named: frozenset[UUID] = frozenset()
    homes: frozenset[UUID] = frozenset()


def matter_passes(district: str, root: UUID, was: UUID, now: UUID) -> Write:
    """The write after which a matter that was at a place goes on at another one, with all its parts."""
    values = {"the_district": district, "the_root": root, "was": was, "is_now": now, "of_split": None}
    return Write(_TREE_GOES_ON, values, root.hex)


def matters_pass_to_parts(facts: Facts, split: PlaceNode, parts: Mapping[PlaceNode, UUID]) -> list[Write]:
    """The writes after which what is open at a split place goes on at its parts, as far as is clear which.

    Args:
        parts: by each place directly below the split one, what that stands below from now on.
    """
    only = set(parts.values())
    if len(only) == 1:
        values = {"the_district": facts.district, "was": split.id, "is_now": only.pop(), "of_split": None}
        writes = [Write(_TREES_GO_ON, values)]
    else:
        clear = _clear(_matters(facts, split, {child.path: part for child, part in parts.items()}))
        writes = [matter_passes(facts.district, root, split.id, part) for root, part in clear.items()]
    return writes + [seats_pass(facts.district, split.id, part, child.id) for child, part in parts.items()]


def _matters(facts: Facts, split: PlaceNode, parts: Mapping[str, UUID]) -> dict[UUID, _Matter]:
    """The matters that are open at a place that is split, with what says which of its parts each belongs to."""
    roots = facts.rows(_ROOTS_AT, place=split.id)
    known, names = {root for root, *_ in roots}, _names(facts)
    homes: dict[UUID, set[UUID]] = {}
    for person, home in facts.found(_HOMES, list({person for _, _, person, _ in roots if person})):
        homes.setdefault(person, set()).update(_parts_of([home], parts))
    found = {}
    for root, kind, person, record in roots:
        about = [one for one in numbers_in(record) if one in known - {root}]
        one_with = [one for one in _one_with(names.get(kind, ()), record) if one in about]
        found[root] = _Matter(
            one_with=tuple(one_with),
            about=tuple(about),
            named=frozenset(_parts_of(_places_in(facts, record, split.path), parts)),
            homes=frozenset(homes.get(person, ())),
        )
    return found


def _names(facts: Facts) -> dict[str, tuple[str, ...]]:
    """By workflow, the fields that name what is one matter with one of its own."""
    flows = (flow for declaration in plugins_of(facts).declarations.values() for flow in declaration.flows)
    return {flow.name: flow.one_with for flow in flows}


def _one_with(names: Iterable[str], record: str) -> tuple[UUID, ...]:
    fields = codec.decode(record) if names else {}
    return numbers_in(codec.encode([fields.get(name) for name in names]))


def _clear(matters: Mapping[UUID, _Matter]) -> dict[UUID, UUID]:
    """The matters of which is clear where they go on, with the part."""
    decided: dict[UUID, UUID | None] = {}
    waiting = dict(matters)
    while waiting:
        ready = [root for root, one in waiting.items() if not waiting.keys() & {*_before(one)}]
        # Of those that wait for one another none is about the other.
        for root in ready or waiting:
            decided[root] = _part(waiting[root], decided)
        waiting = {root: one for root, one in waiting.items() if root not in decided}
    return {root: part for root, part in decided.items() if part}


def _before(one: _Matter) -> tuple[UUID, ...]:
    """The matters that have to be decided on before one can be."""
    return one.one_with or (() if one.named else one.about)


def _part(one: _Matter, decided: Mapping[UUID, UUID | None]) -> UUID | None:
    """The part where a matter goes on: that of what it is one with, that it names, of what it is about, of its home."""
    if one.one_with:
        return decided.get(one.one_with[0])
    about = {decided.get(other) for other in one.about}
    for parts in (one.named, about, one.homes):
        if parts:
            return next(iter(parts)) if len(parts) == 1 else None
    return None


class NothingToChoose(Refusal, says="nobody has to choose where {id} goes on; see: linli place undecided"):
    id: UUID


class NoPartToGoOnAt(Invalid, says="it goes on at one of: {names}"):
    names: Several
    field: str = "place"


class GoesOnWithAnother(Refusal, says="it goes on with {id}; choose the part of that"):
    id: UUID


def chosen(facts: Facts, matter: UUID, part: UUID) -> list[Write]:
    """The writes after which a matter, and what is about it, goes on at the part that the street chose.

    Raises: Refused where nobody has to choose, or the part is none of those that it may be.
    """
    rows = facts.rows(UNDECIDED)
    split, above = next(((was, now) for root, was, *_, now in rows if root == matter), (None, None))
    if split is None or above is None:
        raise Refused(NothingToChoose(id=matter))
    parts = facts.after(split)
    if part not in parts:
        names = listed(facts.place(one).name for one in parts)
        raise Refused(NoPartToGoOnAt(names=names))
    waiting = {root: record for root, was, record, _ in rows if was == split}
    leading = next((one for one in _leading(rows).get(matter, ()) if one in waiting), None)
    if leading:
        raise Refused(GoesOnWithAnother(id=leading))
    roots = _with_it(matter, waiting)
    writes = [matter_passes(facts.district, root, split, part) for root in roots]
    # What was opened about it meanwhile, such as a publication, was opened where it waited.
    for (root,) in facts.rows(_ABOUT, place=above, about=f"%{matter}%"):
        writes += [] if root in roots else [matter_passes(facts.district, root, above, part)]
    return writes


def undecided(facts: Facts) -> list[tuple[UUID, UUID]]:
    """What has to be chosen, each with the place that was split; what is about one of them goes with it."""
    rows = facts.rows(UNDECIDED)
    led = _leading(rows)
    return [(root, was) for root, was, *_ in rows if root not in led]


def only_one_left(facts: Facts, gone: UUID, into: UUID) -> list[Write]:
    """The writes after which nobody has to choose any more where all parts are one place, since `gone` joins `into`."""
    rows = facts.rows(UNDECIDED)
    writes = []
    for split in dict.fromkeys(was for _, was, *_ in rows):
        parts = {into if one == gone else one for one in facts.after(split)}
        if parts == {into}:
            writes += [
                matter_passes(facts.district, root, split, into) for root, was, *_ in rows if was == split
            ]
    return writes


def _leading(rows: Iterable[Row]) -> dict[UUID, tuple[UUID, ...]]:
    """Of undecided matters, those that are about others, or one with them, which have to be chosen instead."""
    known = {root for root, *_ in rows}
    about = {root: {*numbers_in(record)} & known - {root} for root, _, record, _ in rows}
    found = {root: tuple(one for one in others if root not in about[one]) for root, others in about.items()}
    return {root: others for root, others in found.items() if others}


def _with_it(matter: UUID, waiting: Mapping[UUID, str]) -> set[UUID]:
    """A matter and everything that is about it, or about what is about it."""
    found, about = {matter}, {root: {*numbers_in(record)} for root, record in waiting.items()}
    while more := {root for root, named in about.items() if root not in found and named & found}:
        found |= more
    return found


def _places_in(facts: Facts, record: str, path: str) -> Iterable[str]:
    """The paths of the places below `path` that a record names."""
    return [found for (found,) in facts.found(_PATHS, numbers_in(record), under=f"{path}%")]


def _parts_of(paths: Iterable[str], parts: Mapping[str, UUID]) -> set[UUID]:
    return {part for path in paths for child, part in parts.items() if path.startswith(child)}
