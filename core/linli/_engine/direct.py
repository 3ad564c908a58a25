"""Direct acts of a turn: what is no workflow's move, judged, looked at and carried out as moves are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from linli._base.errors import Refused
from linli._base.refusals import Refusal
from linli._engine import afterwards, asked, border, console, counting, following, moves
from linli._engine.refusing import ask_which, not_allowed
from linli._engine.turn import UnitOfWork
from linli._model.access import NOBODY, Actor, PermissionContext, Post, acting_as
from linli._model.acts import Act
from linli._model.direct import ActContext, ActResult, DirectAct, DirectOrder
from linli._model.lookups import root_id
from linli._model.moves import NO_INPUTS


def carry_out(turn: UnitOfWork, order: DirectOrder, actor: Actor, ident: UUID) -> Act:
    """Make a direct act."""
    subject = order.subject or ident
    known = turn.rules.declared(order.act) or order.act
    as_what = _judged(turn, order, actor)
    if order.version is not None:
        moves.refuse_old(order.version, turn.last_version(subject), subject)
    ctx = ActContext(turn.facts, order, _given(turn, known, order, actor), ident, as_what)
    if known.also_at and not order.work:
        _judged_at(turn, order, actor, known.also_at(ctx))
    done = _done(known, order, ctx)
    values, private = _values(turn, known, done, ctx)
    act = Act(
        id=ident,
        verb=order.verb,
        kind=order.kind,
        root=subject,
        version=turn.version_of(subject, fresh=order.fresh or order.subject is None),
        subject=subject,
        place=order.place,
        person=order.person,
        actor=actor.person,
        acting_as=as_what,
        at=turn.facts.at,
        recorded_at=turn.recorded_at,
        settings=turn.rules.settings,
        body=values | afterwards.mark(done.was, turn.facts, actor.source),
    )
    ctx.act = act
    reasons = [*_reasons(turn, order, done, actor, ctx)]
    if reasons:
        raise Refused(*reasons, doing=turn.rules.called(order.verb))
    act = ctx.act = counting.add(turn, act, counting.counted(turn, act, None, None))
    turn.record(act)
    for name, text in private.items():
        # Whoever was merged has no key of their own any more.
        owner = turn.facts.survivor(order.person) if order.person else subject
        turn.seal(owner, act.id, name, text, new_owner=False)
    _follow(turn, act, done, ctx)
    return act


# --- who may -------------------------------------------------------------------------------------------


def _judged(turn: UnitOfWork, order: DirectOrder, actor: Actor) -> str:
    """As what the actor may make it, at its place and at every other one that the order names."""
    if actor.engine:
        return "engine"
    if order.judge:
        return order.judge(turn.facts, actor)
    console.refuse_unnamed(turn.rules, actor, order.verb)
    more = order.also_at(turn.facts) if order.also_at else ()
    return _judged_at(turn, order, actor, (order.place, *more))


def _judged_at(turn: UnitOfWork, order: DirectOrder, actor: Actor, places: Iterable[UUID | None]) -> str:
    """As what the actor may make it at the first of some places; NotAllowed where they may not at one of them."""
    if actor.engine:
        return "engine"
    posts = tuple(turn.facts.posts(actor.person)) if actor.person else ()
    found = [_capacity(turn, order, actor, posts, place) for place in dict.fromkeys(places)]
    return found[0] if found else ""


def _capacity(
    turn: UnitOfWork, order: DirectOrder, actor: Actor, posts: tuple[Post, ...], place: UUID | None
) -> str:
    doing = turn.rules.called(order.verb)
    # What no enabled plugin has declared nobody may do.
    role = turn.rules.permissions[order.verb] if turn.rules.declared(order.act) else NOBODY
    path = turn.spot(place).path if place else (root_id(turn.facts.district),)
    scene = PermissionContext(path=path, person=order.person)
    capacity = acting_as(role, actor, posts, scene)
    if capacity is None:
        raise not_allowed(doing, role, actor, posts, scene)
    ask_which(doing, role, actor, posts, scene, capacity)
    return capacity


# --- what was given, and what it comes to ------------------------------------------------------------------


def _given(turn: UnitOfWork, known: DirectAct[Any], order: DirectOrder, actor: Actor) -> Any:
    if order.work:
        return NO_INPUTS
    values = afterwards.on_the_clock(known, order.values, turn.facts)
    return asked.given(known, values, () if actor.engine else values)


def _done(known: DirectAct[Any], order: DirectOrder, ctx: ActContext[Any]) -> ActResult:
    if order.work:
        return order.work(ctx.facts)
    assert known.does is not None, "an act without `does` has orders with `work`"
    if known.reads:
        ctx.facts.fetch(known.reads(ctx))
    return known.does(ctx)


def _values(
    turn: UnitOfWork, known: DirectAct[Any], done: ActResult, ctx: ActContext[Any]
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """What the journal keeps, and what goes to the vault, with commitments to it in the journal."""
    kept = [] if ctx.given is NO_INPUTS else [one for one in known.fields if one.input.kept]
    private = {one.name: text for one in kept if one.private and (text := getattr(ctx.given, one.name))}
    private |= done.private
    commit = turn.rules.vault.keyring.commit
    marks = {name: commit(text, f"{ctx.id} {name}") for name, text in private.items()}
    if done.body is not None:
        body = dict(done.body)
        sealed = asked.kept({}, marks)
        return (body | {"values": {**body.get("values", {}), **sealed}} if sealed else body), private
    given = {one.name: getattr(ctx.given, one.name) for one in kept if not one.private}
    values = asked.kept({name: value for name, value in given.items() if value is not None}, marks)
    return ({"values": values} if values else {}), private


def _reasons(
    turn: UnitOfWork, order: DirectOrder, done: ActResult, actor: Actor, ctx: ActContext[Any]
) -> Iterator[Refusal]:
    """Why it may not happen."""
    for was in done.was:
        if future := afterwards.in_the_future(was, turn.facts):
            yield future
    if not actor.engine:
        yield from border.problems(done)
    if order.named and order.place:
        compound = turn.spot(order.place).reporting_place
        if called_so := border.somebodys_name(turn.facts, turn.rules.vault, order.named, compound):
            yield called_so
    yield from (answer.value for answer in turn.rules.plugins.act_check(ctx))


def _follow(turn: UnitOfWork, act: Act, done: ActResult, ctx: ActContext[Any]) -> None:
    turn.write(*done.writes)
    for cell, n, total in done.counts:
        turn.count(cell, n, total)
    for effect in done.effects:
        following.carry_out(turn, act, effect)
    for award in done.awards:
        following.pay(turn, act, award)
    following.follow(turn, act, ctx)
