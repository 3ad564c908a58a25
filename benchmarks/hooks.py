"""A hook call through the typed door, against pluggy's own call, with five plugins."""

import timeit
from types import SimpleNamespace
from typing import Any

from benchmarks.measuring import Result, in_turn, speed_ratio
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._hooks.plugins import Plugins
from linli._model.acts import new_id
from linli._model.awards import Award

CALLS = 20_000


def _plugin(name: str) -> SimpleNamespace:
    person = new_id()

    PLUGIN = Plugin(name=name)

    @hookimpl
    def points_for_act(t: Any) -> list[Award]:
        return [award]

    award = Award(person=person, points=1, rule=f"{name}: one")
    return SimpleNamespace(PLUGIN=PLUGIN, points_for_act=points_for_act)


def door(rounds: int = 7) -> Result:
    """Cost of the door, checks of the answers included, by cost of pluggy."""
    plugins = Plugins((), {f"p{number}": _plugin(f"p{number}") for number in range(5)})
    made: Any = SimpleNamespace(act=SimpleNamespace(verb="toy.open", kind="toy"))
    hook = plugins.manager.hook.points_for_act
    mine, theirs = in_turn(
        lambda: timeit.timeit(lambda: plugins.points_for_act(made), number=CALLS),
        lambda: timeit.timeit(lambda: hook(t=made), number=CALLS),
        rounds,
    )
    ratio = 1 / speed_ratio(mine, theirs)
    detail = f"{min(mine) / CALLS * 1e6:.1f} µs against pluggy's {min(theirs) / CALLS * 1e6:.1f} µs a call"
    return Result(
        name="hook call, five plugins", ratio=ratio, target=2.0, higher_is_better=False, detail=detail
    )
