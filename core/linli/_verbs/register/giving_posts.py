"""Whether somebody may give, confirm or end a post: from the district's table, and what is on the record."""

from uuid import UUID

from sqlalchemy import bindparam, or_, select

from linli._base.errors import NotAllowed, NotFound, Refused
from linli._base.i18n import Several, Text, listed, say, translate
from linli._base.refusals import NotFoundHere, NotPermitted
from linli._model.access import Actor, Post
from linli._model.facts import Facts
from linli._model.giving import APART
from linli._model.lookups import HOLDERS_OF, ORGANISATION, PLACE, PlaceEnded, place_from, root_id
from linli._store import Read
from linli._store import tables as t
from linli._verbs.register.living import OrganisationEnded

_o = t.organisation.c
_ENDED = Read(
    select(_o.until).where(
        _o.district == bindparam("district"), _o.id == bindparam("id"), _o.until.is_not(None)
    )
)
_p, _a = t.post.c, t.act.c
# Those who give the district's own posts, with whether they have ever acted under their name.
_KEEPERS_OF_ALL = Read(
    select(
        _p.person,
        select(_a.id)
        .where(_a.district == _p.district, _a.actor == _p.person)
        .limit(1)
        .correlate(t.post)
        .scalar_subquery(),
    ).where(
        _p.district == bindparam("district"),
        _p.at == bindparam("root"),
        _p.role == "administrator",
        _p.since <= bindparam("at"),
        or_(_p.until.is_(None), _p.until > bindparam("at")),
    )
)


class NoPostAtEndedPlace(PlaceEnded, says="place {id} has ended; nobody gets a post there"):
    id: UUID


class NoPlaceOrBody(NotFoundHere, says="there is no place or organisation {id} in this district"):
    id: UUID


class NoPostAtEndedBody(OrganisationEnded, says="organisation {name} has ended; nobody gets a post there"):
    name: str


def reach(facts: Facts, seat: UUID) -> UUID:
    """The place that a post at `seat` reaches; refused where the seat is no more."""
    places = facts.rows(PLACE, id=seat)
    if places:
        if place_from(places[0]).closed:
            raise Refused(NoPostAtEndedPlace(id=seat))
        return seat
    rows = facts.rows(ORGANISATION, id=seat)
    if not rows:
        raise NotFound(NoPlaceOrBody(id=seat))
    if facts.rows(_ENDED, id=seat):
        raise Refused(NoPostAtEndedBody(name=rows[0][2]))
    return rows[0][3]  # type: ignore[no-any-return]


class OwnPost(NotPermitted, says="nobody gives a post to themselves; let somebody else give it"): ...


def problem(facts: Facts, actor: Actor, person: UUID, role: str, at: UUID) -> NotPermitted | None:
    """Why somebody may not give a post; None where they may."""
    seat = facts.survivor(at)
    path = facts.place(reach(facts, seat)).path
    posts = facts.posts(actor.person) if actor.person else ()
    if actor.person and facts.survivor(person) == actor.person:
        return OwnPost()
    if facts.constants.giving.giver(posts, role, seat, path) is None:
        return facts.constants.giving.refusal(role)
    return too_many(facts, role, seat) or _three_posts(facts, person, role, seat)


class ThreePosts(
    NotPermitted,
    says="they have {others} already; running the machine, giving posts and reading the audit are three posts ([access] one_for_all)",
):
    others: Several


def _three_posts(facts: Facts, person: UUID, role: str, seat: UUID) -> NotPermitted | None:
    if role not in APART or facts.constants.one_for_all:
        return None
    others = [
        post.role for post in facts.posts(facts.survivor(person)) if post.role in APART and post.role != role
    ]
    if others and seat == root_id(facts.district):
        return ThreePosts(others=listed(translate(one) for one in others),
        )  # fmt: skip
    return None


class PostTaken(NotPermitted, says="{most} may have the post {role} here, and {most} have it; end one first"):
    most: int
    role: Text


def too_many(facts: Facts, role: str, at: UUID) -> NotPermitted | None:
    """Why there is no room for one more; None where there is."""
    most = facts.constants.giving.rule(role).most
    held = sum(one == role for one, _ in facts.rows(HOLDERS_OF, at=facts.at, seat_at=at))
    if most is not None and held >= most:
        return PostTaken(most=most, role=say(role))
    return None


def may_confirm(facts: Facts, person: UUID, role: str, at: UUID) -> bool:
    """Whether somebody may confirm a post that another gave."""
    path = facts.place(reach(facts, facts.survivor(at))).path
    rule, posts = facts.constants.giving.rule(role), facts.posts(person)
    if rule.confirmed_by:
        return facts.constants.giving.confirmer(posts, role, path) is not None
    return facts.constants.giving.giver(posts, role, facts.survivor(at), path) is not None


class SecondPersonConfirms(
    NotPermitted, says="a second person confirms this post ({names}); put it forward: linli post propose"
):
    names: Several


def judged_giving(facts: Facts, actor: Actor, person: UUID, role: str, seat: UUID) -> str:
    """As what somebody gives a post at once; NotAllowed with the reason, or where a second person has to confirm it."""
    if actor.person is None:
        return judged_console(facts, actor, seat)
    why = problem(facts, actor, person, role, seat)
    if why:
        raise NotAllowed(why)
    if facts.constants.giving.rule(role).confirmed_by:
        names = listed(translate(one) for one in facts.constants.giving.rule(role).confirmed_by)
        raise NotAllowed(SecondPersonConfirms(names=names))
    return str(_as_giver(facts, actor.person, role, seat))


class LastWhoGives(
    NotPermitted, says="nobody else could give posts here then; give the post to somebody else first"
): ...


def judged_ending(facts: Facts, actor: Actor, post: Post, holder: UUID) -> str:
    """As what somebody ends a post: who may give it, and its holder; the last who gives the district's own stays."""
    if _last_of_all(facts, post):
        raise NotAllowed(LastWhoGives())
    if actor.person is None:
        return judged_console(facts, actor, post.at)
    if actor.person == holder:
        return "own"
    found = _as_giver(facts, actor.person, post.role, post.at, post.place)
    if found is None:
        raise NotAllowed(facts.constants.giving.refusal(post.role))
    return found


def _as_giver(facts: Facts, person: UUID, role: str, seat: UUID, place: UUID | None = None) -> str | None:
    path = facts.place(place or reach(facts, seat)).path
    return facts.constants.giving.giver(facts.posts(person), role, seat, path)


def _last_of_all(facts: Facts, post: Post) -> bool:
    if post.role != "administrator" or post.at != root_id(facts.district):
        return False
    holders = [
        person for role, person in facts.rows(HOLDERS_OF, at=facts.at, seat_at=post.at) if role == post.role
    ]
    return len(set(holders)) <= 1


class ConsoleGivesOwn(
    NotPermitted,
    says="the console gives the district's own posts; for this one say who gives it: --as PERSON",
): ...


def judged_console(facts: Facts, actor: Actor, seat: UUID) -> str:
    """The console gives and ends the district's own posts, and every post while the district is being set up."""
    found = f"console:{actor.account}" if actor.account else "console"
    if actor.engine or facts.constants.trial:
        return "engine" if actor.engine else found
    root = root_id(facts.district)
    if not actor.posts or (facts.place(reach(facts, seat)).id != root and not in_setup(facts)):
        raise NotAllowed(ConsoleGivesOwn())
    return found


def in_setup(facts: Facts) -> bool:
    """Whether fewer than two persons who give the district's own posts have acted under their own names."""
    rows = facts.rows(_KEEPERS_OF_ALL, root=root_id(facts.district), at=facts.at)
    return len({person for person, acted in rows if acted is not None}) < 2
