"""What a call comes to: the orders that it gives and in whose name, and whether it opens what is sealed without one."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast
from uuid import UUID

import attrs

from linli._engine.engine import Engine
from linli._engine.orders import Order
from linli._model.access import Actor
from linli._model.acts import Act
from linli._vault.crypto import DataKey, Keyring


@attrs.define
class Watch:
    """What was seen since it was last cleared.

    Attributes:
        orders: given to the engine, with who gave them; not what follows from them.
        opened: how often a key of the vault was opened before any act was recorded.
    """

    orders: list[tuple[Order, Actor]] = attrs.field(factory=list)
    opened: int = 0
    _acting: int = 0
    _recorded: bool = False

    def clear(self) -> None:
        """Forget it."""
        self.orders, self.opened, self._recorded = [], 0, False

    @contextmanager
    def acting(self, order: Order, actor: Actor) -> Iterator[None]:
        """While the engine carries out an order."""
        if not self._acting:
            self.orders.append((order, actor))
        self._acting += 1
        try:
            yield
            self._recorded = True
        finally:
            self._acting -= 1

    def open(self) -> None:
        """A key was opened."""
        self.opened += not self._acting and not self._recorded


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch the engine and the vault's keys."""
    watch, perform, unwrap = Watch(), Engine.perform, Keyring.unwrap

    @wraps(perform)
    def watched(self: Engine, order: Order, actor: Actor, **how: Any) -> Act:
        with watch.acting(order, actor):
            return perform(self, order, actor, **how)

    def opened(self: Keyring, wrapped: bytes, district: str, owner: UUID) -> DataKey:
        watch.open()
        return unwrap(self, wrapped, district, owner)

    Engine.perform, Keyring.unwrap = watched, opened  # type: ignore[method-assign]
    try:
        yield watch
    finally:
        Engine.perform, Keyring.unwrap = perform, unwrap  # type: ignore[method-assign]


def said_in(value: object, depth: int = 0) -> Iterator[str]:
    """Every text in what a call answered with."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode(errors="replace")
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for one in pair for text in said_in(one, depth + 1))
    elif attrs.has(type(value)) and depth < 12:
        fields: tuple[Any, ...] = attrs.fields(cast(Any, type(value)))
        yield from (text for field in fields for text in said_in(getattr(value, field.name), depth + 1))
    elif isinstance(value, Iterable) and not isinstance(value, Iterator):
        yield from (text for one in value for text in said_in(one, depth + 1))
