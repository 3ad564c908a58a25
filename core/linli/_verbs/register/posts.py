"""Posts: a role that a person has in an organisation or at a place, from one moment to another."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, or_, select, update

from linli._base.errors import NotFound, Refused
from linli._base.refusals import Invalid, NotFoundHere
from linli._engine.orders import AlreadySo
from linli._model.access import Actor, Post
from linli._model.acts import new_id
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.lookups import root_id
from linli._store import Read, Row, Write
from linli._store import tables as t
from linli._store.statements import insert_into, write_statement
from linli._verbs.register import giving_posts
from linli._verbs.register.acts import POST_BEGIN, POST_END
from linli._verbs.register.base import Stale
from linli._verbs.register.living import living
from linli._verbs.register.roles import Roles

if TYPE_CHECKING:
    from linli._verbs.register.appointments import Entry

_p = t.post.c
_COLUMNS = (_p.id, _p.person, _p.role, _p.at, _p.place, _p.since, _p.until)
_OPEN = or_(_p.until.is_(None), _p.until > bindparam("moment"))
_POST = Read(select(*_COLUMNS).where(_p.district == bindparam("district"), _p.id == bindparam("id")))
_SAME = Read(
    select(*_COLUMNS).where(
        _p.district == bindparam("district"),
        _p.person == bindparam("person"),
        _p.role == bindparam("role"),
        _p.at == bindparam("seat"),
        _OPEN,
    )
)
_INSERT = insert_into(t.post, rank=14)
_NAMES: Final = tuple(column.name for column in t.post.columns)
_END = write_statement(
    update(t.post)
    .where(_p.district == bindparam("the_district"), _p.id == bindparam("the_id"))
    .values(until=bindparam("moment")),
    rank=15,
    name="end post",
)
_END_AT = write_statement(
    update(t.post)
    .where(_p.district == bindparam("the_district"), _p.at == bindparam("seat"), _OPEN)
    .values(until=bindparam("moment")),
    rank=15,
    name="end posts at",
)
_END_OF = write_statement(
    update(t.post)
    .where(_p.district == bindparam("the_district"), _p.person == bindparam("the_person"), _OPEN)
    .values(until=bindparam("moment")),
    rank=15,
    name="end posts of",
)


@attrs.frozen(kw_only=True)
class PostRecord:
    """A post as the register has it.

    Attributes:
        at: the organisation or the place.
        place: where it reaches: this place and all below it.
        until: None while it is held.
    """

    id: UUID
    person: UUID
    role: str
    at: UUID
    place: UUID
    since: datetime
    until: datetime | None


def post_from(row: Row) -> PostRecord:
    """A post from a row of the table."""
    ident, person, role, at, place, since, until = row
    return PostRecord(id=ident, person=person, role=role, at=at, place=place, since=since, until=until)


def begun_post(district: str, post: PostRecord) -> Write:
    """The write of a new post."""
    row = (district, post.id, post.person, post.role, post.at, post.place, post.since, post.until)
    return Write(_INSERT, dict(zip(_NAMES, row, strict=True)), post.id.hex)


def ended_post(district: str, post: UUID, moment: datetime) -> Write:
    """The write after which a post is held no more."""
    return Write(_END, {"the_district": district, "the_id": post, "moment": moment}, post.hex)


def end_posts_at(district: str, seat: UUID, moment: datetime) -> Write:
    """The write after which nobody has a post at a place or an organisation."""
    return Write(_END_AT, {"the_district": district, "seat": seat, "moment": moment})


def end_posts_of(district: str, person: UUID, moment: datetime) -> Write:
    """The write after which a person has no post."""
    return Write(_END_OF, {"the_district": district, "the_person": person, "moment": moment})


class PostEndsBeforeItBegins(Invalid, says="a post ends after it begins; give a later end"):
    field: str = "until"


class PostBeganLater(Invalid, says="the post began on {day}; it cannot end before"):
    day: date
    field: str = "until"


class NoSuchPost(NotFoundHere, says="there is no post {id}; see: linli post list"):
    id: UUID


class Posts(Roles):
    """Who has which role where."""

    def post(
        self,
        person: UUID,
        role: str,
        at: UUID,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        actor: Actor | None = None,
    ) -> UUID:
        """Give a person a role at an organisation or a place; the post they have there, if they have it.

        Args:
            since, until: from when to when; now, and for as long as nothing else is said.

        Raises: NotFound; Refused for a place, an organisation or a person that has ended; NotAllowed where the
            district's table has somebody else give it, or a second person confirm it (`appoint`).
        """
        begins = since or self._district.now()
        if (actor or self._district.console).person:
            self.check_role(role)
        if until and until <= begins:
            raise Refused(PostEndsBeforeItBegins())
        seat, holder, ident = self._now(at), self._now(person), new_id()
        with self._facts() as facts:
            reach = giving_posts.reach(facts, seat)

        def work(facts: Facts) -> ActResult:
            living(facts, holder)
            if giving_posts.reach(facts, seat) != reach:
                raise Stale
            if facts.rows(_SAME, person=holder, role=role, seat=seat, moment=begins):
                raise AlreadySo
            post = PostRecord(
                id=ident, person=holder, role=role, at=seat, place=reach, since=begins, until=until
            )
            return ActResult(
                body={"role": role, "at": str(seat), "since": begins.isoformat()},
                writes=(begun_post(self._code, post),),
                was=(min(since, facts.at),) if since else (),
            )

        def judge(facts: Facts, actor: Actor) -> str:
            return giving_posts.judged_giving(facts, actor, holder, role, seat)

        if self._act(
            POST_BEGIN,
            ident,
            work,
            place=reach,
            person=holder,
            actor=actor,
            at=None,
            fresh=True,
            judge=judge,
        ):
            return ident
        return self._rows(_SAME, person=holder, role=role, seat=seat, moment=begins)[0][0]  # type: ignore[no-any-return]

    def appoint(
        self,
        posts: Sequence["Entry"],
        *,
        paper: str = "",
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> UUID:
        """Put posts forward, for a second person to confirm all of them by one act; the appointment's number.

        Args:
            paper: the paper of the election or the appointment, in words.
        """
        with self._facts() as facts:
            place = giving_posts.reach(facts, self._now(posts[0].at)) if posts else self._root()
        for entry in posts:
            self.check_role(entry.role)
        values = {"posts": tuple(attrs.asdict(one) for one in posts), "paper": paper}
        act = self._district.start("appointment", "propose", place, values, actor=actor, key=key)
        return act.subject

    def _root(self) -> UUID:
        return root_id(self._code)

    def end_post(
        self, post: UUID, until: datetime | None = None, *, reason: str = "", actor: Actor | None = None
    ) -> None:
        """End a post; what it held passes on to its successor, or to whoever stands in.

        Args:
            reason: a word such as "resigned" or "moved"; no names.
        """
        moment = until or self._district.now()
        known = self._post(post)

        def work(facts: Facts) -> ActResult:
            row = post_from(facts.rows(_POST, id=post)[0])
            if row.until is not None and row.until <= moment:
                raise AlreadySo
            if moment < row.since:
                raise Refused(PostBeganLater(day=self._day(None, row.since)))
            body = {"role": row.role, "until": moment.isoformat(), "reason": reason}
            return ActResult(body=body, writes=(ended_post(self._code, post, moment),))

        def judge(facts: Facts, actor: Actor) -> str:
            held = Post(role=known.role, at=known.at, place=known.place)
            return giving_posts.judged_ending(facts, actor, held, known.person)

        self._act(
            POST_END, post, work, place=known.place, person=known.person, actor=actor, at=None, judge=judge
        )

    def posts(
        self,
        *,
        person: UUID | None = None,
        at: UUID | None = None,
        role: str | None = None,
        ended: bool = False,
    ) -> list[PostRecord]:
        """Posts of a person, at a place or organisation, of a role; held ones unless `ended`."""
        query = select(*_COLUMNS).where(_p.district == self._code).order_by(_p.since, _p.id)
        for column, value in (
            (_p.person, person and self._now(person)),
            (_p.at, at and self._now(at)),
            (_p.role, role),
        ):
            query = query if value is None else query.where(column == value)
        if not ended:
            query = query.where(or_(_p.until.is_(None), _p.until > self._district.now()))
        with self._district.store.reading() as connection:
            return [post_from(tuple(row)) for row in connection.execute(query)]

    def _post(self, ident: UUID) -> PostRecord:
        rows = self._rows(_POST, id=ident)
        if not rows:
            raise NotFound(NoSuchPost(id=ident))
        return post_from(rows[0])
