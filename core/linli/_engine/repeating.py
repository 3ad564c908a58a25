"""Keys: an order that is repeated with its key comes to the act that it came to before, and no other order does."""

from collections.abc import Container, Iterable, Iterator, Mapping
from uuid import UUID

import attrs

from linli._base import codec
from linli._base.errors import Refused
from linli._base.refusals import KeyUsed
from linli._engine.orders import MoveOrder, OpenOrder, Order, Overdue
from linli._engine.rules import Rules
from linli._model.access import Actor
from linli._model.acts import Act
from linli._model.direct import DirectOrder


def mark(rules: Rules, order: Order, actor: Actor, key: UUID) -> str:
    """A keyed commitment to who orders what: it is kept with the act, and tells nobody what was written."""
    who: list[object] = [actor.person, sorted(actor.posts), actor.engine]
    if actor.account and actor.person is None:
        who.append(actor.account)
    said = _plain([who, *_said(order, rules.kept_nowhere)])
    return rules.vault.keyring.commit(codec.encode(said), f"order {key}")


def _said(order: Order, left_out: Container[str]) -> list[object]:
    """What is ordered. What is kept nowhere has no part in it: whoever has the keys could try what a voter may say."""
    match order:
        case MoveOrder(subject=subject, move=move, values=values):
            return ["make", subject, move, _kept(values, left_out)]
        case Overdue(subject=subject, clock=clock, turn=turn):
            return ["overdue", subject, clock, turn]
        case DirectOrder(act=act, place=place, person=person, values=values, says=says):
            nowhere = {one.name for one in act.fields if not one.input.kept}
            # What nobody has acted on before has got its number for this call.
            about = [] if order.fresh or order.subject is None else [order.subject]
            return ["plain", act.verb, place, person, {**says, **_kept(values, nowhere)}, *about]
        case OpenOrder():
            whose = [order.place, order.person, order.holder, order.parent, order.key]
            return [
                "start",
                order.workflow,
                order.move,
                [str(one) for one in whose],
                _kept(order.values, left_out),
                *([order.id] if order.id else []),
            ]


def _kept(values: Mapping[str, object], left_out: Container[str]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in left_out}


def _plain(value: object) -> object:
    """As JSON has it; what a caller's own classes are, as they print."""
    found = codec.plain(value)
    if isinstance(found, dict):
        return {name: _plain(one) for name, one in found.items()}
    if isinstance(found, list):
        return [_plain(one) for one in found]
    return found if found is None or isinstance(found, str | int | float | bool) else str(found)


class KeyUsedOtherwise(
    KeyUsed, says="this key was used for something else; give each order a key of its own"
): ...


def check(rules: Rules, known: Act, order: Order, actor: Actor, earlier: Iterable[UUID]) -> None:
    """Refuse to give the act of a key to whom it was not made by, or to an order that it was not made for.

    Args:
        earlier: the other numbers of who acts, by which they may have ordered it before their records were merged.
    """
    made = known.body.get("order")
    told = (mark(rules, one, who, known.id) for one, who in _by_another_number(order, actor, earlier))
    if made is None or (made != mark(rules, order, actor, known.id) and made not in told):
        raise Refused(KeyUsedOtherwise())


def _by_another_number(order: Order, actor: Actor, earlier: Iterable[UUID]) -> Iterator[tuple[Order, Actor]]:
    """The order as somebody gave it by another number of theirs; for themselves, where it is for themselves now."""
    numbers = {*earlier, actor.person}
    for who in numbers - {None}:
        as_then = attrs.evolve(actor, person=who)
        yield order, as_then
        if isinstance(order, OpenOrder | DirectOrder) and order.person in numbers:
            yield from ((attrs.evolve(order, person=one), as_then) for one in numbers)
