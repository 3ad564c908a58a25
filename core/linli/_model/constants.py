"""What does not change while a district is open: its settings, its calendar, who stands in for whom."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from linli._base.calendar import ServiceHours
from linli._model.giving import Giving
from linli._vault.vault import Vault


@attrs.frozen(kw_only=True)
class StandIn:
    """Who acts where a kind of body lacks: the first of `by` that is there, from the place upwards.

    Attributes:
        lacking: a kind of body; or a role at places ("steward"), where nobody has it at a place or above.
        roles: where it is a role, those that stand in for it at the same place, before anybody above: whoever has
            one when something is to be done, also where nobody had it when that began to wait.
    """

    lacking: str
    by: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class Constants:
    """What does not change while a district is open.

    Attributes:
        district: its code, the leading key of every table.
        calendar: its service hours and working days.
        settings: the records of its settings, by class.
        plugins: the door to them, for moves that ask a hook; see `plugins_of`.
        stand_ins: who acts for a kind of body that lacks, by that kind.
        commit: what makes keyed commitments; see `Facts.commit`.
        vault: what opens what people wrote; see `Facts.said`.
        giving: who gives, confirms and ends which post.
        one_for_all, trial: as in the district's file.
    """

    district: str
    plugins: object
    calendar: ServiceHours
    settings: Mapping[type, Any]
    stand_ins: Mapping[str, StandIn] = attrs.field(factory=dict)
    commit: Callable[[str, str], str]
    vault: Vault
    giving: Giving
    one_for_all: bool = False
    trial: bool = False
