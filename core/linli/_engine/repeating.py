"""Keys: an order that is repeated with its key comes to the act that it came to before, and no other order does."""

from collections.abc import Container, Mapping
from uuid import UUID

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
    who = [actor.person, sorted(actor.posts), actor.engine]
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
            return ["plain", act.verb, place, person, {**says, **_kept(values, nowhere)}]
        case OpenOrder():
            whose = [order.place, order.person, order.holder, order.parent, order.key]
            return [
                "start",
                order.workflow,
                order.move,
                [str(one) for one in whose],
                _kept(order.values, left_out),
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


def check(known: Act, mark: str | None) -> None:
    """Refuse to give the act of a key to an order that it was not made for."""
    if mark is not None and known.body.get("order") != mark:
        raise Refused(KeyUsedOtherwise())
