"""What somebody still has to decide where places have ended: parts, organisations, posts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select

from linli._base.i18n import Several, Text, listed, say, translate
from linli._store import tables as t
from linli._store.store import Store

_SHOWN: Final = 3
_gone, _now = t.place.alias("gone"), t.place.alias("now")


def left_over(store: Store, district: str) -> Iterator[tuple[Text, Text]]:
    """What is left to decide, and what to do about it."""
    with store.reading() as connection:
        matters = connection.scalar(_undecided(district)) or 0
        bodies = connection.execute(_homeless(district)).scalars().all()
        desks = connection.execute(_empty_desks(district)).all()
    if matters:
        yield (
            say("{count} open matters of split places wait for somebody to choose their part", count=matters),
            say("see: linli place undecided; then: linli place choose"),
        )
    if bodies:
        yield (
            say(
                "{count} organisations are at places that have ended: {names}",
                count=len(bodies),
                names=_some(bodies),
            ),
            say("move or end them: linli organisation move, linli organisation end"),
        )
    if desks:
        named = [f"{name} ({translate(role)})" for name, role in desks]
        yield (
            say("nobody took the posts of a merged place: {names}", names=_some(named)),
            say("give them at the successor: linli post add; until then whoever is above has what they held"),
        )


def _some(names: Sequence[str]) -> Several:
    return listed([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])])


def _undecided(district: str) -> Select[int]:
    s = t.subject.c
    return select(func.count(s.root.distinct())).where(
        s.district == district, s.undecided.is_not(None), s.ended_at.is_(None)
    )


def _homeless(district: str) -> Select[str]:
    """The names of the organisations that stand while their place has ended."""
    o = t.organisation.c
    return (
        select(o.name)
        .join(_gone, and_(_gone.c.district == o.district, _gone.c.id == o.place))
        .where(o.district == district, o.until.is_(None), _gone.c.until.is_not(None))
        .order_by(o.name, o.id)
    )


def _empty_desks(district: str) -> Select[str, str]:
    """Roles that somebody had at a place until it was merged away, and that nobody has at its successor."""
    p, held = t.post.c, t.post.alias("held")
    same = exists().where(
        held.c.district == district,
        held.c.at == _now.c.id,
        held.c.role == p.role,
        or_(held.c.until.is_(None), held.c.until > func.coalesce(p.until, held.c.until)),
    )
    return (
        select(_now.c.name, p.role)
        .join(t.alias, and_(t.alias.c.district == p.district, t.alias.c.id == p.at))
        .join(_gone, and_(_gone.c.district == p.district, _gone.c.id == p.at))
        .join(_now, and_(_now.c.district == p.district, _now.c.id == t.alias.c.now))
        .where(p.district == district, t.alias.c.kind == "place", _now.c.until.is_(None), ~same)
        .where(p.until == _ended(district))
        .group_by(_now.c.name, p.role)
        .order_by(_now.c.name, p.role)
    )


def _ended(district: str) -> ScalarSelect[datetime]:
    """When a place was merged away: whoever had left before is missed by nobody."""
    a = t.act.c
    merged = select(func.max(a.at)).where(
        a.district == district, a.root == _gone.c.id, a.subject == _gone.c.id, a.verb == "place.merge"
    )
    return merged.correlate(_gone).scalar_subquery()
