"""A district opened for a command: what it does not need of the file, the plugins and their rules is not loaded.

A list needs the core's settings and the workflow that it lists; loading every plugin of the district takes longer than
the list. Whatever is asked for beyond that loads the whole, as `linli.open` does at once, and with it every check of the
file and of the tables: nothing is changed by less than the whole.
"""

import os
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import column, exists, select
from sqlalchemy import table as a_table

from linli._base.entry_points import declared
from linli._base.errors import StoreError
from linli._base.i18n import Text, add_catalogue
from linli._config.district import SECTIONS, DistrictSettings
from linli._config.documents import digest, read_toml
from linli._config.loading import load
from linli._district.connecting import district_file, keyring_of
from linli._model.compiled import Workflow
from linli._model.compiling import compiled
from linli._model.wording import verb_label
from linli._model.workflows import Workflow as DeclaredWorkflow
from linli._schema.sources import core_head
from linli._store import Store
from linli._store import tables as t
from linli._vault.vault import Vault

if TYPE_CHECKING:
    from linli._district.opening import Configuration
    from linli._engine.rules import Rules

S = TypeVar("S")


class LateConfiguration:
    """A district's file of which a section is read when it is asked for.

    Attributes:
        folder, table: as those of `Configuration`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        source = district_file(path)
        self.folder = source.parent
        self.table = read_toml(source)
        self._read: dict[type, object] = {}
        for module in self.modules.values():
            _add_catalogue(module)

    @cached_property
    def whole(self) -> "Configuration":
        """All of it, with every problem that it has told at once."""
        from linli._district.opening import configured

        return configured(self._path)

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """The modules of the enabled plugins, by their names; none is imported for this."""
        known = declared("linli.plugins")
        plugins = self.table.get("plugins")
        enabled = plugins.get("enabled") if isinstance(plugins, dict) else None
        names = [*enabled, *BUILT_IN] if isinstance(enabled, list) else BUILT_IN
        return {str(name): known[str(name)][0] for name in names if str(name) in known}

    def section(self, kind: type[S]) -> S:
        """The settings of this class."""
        if kind not in self._read:
            self._read[kind] = self._section(kind)
        return cast(S, self._read[kind])

    def _section(self, kind: type[S]) -> S:
        name = self._name_of(kind)
        table = self.table.get(name, {}) if name else None
        if not isinstance(table, Mapping):
            return self.whole.section(kind)
        found, problems = load(kind, table, str(name))
        return self.whole.section(kind) if problems or found is None else found

    def _name_of(self, kind: type) -> str | None:
        """What the section is called: for a plugin's settings, as the plugin."""
        core = next((name for name, settings in SECTIONS.items() if settings is kind), None)
        package = kind.__module__.rpartition(".")[0]
        return core or next(
            (n for n, module in self.modules.items() if module.rpartition(".")[0] == package), None
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


BUILT_IN = ("register", "dispatch", "award", "publish")


def _add_catalogue(module: str) -> None:
    """Roles and states of a plugin have words before anything of it is loaded."""
    found = find_spec(module.partition(".")[0])
    for folder in (found and found.submodule_search_locations) or ():
        add_catalogue(os.path.join(folder, "locale"))


class LateRules:
    """What holds in a district, as `Rules`; put together from all plugins when more is asked than a list asks.

    Args:
        settle: makes sure, when all is loaded, that the database fits it.
    """

    def __init__(
        self, configuration: LateConfiguration, settle: "Callable[[Configuration, Rules], None]"
    ) -> None:
        self._configuration, self._settle = configuration, settle
        settings = configuration.section(DistrictSettings)
        self.district = settings.code
        self.zone = ZoneInfo(settings.timezone)
        self.settings = digest(configuration.table)
        self.constants = LateConstants(self)
        self._flows: dict[str, Workflow | None] = {}

    @cached_property
    def vault(self) -> Vault:
        """The district's vault."""
        return Vault(keyring_of(self._configuration), self.district)

    @cached_property
    def whole(self) -> "Rules":
        """All of them."""
        from linli._district.opening import rules_of

        rules = rules_of(self._configuration.whole, self.vault.keyring)
        self._settle(self._configuration.whole, rules)
        return rules

    def workflow(self, name: str) -> Workflow:
        """A workflow by its name; NotFound where no enabled plugin has it."""
        return self._loaded(name) or self.whole.workflow(name)

    def called(self, verb: str) -> Text:
        """What people call an act with this verb."""
        kind = verb.partition(".")[0]
        flow = self._loaded(kind)
        return verb_label(verb, {kind: flow}, {}) if flow else self.whole.called(verb)

    def _loaded(self, name: str) -> Workflow | None:
        """The workflow where a module that is loaded anyway declares it, such as that of the noun which runs."""
        if name not in self._flows:
            packages = {module.rpartition(".")[0] + "." for module in self._configuration.modules.values()}
            modules = [module for key, module in list(sys.modules.items()) if key.startswith(tuple(packages))]
            found = (one for module in modules for one in vars(module).values() if _declares(one, name))
            flow = next(found, None)
            self._flows[name] = compiled(flow) if flow else None
        return self._flows[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


def _declares(one: object, name: str) -> bool:
    """Whether something is the class of a workflow with this name."""
    return isinstance(one, type) and issubclass(one, DeclaredWorkflow) and vars(one).get("name") == name


class LateConstants:
    """What does not change while a district is open, as `Constants`."""

    def __init__(self, rules: LateRules) -> None:
        self._rules = rules
        self.district = rules.district

    @property
    def vault(self) -> Vault:
        """What opens what people wrote."""
        return self._rules.vault

    @property
    def commit(self) -> Callable[[str, str], str]:
        """What makes keyed commitments."""
        return self._rules.vault.keyring.commit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rules.whole.constants, name)


def is_known(store: Store, district: str, settings: str) -> bool:
    """Whether the database has the core's tables as they are, and the district was opened with these very settings before."""
    version, tenant, known = (
        a_table("alembic_version", column("version_num")),
        t.tenant.c,
        t.settings_version.c,
    )
    same = exists().where(known.district == tenant.district, known.digest == settings)
    query = (
        select(version.c.version_num)
        .select_from(version)
        .where(exists().where(tenant.district == district, same))
    )
    try:
        with store.reading() as connection:
            return connection.scalar(query) == core_head()
    except StoreError:
        return False


def rules_in(configuration: "Configuration | LateConfiguration", store: Store) -> "Rules":
    """What holds in a district: put together late where its database knows these very settings."""

    def settle(configuration: "Configuration", rules: "Rules") -> None:
        """Make sure that this is the database of this district, this key and these plugins."""
        from linli._district.opening import bind_tenant
        from linli._schema.migrate import require_current

        require_current(store, configuration.plugins)
        bind_tenant(store, rules, configuration)

    if isinstance(configuration, LateConfiguration):
        late = LateRules(configuration, settle)
        return cast("Rules", late) if is_known(store, late.district, late.settings) else late.whole
    from linli._district.opening import rules_of

    rules = rules_of(configuration, keyring_of(configuration))
    settle(configuration, rules)
    return rules
