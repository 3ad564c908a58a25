"""Plugins: found by their entry point, loaded in the district's order, asked through a typed door."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
import pluggy

from linli._base.errors import LinliError, PluginError, PluginErrors, Problem
from linli._base.i18n import Text, add_catalogue, listed, say
from linli._hooks import hookspecs
from linli._hooks.answering import ANSWERS, Answer, Hooks, answering
from linli._hooks.guarding import deepest_of, guarded
from linli._hooks.hookimpls import refuse_slips
from linli._hooks.hookspecs import is_about
from linli._hooks.plugin import Plugin
from linli._hooks.resolving import resolve
from linli._model.compiling import used
from linli._model.looked import Found, look_into
from linli._model.looked import Plugin as LookedInto

if TYPE_CHECKING:
    from linli._base.refusals import Refusal
    from linli._config.rest import OtherSections
    from linli._hooks.audience import Audience
    from linli._hooks.catalogue import Matched, Route, Wanted
    from linli._hooks.channels import Channel
    from linli._hooks.matching import Candidate, Match
    from linli._model.acts import Act
    from linli._model.awards import Award
    from linli._model.contexts import AnyAct
    from linli._model.deadlines import Escalation, OverdueClock
    from linli._model.effects import Effect, Hold
    from linli._model.facts import Facts
    from linli._model.subjects import StoredSubject
    from linli._store import Write

GROUP = "linli.plugins"
BUILT_IN = ("register", "dispatch", "award", "publish")


@attrs.frozen(kw_only=True)
class Status:
    """A plugin as `linli plugin list` shows it.

    Attributes:
        problem: why it cannot be used; None where it can.
    """

    name: str
    version: str = ""
    enabled: bool = False
    problem: str | None = None


def installed() -> Mapping[str, list[EntryPoint]]:
    """Every installed plugin by name; more than one under a name is a mistake to report."""
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        known = found.setdefault(point.name, [])
        if all(other.value != point.value for other in known):
            known.append(point)
    return found


def survey(enabled: Sequence[str]) -> list[Status]:
    """Every plugin that is installed or enabled, whatever is broken about it."""
    known = installed()
    wanted = ordered(enabled)
    names = [*wanted, *sorted(set(known) - set(wanted))]
    return [_status(name, known.get(name, []), name in wanted) for name in names]


def _status(name: str, points: list[EntryPoint], enabled: bool) -> Status:
    at = points[0].dist.version if points and points[0].dist else ""
    try:
        module = _import(name, points, sorted(installed()))
        _for_this_linli(name, points)
        _declaration_of(name, module)
        refuse_slips(name, module)
    except LinliError as error:
        return Status(name=name, version=at, enabled=enabled, problem=str(error))
    return Status(name=name, version=at, enabled=enabled)


_WANTS = re.compile(r"linli\s*>=\s*([0-9.]+)")


def _for_this_linli(name: str, points: list[EntryPoint]) -> None:
    """PluginError where the plugin wants a newer linli, as its distribution says."""
    for wanted in (points[0].dist.requires or ()) if points[0].dist else ():
        found = _WANTS.match(wanted)
        if found and _numbers(found[1]) > _numbers(version("linli")):
            raise PluginError(
                say(
                    "plugin '{name}' needs linli {wanted} or newer, this is {here}; upgrade linli",
                    name=name,
                    wanted=found[1],
                    here=version("linli"),
                )
            )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:3])


def ordered(enabled: Sequence[str]) -> list[str]:
    """The district's plugins in its order, then the built-in ones with their plain defaults."""
    return [*dict.fromkeys(name for name in enabled if name not in BUILT_IN), *BUILT_IN]


def _import(name: str, points: list[EntryPoint], known: Sequence[str]) -> object:
    if not points:
        raise PluginError(
            say(
                "plugin '{name}' is enabled but not installed; installed: {known}{near}; install it or take it out of [plugins] enabled",
                name=name,
                near=_near(name, known),
                known=listed(n for n in known if n not in BUILT_IN),
            )
        )
    if len(points) > 1:
        owners = listed(sorted(point.dist.name if point.dist else point.value for point in points))
        raise PluginError(
            say(
                "plugin '{name}' is installed twice, by {owners}; uninstall one of them",
                name=name,
                owners=owners,
            )
        )
    try:
        return points[0].load()
    except PluginError as slips:
        raise PluginError(say("plugin '{plugin}': {slip}", plugin=name, slip=slips.text)) from slips
    except Exception as error:
        raise PluginError(
            say(
                "plugin '{name}' ({module}) cannot be imported: {error}",
                name=name,
                module=points[0].value,
                error=f"{type(error).__name__}: {error}{_at(error)}",
            )
        ) from error


def _at(error: Exception) -> str:
    """The file and the line, where the error does not say them itself."""
    place = deepest_of(error)
    return f" ({place})" if place and not isinstance(error, SyntaxError) else ""


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, [one for one in known if one not in BUILT_IN], n=1, cutoff=0.5)
    return str(say(" (did you mean {near}?)", near=near[0])) if near else ""


def _about(module: object) -> frozenset[str]:
    """The verbs that a plugin's hooks say they are about."""
    hooks = (getattr(one, "linli_about", None) for one in vars(module).values())
    return frozenset(verb for found in hooks if found for verb in found[0])


def _declaration_of(name: str, module: object) -> Plugin:
    found = getattr(module, "PLUGIN", None)
    if found is None:
        raise PluginError(say("plugin '{name}' has no PLUGIN; every plugin says what it brings", name=name))
    if not isinstance(found, Plugin) or found.name != name:
        raise PluginError(
            say(
                "plugin '{name}': PLUGIN must be a Plugin with this name, not {got}",
                name=name,
                got=f"one of '{found.name}'" if isinstance(found, Plugin) else f"a {type(found).__name__}",
            )
        )
    return found


def _in_use(plugin: Plugin) -> Plugin:
    try:
        return attrs.evolve(plugin, workflows=used(plugin.workflows))
    except PluginError as slips:
        raise PluginError(say("plugin '{plugin}': {slip}", plugin=plugin.name, slip=slips.text)) from slips


class Plugins:
    """The district's plugins and the typed door to their hooks.

    Args:
        enabled: names in the district's order; the built-in ones follow by themselves.
        extra: modules or objects registered without an entry point, by name: for tests.
    """

    def __init__(self, enabled: Sequence[str], extra: Mapping[str, object] | None = None) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.declarations: dict[str, Plugin] = {}
        self.modules: dict[str, object] = {}
        self._hooks: dict[str, Hooks] = {}
        self._load(enabled, extra or {})
        # Pluggy asks whoever was registered last first; the district's order is the other way round.
        for name, hooks in reversed(self._hooks.items()):
            self.manager.register(hooks, name=name)
        self.manager.check_pending()
        self._askers: dict[tuple[str, str], pluggy.HookCaller | None] = {}
        self._silent = {hook for hook in ANSWERS if not self._hook(hook).get_hookimpls()}

    def _load(self, enabled: Sequence[str], extra: Mapping[str, object]) -> None:
        """PluginErrors with everything that is wrong with all of them, a line each."""
        known, problems = installed(), list[Text]()
        for name in ordered([*enabled, *extra]):
            try:
                given = extra.get(name)
                self.modules[name] = (
                    _import(name, known.get(name, []), sorted(known)) if given is None else given
                )
            except PluginError as error:
                problems.append(error.text)
        # Once all are there: a whole of one plugin may change a part of another.
        for name, module in self.modules.items():
            try:
                self._add(name, module)
            except PluginError as error:
                problems.append(error.text)
        about = {name: _about(module) for name, module in self.modules.items()}
        problems += (
            self._slips(extra) if problems else [*resolve(self.declarations, about), *self._slips(extra)]
        )
        if problems:
            raise PluginErrors(problems)

    def _slips(self, extra: Collection[str]) -> Iterator[Text]:
        """Names that callbacks read and that are not there; of linli's own plugins, its tests look."""
        for name, found in self.looked_into(extra).items():
            yield from (say("plugin '{plugin}': {slip}", plugin=name, slip=one) for one in found.problems)

    def looked_into(self, alone: Collection[str] = ()) -> Mapping[str, Found]:
        """By plugin, what the look into its callbacks comes to.

        Args:
            alone: plugins that are one module, whatever stands beside it.
        """
        return look_into(
            [
                LookedInto(name=name, module=module, alone=name in alone)
                for name, module in self.modules.items()
                if name not in BUILT_IN and isinstance(module, ModuleType)
            ]
        )

    def _add(self, name: str, module: object) -> None:
        self.declarations[name] = guarded(_in_use(_declaration_of(name, module)))
        refuse_slips(name, module)
        self._hooks[name] = answering(name, module)
        origin = getattr(module, "__file__", None)
        if origin:
            add_catalogue(Path(origin).parent / "locale")

    def _hook(self, hook: str) -> pluggy.HookCaller:
        found: pluggy.HookCaller = getattr(self.manager.hook, hook)
        return found

    @cached_property
    def _of_one(self) -> Mapping[tuple[str, str], pluggy.HookCaller]:
        """By hook and plugin, what asks this plugin alone, where it has the hook."""
        return {
            (hook, impl.plugin_name): self.manager.subset_hook_caller(
                hook, [other for name, other in self._hooks.items() if name != impl.plugin_name]
            )
            for hook in ("settings_check", "act_done")
            for impl in self._hook(hook).get_hookimpls()
        }

    # --- the door: one typed method per hook -------------------------------------------------------

    def settings_check(self, plugin: str, settings: object, rest: "OtherSections") -> "list[Problem]":
        """What the plugin says is wrong in its own settings, by themselves and beside the rest of the file."""
        ask = self._of_one.get(("settings_check", plugin))
        return [one.value for answers in ask(settings=settings, rest=rest) for one in answers] if ask else []

    def person_match(self, candidate: "Candidate", facts: "Facts") -> "list[Answer[Match]]":
        """Who in the record the candidate may be, according to each plugin."""
        return self._all("person_match", candidate=candidate, facts=facts)

    def person_erase(self, person: UUID, facts: "Facts") -> "list[Answer[Write]]":
        """What each plugin changes in its own tables when a person is erased."""
        return self._all("person_erase", person=person, facts=facts)

    def person_holds(self, person: UUID, facts: "Facts") -> "list[Answer[Hold]]":
        """What keeps a person from being erased, according to each plugin."""
        return self._all("person_holds", person=person, facts=facts)

    def act_check(self, t: "AnyAct") -> "list[Answer[Refusal]]":
        """Every plugin's reasons why the act may not happen."""
        return self._about(t, "act_check")

    def act_effects(self, t: "AnyAct") -> "list[Answer[Effect]]":
        """What follows from the act, according to each plugin."""
        return self._about(t, "act_effects")

    def request_match(self, wanted: "Wanted", facts: "Facts") -> "Answer[Matched] | None":
        """The first plugin's match of a need to a service."""
        return self._first("request_match", wanted=wanted, facts=facts)

    def request_route(self, subject: "StoredSubject", service: str, facts: "Facts") -> "Answer[Route] | None":
        """The first plugin's seat for a request's task."""
        return self._first("request_route", subject=subject, service=service, facts=facts)

    def ladder_next(self, late: "OverdueClock", facts: "Facts") -> "Answer[Escalation] | None":
        """The first plugin's next rung for a late subject."""
        return self._first("ladder_next", late=late, facts=facts)

    def points_for_act(self, t: "AnyAct") -> "list[Answer[Award]]":
        """Every plugin's awards for the act."""
        return self._about(t, "points_for_act")

    def publication_audience(self, publication: "StoredSubject", facts: "Facts") -> "list[Answer[Audience]]":
        """Who else a publication is for, according to each plugin."""
        return self._all("publication_audience", publication=publication, facts=facts)

    def act_done(self, plugin: str, act: "Act", district: object) -> None:
        """Let one plugin do what follows outside the record."""
        if ask := self._of_one.get(("act_done", plugin)):
            ask(act=act, district=district)

    @property
    def channels(self) -> "Mapping[str, Callable[[Any], Channel]]":
        """By name, what makes each plugin's channels for a district."""
        return {
            name: make
            for declaration in self.declarations.values()
            for name, make in declaration.channels.items()
        }

    def has_workflow(self, name: str) -> bool:
        """Whether a plugin of the district has this workflow: before one that others may bring is started."""
        return any(
            flow.name == name for declaration in self.declarations.values() for flow in declaration.flows
        )

    def implements(self, hook: str) -> bool:
        """Whether any plugin has this hook: to spare the work of asking."""
        return hook not in self._silent

    def hearers(self, verb: str) -> list[str]:
        """The plugins that hear of acts with this verb, among those that implement `act_done`."""
        wanted = {verb, verb.partition(".")[0] + ".*", "*"}
        hearing = (name for name in self._hooks if ("act_done", name) in self._of_one)
        return [plugin for plugin in hearing if wanted & set(self.declarations[plugin].subscribes)]

    def _about(self, t: "AnyAct", hook: str) -> list[Answer[Any]]:
        """What the plugins answer that have to do with such acts, see `linli.about`; which these are is found once."""
        key = hook, t.act.verb
        if key not in self._askers:
            self._askers[key] = self._asking(hook, t)
        ask = self._askers[key]
        return [one for some in ask(t=t) for one in some] if ask else []

    def _asking(self, hook: str, t: "AnyAct") -> pluggy.HookCaller | None:
        impls = self._hook(hook).get_hookimpls()
        others = [one.plugin for one in impls if not is_about(one.function, t)]
        return self.manager.subset_hook_caller(hook, others) if len(others) < len(impls) else None

    def _all(self, hook: str, **given: object) -> "list[Answer[Any]]":
        if hook in self._silent:
            return []
        return [one for answers in self._hook(hook)(**given) for one in answers]

    def _first(self, hook: str, **given: object) -> Answer[Any] | None:
        found: Answer[Any] | None = None if hook in self._silent else self._hook(hook)(**given)
        return found
