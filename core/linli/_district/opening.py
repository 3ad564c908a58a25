"""Opening a district: its file, its plugins, its rules, its store."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from linli._base import codec
from linli._base.errors import ConfigError, Problem, VaultError
from linli._base.i18n import say
from linli._config import digest, load_document, read_toml
from linli._config.district import SECTIONS, AccessSettings, CalendarSettings, DistrictSettings
from linli._config.rest import OtherSections
from linli._district.connecting import FILE, console_roles, district_file, keyring_of, store_of
from linli._engine.rules import Rules
from linli._figures.afterwards import with_afterwards
from linli._hooks.plugin import Plugin
from linli._hooks.plugins import BUILT_IN, Plugins
from linli._model.compiled import Workflow
from linli._model.constants import Constants
from linli._model.giving import Giving, PostRule
from linli._schema import migrate
from linli._schema.sources import CORE
from linli._store import Store, made
from linli._store import tables as t
from linli._vault.crypto import Keyring
from linli._vault.vault import Vault

S = TypeVar("S")

__all__ = [
    "FILE", "Configuration", "bind_tenant", "configured", "console_roles", "district_file", "keyring_of", "rules_of",
    "sections_of", "store_of",
]  # fmt: skip


@attrs.frozen(kw_only=True, eq=False)
class Configuration:
    """A district's file, read and checked.

    Attributes:
        folder: where it lies; relative paths in it start there.
        table: as written, secrets being only named in it.
        sections: the records, by section.
    """

    folder: Path
    table: Mapping[str, object]
    sections: Mapping[str, object]
    plugins: Plugins

    def section(self, kind: type[S]) -> S:
        """The settings of this class."""
        for record in self.sections.values():
            if isinstance(record, kind):
                return record
        raise LookupError(kind.__name__)


def configured(path: Path, extra: Mapping[str, object] | None = None) -> Configuration:
    """Read and check a district's file; ConfigError with every problem at once."""
    source = district_file(path)
    table = read_toml(source)
    plugins = Plugins(_enabled(table, source.name), extra)
    sections = load_document(sections_of(plugins), table, source.name)
    core = [record for name, record in sections.items() if name in SECTIONS or name in BUILT_IN]
    rest = OtherSections(tuple(plugins.declarations), {type(record): record for record in core})
    problems = [
        problem
        for name, declaration in plugins.declarations.items()
        if declaration.settings
        for problem in plugins.settings_check(name, sections[name], rest)
    ]
    problems += _contradictions(sections)
    if problems:
        raise ConfigError(source.name, problems)
    return Configuration(folder=source.parent, table=table, sections=sections, plugins=plugins)


def sections_of(plugins: Plugins) -> dict[str, type]:
    """The settings classes by section: the core's, and each plugin's under its name."""
    own = {name: m.settings for name, m in plugins.declarations.items() if m.settings is not None}
    return SECTIONS | own


def _enabled(table: Mapping[str, object], source: str) -> tuple[str, ...]:
    """The enabled plugins, read ahead of the rest: their settings classes are needed to read it."""
    plugins = table.get("plugins", {})
    names = plugins.get("enabled", []) if isinstance(plugins, dict) else []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    return tuple(names)


def _contradictions(sections: Mapping[str, object]) -> list[Problem]:
    calendar, district = sections["calendar"], sections["district"]
    assert isinstance(calendar, CalendarSettings)
    assert isinstance(district, DistrictSettings)
    try:
        calendar.service_hours(district.timezone)
    except ConfigError as error:
        return [Problem(where="calendar", what=p.what) for p in error.problems]
    except ValueError:
        return [Problem(where="calendar.spans", what=say("write opening hours as 08:30-12:00"))]
    return []


def rules_of(configuration: Configuration, keyring: Keyring) -> Rules:
    """Put a district's rules together."""
    district = configuration.section(DistrictSettings)
    plugins = configuration.plugins
    vault = Vault(keyring, district.code)
    declarations = list(plugins.declarations.values())
    constants = Constants(
        district=district.code,
        calendar=configuration.section(CalendarSettings).service_hours(district.timezone),
        settings={type(record): record for record in configuration.sections.values()},
        stand_ins={s.lacking: s for m in declarations for s in m.stand_ins},
        plugins=plugins,
        commit=keyring.commit,
        vault=vault,
        giving=_giving(declarations, configuration.section(AccessSettings)),
        one_for_all=configuration.section(AccessSettings).one_for_all,
        trial=district.trial,
    )
    workflows: dict[str, Workflow] = {}
    figures: dict[str, Any] = {}
    for declaration in declarations:
        workflows |= {flow.name: flow for flow in declaration.flows}
        figures |= {figure.name: figure for figure in declaration.figures}
    return Rules(
        constants=constants,
        vault=vault,
        zone=ZoneInfo(district.timezone),
        settings=digest(configuration.table),
        workflows=workflows,
        figures=with_afterwards(figures, workflows),
        direct_acts=tuple(act for declaration in declarations for act in declaration.all_direct_acts),
    )


def _giving(declarations: Iterable[Plugin], access: AccessSettings) -> Giving:
    known: dict[str, PostRule] = {}
    for declaration in declarations:
        known |= {rule.role: rule for rule in declaration.post_rules}
    for row in access.posts:
        values = attrs.asdict(row, recurse=False)
        known[row.role] = PostRule(**{**values, "most": row.most or None})
    return Giving(known)


def make_database(configuration: Configuration) -> list[migrate.Standing]:
    """Make the tables of the district's database, or bring them to this version; what changed.

    Nothing else makes one: a database that was lost is not to look like an empty one.
    """
    store = store_of(configuration)
    try:
        changed = migrate.upgrade(store, configuration.plugins)
    finally:
        store.close()
    if any(one.source == CORE and one.at is None for one in changed):
        made.forget(configuration.folder)
    return changed


def bind_tenant(store: Store, rules: Rules, configuration: Configuration) -> None:
    """Make sure that this is the database of this district and key, and that it knows these settings."""
    district = configuration.section(DistrictSettings)
    check = rules.vault.keyring.check
    with store.reading() as connection:
        age = t.vault_age
        both = t.tenant.outerjoin(age, age.c.district == t.tenant.c.district)
        query = select(t.tenant, age.c.number).select_from(both).where(t.tenant.c.district == district.code)
        known = connection.execute(query).first()
        if known is None:
            made.refuse_another(configuration.folder, district.code)
            begun = datetime.now(UTC)
            connection.execute(
                t.tenant.insert().values(
                    district=district.code, name=district.name, vault_check=check, created_at=begun
                )
            )
            made.mark(configuration.folder, district.code, begun)
        elif known.vault_check != check:
            raise VaultError(
                say(
                    "the vault's key is not the one that this database was made with; nothing was read or changed; put the right key back"
                )
            )
        else:
            made.mark(configuration.folder, district.code, known.created_at)
        _keep_age(connection, rules, known.number if known else None)
        _keep_settings(connection, rules, configuration)


def _keep_age(connection: Any, rules: Rules, known: int | None) -> None:
    """Make the first key of limited age; VaultError where the file lacks the one that this database is at."""
    ages = rules.vault.keyring.ages
    if ages is None:
        return
    if known:
        ages.cipher(known)
        return
    if not ages.newest():
        with suppress(OSError):  # a folder that may not be written has none: linli doctor says so
            ages.add()
    if ages.newest():
        with suppress(IntegrityError):  # somebody else opened it first
            connection.execute(t.vault_age.insert().values(district=rules.district, number=ages.newest()))


def _keep_settings(connection: Any, rules: Rules, configuration: Configuration) -> None:
    version = t.settings_version
    known = connection.execute(
        select(version.c.digest).where(
            version.c.district == rules.district, version.c.digest == rules.settings
        )
    ).first()
    if known is None:
        body = codec.encode(codec.plain(dict(configuration.table)))
        values = {
            "district": rules.district,
            "digest": rules.settings,
            "since": datetime.now(UTC),
            "body": body,
        }
        connection.execute(version.insert().values(**values))
