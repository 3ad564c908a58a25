"""What an act does to the register beside itself: bodies, posts and consents that begin and end with it.

For plugins whose moves set up a body, elect who sits in it, merge it or dissolve it, or are
somebody's consent: all in the act's own transaction, and on the record by that act.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from linli._engine.orders import AlreadySo
from linli._model.acts import new_id
from linli._model.effects import Change, Tell
from linli._model.facts import Facts
from linli._model.lookups import CONSENT
from linli._store import Read
from linli._store import tables as t
from linli._verbs.register.going_on import told
from linli._verbs.register.living import living
from linli._verbs.register.organisations import (
    Organisation,
    amended,
    ended_organisation,
    organisation_id,
    put_organisation,
)
from linli._verbs.register.place_changes import aliased
from linli._verbs.register.posts import PostRecord, begun_post, end_posts_at, ended_post, post_from
from linli._verbs.register.ties import consent_from

_p = t.post.c
_HELD = Read(
    select(_p.id, _p.person, _p.role, _p.at, _p.place, _p.since, _p.until)
    .where(
        _p.district == bindparam("district"),
        _p.at == bindparam("body"),
        or_(_p.until.is_(None), _p.until > bindparam("moment")),
    )
    .order_by(_p.since, _p.id)
)


def body_begins(
    facts: Facts,
    kind: str,
    name: str,
    place: UUID,
    *,
    since: date | None = None,
    record: Mapping[str, Any] | None = None,
    ident: UUID | None = None,
) -> Iterable[Change]:
    """Register a body of a place with the act.

    Args:
        ident: its number; None: `organisation_id(place, kind, name)`.

    Raises: Refused where one of that name has ended there.
    """
    wanted = Organisation(
        id=ident or organisation_id(place, kind, name),
        kind=kind,
        name=name,
        place=place,
        since=since,
        record=record or {},
    )
    try:
        yield Change(write=put_organisation(facts.district, amended(facts, wanted)))
    except AlreadySo:
        return


def body_ends(
    facts: Facts, body: UUID, day: date, *, successor: UUID | None = None
) -> Iterable[Change | Tell]:
    """End a body and the posts there with the act.

    Args:
        successor: the body that has from now on what this one held; None: whoever stands in.
    """
    moment = _moment(facts, day)
    yield Change(write=ended_organisation(facts.district, body, day))
    yield Change(write=end_posts_at(facts.district, body, moment))
    yield from told(facts, [body])
    if successor:
        for write in aliased(facts.district, "organisation", body, successor):
            yield Change(write=write)


def posts_become(
    facts: Facts,
    body: UUID,
    place: UUID,
    wanted: Collection[tuple[UUID, str]],
    *,
    among: Collection[str],
    day: date,
) -> Iterable[Change]:
    """Let exactly `wanted`, people and their roles, have the posts of the roles `among` at a body from a day on.

    Args:
        place: that of the body, which the posts reach.

    Raises: NotFound and Refused for somebody who is not registered, or has ended.
    """
    moment = _moment(facts, day)
    known = {(post.person, post.role): post for post in posts_at(facts, body) if post.role in among}
    for key, post in known.items():
        if key not in wanted:
            yield Change(write=ended_post(facts.district, post.id, max(moment, post.since)))
    for person, role in wanted:
        living(facts, person)
        if (person, role) not in known:
            post = PostRecord(
                id=new_id(), person=person, role=role, at=body, place=place, since=moment, until=None
            )
            yield Change(write=begun_post(facts.district, post))


def posts_at(facts: Facts, body: UUID) -> tuple[PostRecord, ...]:
    """The posts that are held at a body at the moment of the act."""
    return tuple(post_from(row) for row in facts.rows(_HELD, body=body, moment=facts.at))


def consent_begins(facts: Facts, person: UUID, purpose: str) -> Iterable[Change]:
    """Let somebody's consent to a purpose begin with the act that gives it."""
    living(facts, person)
    yield Change(write=consent_from(facts.district, person, purpose, facts.at, None))


def consent_ends(facts: Facts, person: UUID, purpose: str) -> Iterable[Change]:
    """Let somebody's consent to a purpose, where it stands, end with the act."""
    for (since,) in facts.rows(CONSENT, person=person, purpose=purpose, at=facts.at):
        yield Change(write=consent_from(facts.district, person, purpose, since, facts.at))


def _moment(facts: Facts, day: date) -> datetime:
    """When a day begins; the act's own moment on its own day."""
    return facts.at if day == facts.today else facts.calendar.begin_of(day)
