"""Plugins: found by their entry point, loaded in the district's order, asked through a typed door."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

import attrs
import pluggy

from linli import hookspecs
from linli.award.rules import Award
from linli.deadlines import Step
from linli.dispatch.catalogue import Matched, Route
from linli.effects import Assign, Change, Effect, Hold, Make, Start, Tell, Transfer
from linli.errors import LinliError, PluginError, Problem, StoreError
from linli.guarding import deepest_of, failed, guarded
from linli.hookimpls import refuse_slips
from linli.i18n import add_catalogue, listed, say
from linli.manifest import Manifest
from linli.publish.audience import Audience
from linli.records import picking
from linli.refusals import Refusal
from linli.register.matching import Match
from linli.resolving import resolve
from linli.store import Write
from linli.store.failures import Contended

if TYPE_CHECKING:
    from linli.acts import Act
    from linli.config.rest import Rest
    from linli.deadlines import Late
    from linli.dispatch.catalogue import Wanted
    from linli.facts import Facts
    from linli.publish.channels import Channel
    from linli.register.matching import Candidate
    from linli.subjects import Subject

GROUP = "linli.plugins"
BUILT_IN = ("register", "dispatch", "award", "publish")

T = TypeVar("T")


@attrs.frozen(slots=True)
class Answer(Generic[T]):
    """What a plugin answered."""

    plugin: str
    value: T


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
        _manifest_of(name, module)
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


def _manifest_of(name: str, module: object) -> Manifest:
    describe = getattr(module, "describe", None)
    if describe is None:
        raise PluginError(
            say("plugin '{name}' has no describe(); every plugin says what it brings", name=name)
        )
    try:
        manifest = describe()
    except PluginError as slips:
        raise PluginError(say("plugin '{plugin}': {slip}", plugin=name, slip=slips.text)) from slips
    except Exception as error:
        raise failed(name, "describe", error) from error
    if not isinstance(manifest, Manifest) or manifest.name != name:
        raise PluginError(
            say(
                "plugin '{name}': describe() must return a Manifest with this name, not {got}",
                name=name,
                got=_described(manifest),
            )
        )
    return manifest


def _described(manifest: object) -> str:
    if isinstance(manifest, Manifest):
        return f"one of '{manifest.name}'"
    return f"a {type(manifest).__name__}"


@attrs.frozen(slots=True)
class _Asked:
    """A plugin's implementation of a hook.

    Attributes:
        picked: what takes out of the hook's arguments those that it asks for: it need not take all.
    """

    plugin: str
    function: Callable[..., Any]
    picked: Callable[[Mapping[str, object]], Iterable[object]]


class Plugins:
    """The district's plugins and the typed door to their hooks.

    Args:
        enabled: names in the district's order; the built-in ones follow by themselves.
        extra: modules or objects registered without an entry point, by name: for tests.
    """

    def __init__(self, enabled: Sequence[str], extra: Mapping[str, object] | None = None) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.manifests: dict[str, Manifest] = {}
        known = installed()
        for name in ordered([*enabled, *(extra or {})]):
            given = (extra or {}).get(name)
            self._add(name, given if given is not None else _import(name, known.get(name, []), sorted(known)))
        resolve(self.manifests)
        self.manager.check_pending()
        self._asked = {hook: self._implementations(hook) for hook in _HOOKS}

    def _add(self, name: str, module: object) -> None:
        self.manifests[name] = guarded(_manifest_of(name, module))
        refuse_slips(name, module)
        self.manager.register(module, name=name)
        origin = getattr(module, "__file__", None)
        if origin:
            add_catalogue(Path(origin).parent / "locale")

    def _implementations(self, hook: str) -> tuple[_Asked, ...]:
        rank = {name: place for place, name in enumerate(self.manifests)}
        found = [
            _Asked(impl.plugin_name, impl.function, picking(impl.argnames))
            for impl in getattr(self.manager.hook, hook).get_hookimpls()
        ]
        return tuple(sorted(found, key=lambda asked: rank[asked.plugin]))

    # --- the door: one typed method per hook -------------------------------------------------------

    def settings_check(self, plugin: str, settings: object, rest: "Rest") -> list[Problem]:
        """What the plugin says is wrong in its own settings, by themselves and beside the rest of the file."""
        asked = [a for a in self._asked["settings_check"] if a.plugin == plugin]
        found = _collect("settings_check", asked, Problem, {"settings": settings, "rest": rest})
        return [answer.value for answer in found]

    def person_match(self, candidate: "Candidate", facts: "Facts") -> "list[Answer[Match]]":
        """Who in the record the candidate may be, according to each plugin."""
        return self._all("person_match", Match, {"candidate": candidate, "facts": facts})

    def person_erase(self, person: UUID, facts: "Facts") -> list[Answer[Write]]:
        """What each plugin changes in its own tables when a person is erased."""
        return self._all("person_erase", Write, {"person": person, "facts": facts})

    def person_holds(self, person: UUID, facts: "Facts") -> list[Answer[Hold]]:
        """What keeps a person from being erased, according to each plugin."""
        return self._all("person_holds", Hold, {"person": person, "facts": facts})

    def act_check(self, act: "Act", subject: "Subject | None", facts: "Facts") -> list[Answer[Refusal]]:
        """Every plugin's reasons why `act` may not happen."""
        return self._all("act_check", Refusal, {"act": act, "subject": subject, "facts": facts})

    def act_effects(self, act: "Act", subject: "Subject | None", facts: "Facts") -> list[Answer[Effect]]:
        """What follows from `act`, according to each plugin."""
        return self._all("act_effects", _EFFECTS, {"act": act, "subject": subject, "facts": facts})

    def request_match(self, wanted: "Wanted", facts: "Facts") -> "Answer[Matched] | None":
        """The first plugin's match of a need to a service."""
        return self._first("request_match", Matched, {"wanted": wanted, "facts": facts})

    def request_route(self, subject: "Subject", service: str, facts: "Facts") -> "Answer[Route] | None":
        """The first plugin's seat for a request's task."""
        return self._first("request_route", Route, {"subject": subject, "service": service, "facts": facts})

    def ladder_next(self, late: "Late", facts: "Facts") -> "Answer[Step] | None":
        """The first plugin's next rung for a late subject."""
        return self._first("ladder_next", Step, {"late": late, "facts": facts})

    def points_for_act(self, act: "Act", subject: "Subject | None", facts: "Facts") -> "list[Answer[Award]]":
        """Every plugin's awards for `act`."""
        return self._all("points_for_act", Award, {"act": act, "subject": subject, "facts": facts})

    def publication_audience(self, publication: "Subject", facts: "Facts") -> "list[Answer[Audience]]":
        """Who else a publication is for, according to each plugin."""
        return self._all("publication_audience", Audience, {"publication": publication, "facts": facts})

    def act_done(self, plugin: str, act: "Act", district: object) -> None:
        """Let one plugin do what follows outside the record."""
        for asked in self._asked["act_done"]:
            if asked.plugin == plugin:
                _call("act_done", asked, {"act": act, "district": district})

    @property
    def channels(self) -> "Mapping[str, Callable[[Any], Channel]]":
        """By name, what makes each plugin's channels for a district."""
        return {
            name: make for manifest in self.manifests.values() for name, make in manifest.channels.items()
        }

    def has_workflow(self, name: str) -> bool:
        """Whether a plugin of the district has this workflow: before one that others may bring is started."""
        return any(flow.name == name for manifest in self.manifests.values() for flow in manifest.workflows)

    def implements(self, hook: str) -> bool:
        """Whether any plugin has this hook: to spare the work of asking."""
        return bool(self._asked[hook])

    def hearers(self, verb: str) -> list[str]:
        """The plugins that hear of acts with this verb, among those that implement `act_done`."""
        wanted = {verb, verb.partition(".")[0] + ".*", "*"}
        hearing = (asked.plugin for asked in self._asked["act_done"])
        return [plugin for plugin in hearing if wanted & set(self.manifests[plugin].hears)]

    def _all(
        self, hook: str, kind: type[T] | tuple[type, ...], given: Mapping[str, object]
    ) -> list[Answer[T]]:
        return _collect(hook, self._asked[hook], kind, given)

    def _first(self, hook: str, kind: type[T], given: Mapping[str, object]) -> Answer[T] | None:
        for asked in self._asked[hook]:
            value = _call(hook, asked, given)
            if value is not None:
                return Answer(asked.plugin, _checked(hook, asked.plugin, kind, value))
        return None


_EFFECTS = (Start, Make, Assign, Transfer, Tell, Change)
_NOT_THE_PLUGINS_FAULT = (PluginError, StoreError, Contended)
_HOOKS = (
    "settings_check", "person_match", "person_erase", "person_holds", "act_check", "act_effects",
    "request_match", "request_route", "ladder_next", "points_for_act", "publication_audience", "act_done",
)  # fmt: skip


def _collect(
    hook: str, asked: Iterable[_Asked], kind: type[T] | tuple[type, ...], given: Mapping[str, object]
) -> list[Answer[Any]]:
    answers: list[Answer[Any]] = []
    for one in asked:
        try:
            values = one.function(*one.picked(given))
            if values is not None and not hasattr(values, "__iter__"):
                raise _not_several(hook, one.plugin, values)
            for value in values or ():
                if not isinstance(value, kind):
                    raise _wrong_type(hook, one.plugin, kind, value)
                answers.append(Answer(one.plugin, value))
        except _NOT_THE_PLUGINS_FAULT:
            raise
        except Exception as error:
            raise failed(one.plugin, hook, error) from error
    return answers


def _call(hook: str, asked: _Asked, given: Mapping[str, object]) -> Any:
    try:
        return asked.function(*asked.picked(given))
    except _NOT_THE_PLUGINS_FAULT:
        raise
    except Exception as error:
        raise failed(asked.plugin, hook, error) from error


def _checked(hook: str, plugin: str, kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise _wrong_type(hook, plugin, kind, value)
    return value


def _wrong_type(hook: str, plugin: str, kind: type | tuple[type, ...], value: object) -> PluginError:
    return PluginError(
        say(
            "plugin '{plugin}' answered {hook} with a {got}, not with {wanted}; see docs/hooks/{hook}.md for what it returns",
            plugin=plugin,
            hook=hook,
            got=type(value).__name__,
            wanted=listed(one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,))),
        )
    )


def _not_several(hook: str, plugin: str, value: object) -> PluginError:
    return PluginError(
        say(
            "plugin '{plugin}' answered {hook} with one {got}; yield it, or return a list",
            plugin=plugin,
            hook=hook,
            got=type(value).__name__,
        )
    )
