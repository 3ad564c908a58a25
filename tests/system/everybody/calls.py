"""Every public call of the core and of the plugins, found by looking.

Of the core: the methods of an open district, and of what hangs on it. Of a plugin: those of each public class that is made
of a district alone (or of a district and who asks). And every report.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cached_property
from inspect import Parameter
from types import ModuleType
from typing import Any, get_type_hints

import attrs

import linli
from everybody.world import PLUGINS, World
from linli._district.district import District
from linli._model.access import Actor
from linli._surfaces.reports import Report, reports_in

_NOT_THE_API = ("testing", "migrations", "cli", "_testing", "_cli")


Of = Callable[[World, Actor], Any]


@attrs.frozen
class Call:
    """A public function.

    Attributes:
        name: as the table has it: "register.move", "bank.Bank.carry".
        owner: the class that it is a method of.
        of: what it is called on, for whoever asks.
    """

    name: str
    owner: type
    of: Of

    @property
    def method(self) -> str:
        """Its own name."""
        return self.name.rpartition(".")[2]

    @property
    def function(self) -> Callable[..., Any]:
        """What is called."""
        return getattr(self.owner, self.method)  # type: ignore[no-any-return]


def calls_of(world: World) -> dict[str, Call]:
    """All of them, by name."""
    found = [*_of_the_core(world), *_of_plugins(), *_of_reports(world)]
    return {call.name: call for call in found}


def _methods(owner: type) -> Iterator[str]:
    for name in dir(owner):
        static = inspect.getattr_static(owner, name)
        if not name.startswith("_") and inspect.isfunction(getattr(static, "__func__", static)):
            yield name


def _of_the_core(world: World) -> Iterator[Call]:
    for name in _methods(District):
        yield Call(f"district.{name}", District, _district)
    for name in dir(District):
        if isinstance(inspect.getattr_static(District, name), property | cached_property):
            owner = type(getattr(world.district, name))
            if owner.__module__.startswith("linli.") and not name.startswith("_"):
                yield from _on(name, owner)
    for owner in _made_of_a_district(linli):
        if "actor" in inspect.signature(owner).parameters:
            short = owner.__module__.rpartition(".")[2]
            for method in _methods(owner):
                yield Call(f"{short}.{owner.__name__}.{method}", owner, _asked_by(owner))


def _on(name: str, owner: type) -> Iterator[Call]:
    for method in _methods(owner):
        yield Call(f"{name}.{method}", owner, _hanging(name))


def _of_plugins() -> Iterator[Call]:
    for plugin in PLUGINS:
        owners = list(_made_of_a_district(importlib.import_module(f"linli_{plugin}")))
        for owner in owners:
            if any(owner in other.__mro__[1:] for other in owners):
                continue  # its methods are those of the class that is made of it
            for method in _methods(owner):
                yield Call(f"{plugin}.{owner.__name__}.{method}", owner, _made(owner))


def _of_reports(world: World) -> Iterator[Call]:
    """Each report as a method that takes its inputs, and who asks."""
    for declaration in world.district.rules.plugins.declarations.values():
        for report in reports_in(declaration.reports) if declaration.reports else ():
            owner = type(report.name, (), {report.name.rpartition(".")[2]: _asked(world, report)})
            yield Call(f"report.{report.name}", owner, _alone(owner))


def _alone(owner: type) -> Of:
    return lambda _, __: owner()


def _asked(world: World, report: Report[Any, Any]) -> Callable[..., Any]:
    def ask(self: object, *, actor: Actor, **values: Any) -> Any:
        return report.ask(world.district, report.inputs(**values), actor=actor)

    hints = get_type_hints(report.inputs)
    inputs = [
        Parameter(
            one.name,
            Parameter.KEYWORD_ONLY,
            annotation=getattr(hints[one.name], "__supertype__", hints[one.name]),
            default=Parameter.empty if one.default is attrs.NOTHING else one.default,
        )
        for one in attrs.fields(report.inputs)
    ]
    positional, keyword = Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY
    ask.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [Parameter("self", positional), *inputs, Parameter("actor", keyword, annotation=Actor)]
    )
    return ask


def _district(world: World, _: Actor) -> Any:
    return world.district


def _hanging(name: str) -> Of:
    return lambda world, _: getattr(world.district, name)


def _made(owner: Callable[..., Any]) -> Of:
    return lambda world, _: owner(world.district)


def _asked_by(owner: Callable[..., Any]) -> Of:
    return lambda world, actor: owner(world.district, actor)


def _made_of_a_district(package: ModuleType) -> Iterator[type]:
    """The public classes of a package that take a district, and at most who asks besides."""
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if any(one.startswith(_NOT_THE_API) for one in info.name.split(".")):
            continue
        for name, owner in vars(importlib.import_module(info.name)).items():
            here = inspect.isclass(owner) and owner.__module__ == info.name
            if here and not name.startswith("_") and _takes_a_district(owner):
                yield owner


def _takes_a_district(owner: type) -> bool:
    made = inspect.getattr_static(owner, "__init__")
    if not inspect.isfunction(made):
        return False
    kinds = [str(one.annotation) for one in list(inspect.signature(made).parameters.values())[1:]]
    first = kinds[0].strip("'\"<>") if kinds else ""
    return first.rpartition(".")[2] in ("District", "OpenDistrict") and all(
        "Actor" in kind for kind in kinds[1:]
    )
