"""What somebody may see: of one matter, judged as it stands, and of all the subjects of a workflow, judged in SQL alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, Text, and_, bindparam, false, or_, select, true
from sqlalchemy import cast as sql_cast

from linli._base import codec
from linli._engine.asking import scene_of
from linli._model.access import HOLDER, Actor, Post, Role, Seat, acting_as, may_see
from linli._model.facts import Facts
from linli._model.subjects import HIDDEN, StoredSubject
from linli._query.many import any_numbered
from linli._query.own import path_of
from linli._query.subjects import WHOLE, OfSubjects
from linli._store import Read
from linli._store import tables as t
from linli._store.fields import field
from linli._verbs.dispatch.impartial import concerns, knows_whose
from linli._verbs.dispatch.records import CLERK
from linli._verbs.dispatch.settings import DispatchSettings

if TYPE_CHECKING:
    from linli._engine.rules import Rules
    from linli._model.compiled import Workflow

T = TypeVar("T")
_s, _p = t.subject.c, t.place.c
_root = t.subject.alias("matter")
_is_root = and_(_root.c.district == _s.district, _root.c.id == _s.root)
_Condition = ColumnElement[bool]


def shown_of(
    tree: Sequence[StoredSubject], actor: Actor, facts: Facts, rules: "Rules"
) -> list[StoredSubject]:
    """What somebody may see of a matter, its root first; whose it is stays out where that was asked for."""
    shown = [one for one in tree if sees(one, tree[0], actor, facts, rules)]
    hidden = is_kept_back(tree[0]) and not knows_whose(tree[0], actor, facts)
    return [one.without_people() for one in shown] if hidden else shown


def is_kept_back(matter: StoredSubject) -> bool:
    """Whether whoever it is from asked that this stays with the desk. Args: matter: its record as a mapping, too."""
    record = matter.record
    said = (
        record.get("confidential") if isinstance(record, Mapping) else getattr(record, "confidential", False)
    )
    return bool(said)


def sees(subject: StoredSubject, root: StoredSubject, actor: Actor, facts: Facts, rules: "Rules") -> bool:
    """Whether somebody may see a subject in the state that it is in. Args: root: of the matter that it belongs to."""
    posts = facts.posts(actor.person) if actor.person else ()
    scene = scene_of(subject, facts, actor)
    reported = actor.person is not None and actor.person == scene.person
    # Of a part: whom the whole matter is about too.
    about = () if reported else {getattr(one.record, "about", None) for one in (subject, root)}
    if any(concerns(whom, actor.person, facts) for whom in about):
        own_words = getattr(subject.record, "own_words", False)
        return own_words and acting_as(HOLDER, actor, posts, scene) is not None
    return may_see(rules.workflow(subject.kind).by_state[subject.state].visible_to, actor, posts, scene)


class Seeing:
    """What an actor may see, as they are on the record now.

    Args:
        actor: as `asked_by` gives them.
    """

    def __init__(self, rules: "Rules", facts: Facts, actor: Actor) -> None:
        self._rules, self._facts, self._actor = rules, facts, actor
        self._posts = facts.posts(actor.person) if actor.person else ()
        self._fitting = tuple(post for post in self._posts if actor.only in (None, post.role))

    def ask(self, query: OfSubjects[T]) -> T:
        """The answer, without what they may not see; whose matter it is stays out where that was asked for.

        Raises: TypeError for a question about something else than subjects.
        """
        if not isinstance(query, OfSubjects):
            raise TypeError(f"{type(query).__name__} is asked by linli itself: district.ask_unchecked(..)")
        values = query.parameters()
        rows = self._facts.rows(Read(self._narrowed(query, values)), **values)
        matters = {} if self._everything else self._facts.get(any_numbered(query.matters(rows)))
        return query.loaded(rows, lambda one: self._shown(one, matters.get(one.root, one)))

    def _narrowed(self, query: OfSubjects[Any], values: dict[str, Any]) -> Select[Any]:
        statement = cast("Select[Any]", query.read().clause)
        if self._everything:
            return statement
        flow = self._rules.workflow(query.wanted.flow.name)
        # Whose a confidential matter is, and who entered it, would be told by asking for somebody's.
        told = "person" in values or any(name in HIDDEN for name, _ in query.wanted.where)
        found = statement.where(self.sees(flow), self._knows_whose if told else true())
        whole = getattr(query, "whole", None)
        return found if whole is None else found.where(self._whole_is_seen(self._rules.workflow(whole.name)))

    def _whole_is_seen(self, flow: "Workflow") -> _Condition:
        it = (_s.district == WHOLE.c.district, _s.id == WHOLE.c.id)
        return select(_s.id).where(*it, self.sees(flow)).correlate(WHOLE).exists()

    @property
    def _everything(self) -> bool:
        return self._actor.engine or bool(self._actor.posts)

    def _shown(self, subject: StoredSubject, matter: StoredSubject) -> StoredSubject:
        known = self._everything or not is_kept_back(matter) or knows_whose(matter, self._actor, self._facts)
        return subject if known else subject.without_people()

    # --- conditions ----------------------------------------------------------------------------------

    def sees(self, flow: "Workflow") -> _Condition:
        shown_to: dict[Role | None, list[str]] = {}
        for name, state in flow.by_state.items():
            shown_to.setdefault(state.visible_to, []).append(name)
        plainly = or_(false(), *(self._in_states(names, role) for role, names in shown_to.items()))
        if not any("about" in one.fields for one in self._rules.workflows.values()):
            return plainly
        about_me = and_(self._about_me, ~self._own)
        return or_(and_(~about_me, plainly), and_(about_me, self._in_own_words(flow)))

    def _in_states(self, names: Iterable[str], shown_to: Role | None) -> _Condition:
        """That it is in one of some states, which are shown to the same people, and that they are of these."""
        in_one = or_(*(_s.state == name for name in names))
        return and_(in_one, self._has(shown_to or Role(), everybody_there=shown_to is None))

    def _has(self, role: Role, *, everybody_there: bool) -> _Condition:
        """That they have a role, or hold it, or are whom it is about: whoever has any post there where nothing is said."""
        mine = self._posts if everybody_there else [one for one in self._fitting if one.role in role.posts]
        found = [self._reaches(post.place) for post in mine]
        found += [self._held(post) for post in self._fitting]
        if self._actor.only in (None, "own"):
            found.append(self._own)
            if role.anyone and self._actor.person:
                return true()
        if not everybody_there:
            found.append(self._stood_in)
        return or_(false(), *found)

    @cached_property
    def _own(self) -> _Condition:
        """Their own, under every number that they ever had."""
        return self._is_mine(_s.person)

    def _is_mine(self, person: ColumnElement[UUID]) -> _Condition:
        mine = self._facts.identities(self._actor.person) if self._actor.person else ()
        return or_(false(), *(person == one for one in sorted(mine)))

    def _reaches(self, place: UUID, at: ColumnElement[UUID] = _s.place) -> _Condition:
        """What is at a place or below it, or at one that it came after."""
        below = select(_p.id).where(
            _p.district == self._facts.district, _p.id == at, _p.path.like(path_of(place))
        )
        before = sorted(one for one in self._successors if place in self._last(one))
        return or_(below.correlate_except(t.place).exists(), *(at == one for one in before))

    @cached_property
    def _successors(self) -> Mapping[UUID, tuple[UUID, ...]]:
        """By a place that has ended, those that came after it."""
        acts = ((place, codec.decode(body)) for place, body in self._facts.rows(_RESHAPED))
        return {place: _came_after(body) for place, body in acts}

    def _last(self, place: UUID) -> frozenset[UUID]:
        """The places that came after one in the end; itself where none did."""
        later = self._successors.get(place, ())
        return frozenset(last for one in later for last in self._last(one)) or frozenset({place})

    def _held(self, post: Post) -> _Condition:
        """What a post's seat holds; what a merged organisation held is its successor's."""
        at = or_(*(_s.holder_at == one for one in sorted(self._facts.identities(post.at))))
        return and_(at, or_(_s.holder_role.is_(None), _s.holder_role == post.role))

    @cached_property
    def _stood_in(self) -> _Condition:
        """What seats hold that nobody has now, for which one of their posts is asked; judged as it is when they act."""
        if not self._fitting:
            return false()
        rows = self._facts.rows(Read(self._vacant))
        seats = ((Seat(role=role, at=at), place) for role, at, place in rows)
        mine = [(seat, place) for seat, place in seats if self._stands_in(seat, place)]
        return or_(false(), *(is_of_seat(seat) & (_s.place == place) for seat, place in mine))

    def _stands_in(self, seat: Seat, place: UUID) -> bool:
        seats = self._facts.seats(seat, place)
        return any(one.is_had_by(post) for one in seats for post in self._fitting)

    @property
    def _vacant(self) -> Select[Any]:
        return (
            select(_s.holder_role, _s.holder_at, _s.place)
            .where(
                _s.district == self._facts.district,
                _s.holder_at.is_not(None),
                or_(*(self._reaches(post.place) for post in self._fitting)),
                nobody_has_its_seat(self._facts.at),
            )
            .distinct()
        )

    # --- complaints, and matters whose person is kept back -------------------------------------------

    @cached_property
    def _about_me(self) -> _Condition:
        """That it, or the matter it belongs to, is about them, or about whom they have a post of."""
        mine = sorted(map(str, self._concerning))
        of_matter = select(_root.c.id).where(_is_root, _among(field(_root.c.record, "about"), mine))
        return or_(_among(field(_s.record, "about"), mine), of_matter.correlate(t.subject).exists())

    @cached_property
    def _concerning(self) -> set[UUID]:
        """Whom a complaint may be about that is about them: themselves, and the bodies and places of their posts."""
        if self._actor.person is None:
            return set()
        bodies = (one for post in self._posts if not post.of_body for one in self._bodies_served(post))
        whom = {self._actor.person, *(post.at for post in self._posts), *bodies}
        return {number for one in whom for number in self._facts.identities(self._facts.survivor(one))}

    def _bodies_served(self, post: Post) -> Iterable[UUID]:
        """The bodies that a post at a place is one of: a manager at the compound is of the company that serves there."""
        kind = self._facts.settings(DispatchSettings).bodies.get(post.role)
        if kind is None:
            return
        path = self._facts.place(post.place).path
        for ident, place, where in self._facts.rows(_BODIES, kind=kind):
            if place in path or post.place.hex in where:
                yield ident

    def _in_own_words(self, flow: "Workflow") -> _Condition:
        """What is about them they hold all the same where it was put in words of their own."""
        if "own_words" not in flow.fields:
            return false()
        said = sql_cast(field(_s.record, "own_words"), Text)
        return and_(or_(said == "true", said == "1"), self._has(Role(), everybody_there=False))

    @cached_property
    def _knows_whose(self) -> _Condition:
        """That they may know whose it is: nobody asked to keep it back, or the desk asks, or it is theirs."""
        said = sql_cast(field(_root.c.record, "confidential"), Text)
        desks = [post.place for post in self._fitting if post.role in CLERK.posts]
        known = or_(self._is_mine(_root.c.person), *(self._reaches(one, _root.c.place) for one in desks))
        hidden = select(_root.c.id).where(_is_root, or_(said == "true", said == "1"), ~known)
        return ~hidden.correlate(t.subject).exists()


_o, _a = t.organisation.c, t.act.c
_d: BindParameter[str] = bindparam("district")
# Districts are reshaped rarely: a few acts tell what came after what.
_RESHAPED = Read(
    select(_a.subject, _a.body).where(
        _a.district == _d, or_(_a.verb == "place.split", _a.verb == "place.merge")
    )
)
_BODIES = Read(
    select(_o.id, _o.place, _p.path)
    .join(t.place, and_(_p.district == _o.district, _p.id == _o.place))
    .where(_o.district == _d, _o.kind == bindparam("kind"))
)


def _came_after(body: Mapping[str, Any]) -> tuple[UUID, ...]:
    return tuple(map(UUID, body["successors"] if "successors" in body else [body["into"]]))


def _among(value: ColumnElement[str], texts: Iterable[str]) -> _Condition:
    """That a text is one of some; false, not unknown, where there is none."""
    return and_(value.is_not(None), or_(false(), *(value == text for text in texts)))


def is_of_seat(seat: Seat) -> _Condition:
    """That a subject is held by exactly this seat."""
    role = _s.holder_role.is_(None) if seat.role is None else _s.holder_role == seat.role
    return and_(_s.holder_at == seat.at, role)


def nobody_has_its_seat(now: datetime) -> _Condition:
    """That nobody has the seat that holds a subject at this moment."""
    p = t.post.c
    taken = select(p.at).where(
        p.district == _s.district,
        p.at == _s.holder_at,
        or_(_s.holder_role.is_(None), p.role == _s.holder_role),
        p.since <= now,
        or_(p.until.is_(None), p.until > now),
    )
    return ~taken.correlate(t.subject).exists()
