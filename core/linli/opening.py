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

from linli import codec
from linli.afterwards import with_afterwards
from linli.config import digest, load_document, read_toml
from linli.config.rest import Rest
from linli.connecting import FILE, console_roles, district_file, keyring_of, store_of
from linli.constants import Constants
from linli.engine.rules import Rules
from linli.errors import ConfigError, Problem, VaultError
from linli.giving import Giving, PostRule
from linli.i18n import say
from linli.manifest import Manifest
from linli.plugins import BUILT_IN, Plugins
from linli.settings import (
    SECTIONS,
    AccessSettings,
    CalendarSettings,
    DistrictSettings,
)
from linli.store import Store, made, migrate
from linli.store import tables as t
from linli.store.sources import CORE
from linli.vault.crypto import Keyring
from linli.vault.vault import Vault
from linli.workflow import Workflow

S = TypeVar("S")

__all__ = [
    "FILE", "Configuration", "acquaint", "configured", "console_roles", "district_file", "keyring_of", "rules_of",
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
    rest = Rest(tuple(plugins.manifests), {type(record): record for record in core})
    problems = [
        problem
        for name, manifest in plugins.manifests.items()
        if manifest.settings
        for problem in plugins.settings_check(name, sections[name], rest)
    ]
    problems += _contradictions(sections)
    if problems:
        raise ConfigError(source.name, problems)
    return Configuration(folder=source.parent, table=table, sections=sections, plugins=plugins)


def sections_of(plugins: Plugins) -> dict[str, type]:
    """The settings classes by section: the core's, and each plugin's under its name."""
    own = {name: m.settings for name, m in plugins.manifests.items() if m.settings is not None}
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
    manifests = list(plugins.manifests.values())
    constants = Constants(
        district=district.code,
        calendar=configuration.section(CalendarSettings).service_hours(district.timezone),
        settings={type(record): record for record in configuration.sections.values()},
        stand_ins={s.lacking: s for m in manifests for s in m.stand_ins},
        plugins=plugins,
        commit=keyring.commit,
        vault=vault,
        giving=_giving(manifests, configuration.section(AccessSettings)),
        one_for_all=configuration.section(AccessSettings).one_for_all,
        trial=district.trial,
    )
    workflows: dict[str, Workflow] = {}
    figures: dict[str, Any] = {}
    for manifest in manifests:
        workflows |= {flow.name: flow for flow in manifest.workflows}
        figures |= {figure.name: figure for figure in manifest.figures}
    return Rules(
        constants=constants,
        vault=vault,
        zone=ZoneInfo(district.timezone),
        settings=digest(configuration.table),
        workflows=workflows,
        figures=with_afterwards(figures, workflows),
        direct_acts=tuple(act for manifest in manifests for act in manifest.all_direct_acts),
    )


def _giving(manifests: Iterable[Manifest], access: AccessSettings) -> Giving:
    known: dict[str, PostRule] = {}
    for manifest in manifests:
        known |= {rule.role: rule for rule in manifest.post_rules}
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


def acquaint(store: Store, rules: Rules, configuration: Configuration) -> None:
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
