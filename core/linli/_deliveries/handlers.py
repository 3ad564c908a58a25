"""What is done for each kind of delivery: outside any transaction, and again if need be."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from linli._base.errors import LinliError, NotFound, PluginError
from linli._base.i18n import Several, listed, say
from linli._base.refusals import NotFoundHere
from linli._engine.orders import Overdue
from linli._hooks.guarding import type_and_place
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import ACT_BY_ID, Act, act_from
from linli._model.deadlines import MovedOn
from linli._model.deliveries import Delivery

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict
    from linli._hooks.channels import Channel


class NoHandler(NotFoundHere, says="nothing here carries out deliveries of the kind {kind}"):
    kind: str


class NoSuchAct(NotFoundHere, says="there is no act {id} in this district"):
    id: UUID | None


class NoSuchChannel(
    NotFoundHere, says="there is no channel '{name}'; there are: {known}; enable the plugin that brings it"
):
    name: str
    known: Several


class Handlers:
    """Carries out deliveries of an open district."""

    def __init__(self, district: "OpenDistrict") -> None:
        self._district = district
        self._channels: dict[str, Channel] = {}
        self._by_kind: Mapping[str, Callable[[Delivery], None]] = {
            "act": self._hear,
            "channel": self._carry,
            "timer": self._ring,
            "tell": self._keep,
        }

    def carry_out(self, delivery: Delivery) -> None:
        """Do what the delivery asks for; an exception means: try again later."""
        handler = self._by_kind.get(delivery.kind)
        if handler is None:
            raise NotFound(NoHandler(kind=delivery.kind))
        handler(delivery)

    def _hear(self, delivery: Delivery) -> None:
        plugins = self._district.rules.plugins
        if delivery.name not in plugins.declarations:
            raise PluginError(
                say("plugin '{name}' is not enabled; enable it, or leave this to lapse", name=delivery.name)
            )
        plugins.act_done(delivery.name, self._act(delivery), self._district)

    def _act(self, delivery: Delivery) -> Act:
        values = {"district": self._district.code, "id": delivery.act}
        rows = self._district.store.ask([(ACT_BY_ID, values)])[0]
        if not rows:
            raise NotFound(NoSuchAct(id=delivery.act))
        return act_from(rows[0])

    def _carry(self, delivery: Delivery) -> None:
        # As it is now: what was withdrawn meanwhile must not appear because its delivery is late.
        publication = self._district.subject(UUID(delivery.payload["publication"]))
        self._channel(delivery.name).carry(publication, delivery.payload["event"], delivery.id)

    def settle(self) -> None:
        """Let channels do what they put off while they were carrying."""
        from linli._hooks.channels import Settling

        for name in self._district.rules.plugins.channels:
            channel = self._channel(name)
            if isinstance(channel, Settling):
                channel.settle()

    def _channel(self, name: str) -> "Channel":
        if name not in self._channels:
            makers = self._district.rules.plugins.channels
            if name not in makers:
                raise NotFound(NoSuchChannel(name=name, known=listed(sorted(makers))))
            self._channels[name] = makers[name](self._district)
        return self._channels[name]

    def _ring(self, delivery: Delivery) -> None:
        payload = delivery.payload
        order = Overdue(subject=UUID(payload["subject"]), clock=payload["clock"], turn=payload["turn"])
        with suppress(MovedOn):
            self._district.perform(order, actor=ENGINE_ACTOR)

    def _keep(self, delivery: Delivery) -> None:
        """A word to a seat stays in the queue, done: that is the seat's inbox."""


def described(error: Exception) -> str:
    """What failed, for the operator's list, without personal data."""
    return str(error) if isinstance(error, LinliError) else type_and_place(error)
