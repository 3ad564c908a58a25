"""Chunks of orders: as many transactions as orders within one, so that each sees those before it and all are stored at once.

Nothing is judged or written otherwise than for a single order: not rights, nor checks, nor what a quota has left.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from linli._base.errors import Conflict, Refused
from linli._engine.engine import Engine
from linli._engine.orders import Order
from linli._model.access import Actor
from linli._model.acts import Act

Outcome = Act | Refused
Keys = Sequence[UUID | None]


def performed(engine: Engine, orders: Sequence[Order], actor: Actor, key: UUID | None) -> list[Outcome]:
    """What each order comes to: all stored at once, or one by one where others act on the same matters."""
    keys: Keys = [uuid5(key, str(number)) if key else None for number in range(len(orders))]
    try:
        with engine.store.together() as store:
            return _all(Engine(store, engine.rules, engine.clock), orders, actor, keys)
    except Conflict:
        # What one of two chunks waits for the other holds to its end: nothing is stored.
        return [_outcome(engine, order, actor, one) for order, one in zip(orders, keys, strict=True)]


def _all(engine: Engine, orders: Sequence[Order], actor: Actor, keys: Keys) -> list[Outcome]:
    found: list[Outcome] = []
    for order, key in zip(orders, keys, strict=True):
        one = _outcome(engine, order, actor, key)
        # Of an order that names a version, somebody else was first; of any other, they are at it now.
        if isinstance(one, Conflict) and getattr(order, "version", None) is None:
            raise one
        found.append(one)
    return found


def _outcome(engine: Engine, order: Order, actor: Actor, key: UUID | None) -> Outcome:
    try:
        return engine.perform(order, actor, key=key)
    except Refused as refused:
        return refused
