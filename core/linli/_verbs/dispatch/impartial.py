"""A complaint is kept from whom it is about: nobody of them acts on it, gets it, sees it, or stands in for who has it.

It can be about a person, an organisation or a place (the office there). Whom that means is judged by the
records that are left after merging, and by the posts of the moment.
"""

from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, select

from linli._base.refusals import Refusal
from linli._engine.asking import may
from linli._model.access import ENGINE, OWN, Actor, Post, Seat
from linli._model.contexts import Transition
from linli._model.facts import Facts
from linli._model.lookups import ORGANISATION, PLACE
from linli._model.subjects import StoredSubject
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch.records import CLERK
from linli._verbs.dispatch.settings import DispatchSettings

_UNTIL = Read(
    select(t.organisation.c.until).where(
        t.organisation.c.district == bindparam("district"), t.organisation.c.id == bindparam("id")
    )
)


def concerns(about: UUID | None, person: UUID | None, facts: Facts) -> bool:
    """Whether a complaint is about somebody, or about a body or an office in which they have a post."""
    if about is None or person is None:
        return False
    whom, now = facts.survivor(about), facts.survivor(person)
    if whom == now:
        return True
    posts = {*facts.posts(person), *facts.posts(now)}
    return any(facts.survivor(post.at) == whom or _works_for(post, whom, facts) for post in posts)


def _works_for(post: Post, whom: UUID, facts: Facts) -> bool:
    """Whether a post at a place is one of a body that serves there: a manager at the compound, not in the company."""
    kind = facts.settings(DispatchSettings).bodies.get(post.role)
    if kind is None or post.of_body:
        return False
    for _, body, _, place in facts.rows(ORGANISATION, id=whom):
        return body == kind and (
            place in facts.place(post.place).path or post.place in facts.place(place).path
        )
    return False


class AboutSomebody(Protocol):
    """A record of what can be about somebody, from whom it is kept."""

    @property
    def about(self) -> UUID | None: ...


class AboutYou(Refusal, says="it is about you, or about whom you act for; somebody else must see to it"): ...


def impartial(t: Transition[AboutSomebody, object]) -> Refusal | None:
    """Nobody acts on a complaint about themselves, or about the body they work for."""
    if t.record.about is None or _reports_it(t) or not concerns(t.record.about, t.actor, t.facts):
        return None
    return AboutYou()


def _reports_it(t: Transition[object, object]) -> bool:
    """Whether it is their own complaint, about whom they work for; they act for nobody but themselves."""
    return t.acting_as == "own" or (t.acting_as == "person" and t.actor == t.subject.person)


def kept_from(about: UUID | None, seat: Seat, place: UUID, facts: Facts) -> bool:
    """Whether a complaint about `about` must not go to a seat.

    It is theirs or their organisation's, one of them has it, or one of them would stand in for it. Where their
    body has gone, whoever stands in for that is not them.
    """
    if about is None:
        return False
    theirs = _bodies_of(about, facts)
    if _within(seat.at, theirs, facts) and not _gone(seat.at, facts):
        return True
    return any(
        (one != seat and _within(one.at, theirs, facts))
        or any(concerns(about, who, facts) for who in facts.who_has(one) - {one.at})
        for one in facts.seats(seat, place)
    )


def _bodies_of(about: UUID, facts: Facts) -> frozenset[UUID]:
    """Whom it is about; of a person, the organisations that they work for too."""
    whom = facts.survivor(about)
    bodies = (facts.survivor(post.at) for post in facts.posts(whom) if post.of_body)
    return frozenset((whom, *bodies))


def _within(at: UUID, theirs: frozenset[UUID], facts: Facts) -> bool:
    """Whether a seat is theirs: at their body, or at their place and below it, where they are above whoever has it."""
    now = facts.survivor(at)
    if now in theirs:
        return True
    rows = facts.rows(ORGANISATION, id=now)
    place = rows[0][3] if rows else now
    return bool(facts.rows(PLACE, id=place)) and not theirs.isdisjoint(facts.place(place).path)


def _gone(at: UUID, facts: Facts) -> bool:
    """Whether an organisation has ended: then nobody of it will have its seats again."""
    rows = facts.rows(_UNTIL, id=facts.survivor(at))
    return bool(rows) and rows[0][0] is not None and rows[0][0] <= facts.today


def nearest(role: str, place: UUID, about: UUID | None, facts: Facts) -> Seat | None:
    """The seat of a role that somebody has, from the place upwards, passing over whom it is kept from."""
    for at in reversed(facts.place(place).path):
        seat = Seat(role=role, at=at)
        if facts.who_has(seat) != {at} and not kept_from(about, seat, place, facts):
            return seat
    return None


def seat_above(place: UUID, about: UUID | None, facts: Facts) -> Seat | None:
    """Who has a complaint whose usual seat is passed over; None where nobody inside the district may have it."""
    roles = facts.settings(DispatchSettings).complaints_go_to
    return next((seat for role in roles if (seat := nearest(role, place, about, facts))), None)


def knows_whose(subject: StoredSubject, actor: Actor, facts: Facts) -> bool:
    """Whether somebody may know whose a confidential matter is: the desk, and whose it is."""
    return may(CLERK | OWN | ENGINE, actor, facts, subject.place, subject.person)
