"""What is wrong with an installation: one finding after the other, however much is broken."""

import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from linli._base import calendar
from linli._base.errors import LinliError
from linli._base.i18n import Text, say, translate
from linli._config.district import DeliverySettings, DistrictSettings, SealingSettings
from linli._district.checking import Findings, checked
from linli._district.opening import Configuration, configured, keyring_of, rules_of, store_of
from linli._model.facts import Facts
from linli._operations import safety
from linli._operations.findings import Finding, Level
from linli._schema import migrate
from linli._store import made
from linli._store import tables as t
from linli._store.store import Store

__all__ = ["Finding", "Level", "examine"]

OLDEST_PYTHON: Final = (3, 11)
OLDEST_POSTGRESQL: Final = 17
OLDEST_SQLITE: Final = (3, 35)
_LITTLE, _TOO_LITTLE = 1 << 30, 100 << 20
_NOTICE = timedelta(days=30)
_OFTEN: Final = 3  # what failed so often is no accident of a moment


def examine(path: Path, now: datetime | None = None) -> Iterator[Finding]:
    """Look at everything, from the ground up; what stands on something broken is left out."""
    yield from _installation()
    yield _holidays(now or datetime.now(UTC))
    found = checked(path)
    yield from _file(found)
    yield from _plugins(found)
    yield _disk(found.file.parent)
    if not found.problems:
        yield from _district(configured(path))


# --- the installation ------------------------------------------------------------------------------


def _installation() -> Iterator[Finding]:
    python, about = platform.python_version(), say("Python")
    if sys.version_info < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        yield Finding(
            about=about,
            level=Level.ERROR,
            found=python,
            todo=say("install Python {needed} or newer", needed=needed),
        )
    else:
        yield Finding(about=about, found=python)
    yield _packages()


def _packages() -> Finding:
    wrong = [
        f"{name} {have or '-'} < {least}" for name, have, least in _requirements() if _older(have, least)
    ]
    about = say("packages")
    if wrong:
        todo = say("run: pip install --upgrade linli")
        return Finding(about=about, level=Level.ERROR, found=", ".join(wrong), todo=todo)
    return Finding(about=about, found=f"linli {version('linli')}, sqlalchemy {version('sqlalchemy')}")


def _requirements() -> Iterator[tuple[str, str | None, str]]:
    """What linli needs without its extras: name, installed version, least version."""
    for line in requires("linli") or ():
        found = re.fullmatch(r"([\w.-]+)\s*>=\s*([\d.]+)", line)
        if found:
            yield found[1], _installed(found[1]), found[2]


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _older(have: str | None, least: str) -> bool:
    return have is None or _numbers(have) < _numbers(least)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _holidays(now: datetime) -> Finding:
    until, about = calendar.known_until(), say("holidays and make-up days")
    found = say("known until {day}", day=until)
    if now.date() + _NOTICE > until:
        todo = say("after that, deadlines count plain weekends; run: pip install --upgrade holidays")
        return Finding(about=about, level=Level.WARNING, found=found, todo=todo)
    return Finding(about=about, found=found)


def _disk(folder: Path) -> Finding:
    about = say("disk space")
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(
            about=about,
            level=Level.ERROR,
            found=translate(error.strerror or ""),
            todo=say("see that {folder} is there", folder=folder),
        )
    level = Level.ERROR if free < _TOO_LITTLE else Level.WARNING if free < _LITTLE else Level.OK
    todo = None if level is Level.OK else say("free some space, or move the district to a larger disk")
    return Finding(
        about=about, level=level, found=say("{gib} GiB free", gib=f"{free / (1 << 30):.1f}"), todo=todo
    )


# --- the file and the plugins ----------------------------------------------------------------------


def _file(found: Findings) -> Iterator[Finding]:
    about = say("the district's file")
    if not found.problems:
        yield Finding(about=about, found=str(found.file))
    for problem in (*found.problems, *found.absent):
        todo = say("correct {file}; see: linli config check", file=found.file)
        yield Finding(about=about, level=Level.ERROR, found=str(problem), todo=todo)


def _plugins(found: Findings) -> Iterator[Finding]:
    about = say("plugins")
    good = [one for one in found.plugins if not one.problem]
    yield Finding(about=about, found=", ".join(one.name for one in good if one.enabled))
    for one in found.plugins:
        # Those that are enabled stand among the problems of the file.
        if one.problem and not one.enabled:
            todo = say("uninstall it, or install a version that works")
            yield Finding(about=about, level=Level.WARNING, found=one.problem, todo=todo)


# --- the district ----------------------------------------------------------------------------------


def _district(configuration: Configuration) -> Iterator[Finding]:
    try:
        store = store_of(configuration)
    except LinliError as error:
        yield _failure(say("database"), error)
        return
    try:
        yield from _database(configuration, store)
    finally:
        store.close()


def _database(configuration: Configuration, store: Store) -> Iterator[Finding]:
    if made.missing(store):
        yield safety.missing(configuration, store)
        yield from _tried(say("vault key"), lambda: [_key_alone(configuration)])
        return
    yield from safety.permissions(configuration, store)
    reached = list(_tried(say("database"), lambda: [_kind(store)]))
    yield from reached
    if reached[0].level is Level.ERROR:
        yield from _tried(say("vault key"), lambda: [_key_alone(configuration)])
        return
    yield from _tried(say("database file"), lambda: safety.whole(store))
    tables = list(_tried(say("tables"), lambda: _tables(configuration, store)))
    yield from tables
    if all(one.level is Level.OK for one in tables):
        yield from _tried(say("vault key"), lambda: [_key(configuration, store)])
        yield from _tried(say("set-up"), lambda: [_set_up(configuration, store)])
        yield from _tried(say("erasing"), lambda: safety.erasing(configuration, store))
        yield from _tried(say("deliveries"), lambda: _deliveries(configuration, store))
        yield from _tried(say("places that ended"), lambda: _places(configuration, store))
        yield from _tried(say("sealing"), lambda: [_sealing(configuration, store)])
        yield from _tried(say("kept heads"), lambda: [_heads(configuration, store)])
        yield from _tried(say("ledger"), lambda: [_ledger(configuration, store)])


def _tried(about: Text, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What looking comes to; a failure is a finding too."""
    try:
        yield from list(look())
    except LinliError as error:
        yield _failure(about, error)


def _failure(about: Text, error: LinliError) -> Finding:
    if "transaction_timeout" in str(error):
        return _too_old(about, say("PostgreSQL is older than {needed}", needed=OLDEST_POSTGRESQL))
    return Finding(about=about, level=Level.ERROR, found=error.text)


def _too_old(about: Text, found: Text | str) -> Finding:
    todo = say(
        "linli needs PostgreSQL {needed} or newer, which ends transactions that hang",
        needed=OLDEST_POSTGRESQL,
    )
    return Finding(about=about, level=Level.ERROR, found=found, todo=todo)


def _kind(store: Store) -> Finding:
    with store.reading() as connection:
        numbers = _server_version(connection)
    known = ".".join(map(str, numbers))
    about, found = say("database"), f"{store.name} {known}"
    if store.name == "postgresql" and numbers[0] < OLDEST_POSTGRESQL:
        return _too_old(about, found)
    if store.name == "sqlite" and numbers < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        todo = say("linli needs SQLite {needed} or newer; install a newer Python", needed=needed)
        return Finding(about=about, level=Level.ERROR, found=found, todo=todo)
    return Finding(about=about, found=found)


def _server_version(connection: Connection) -> tuple[int, ...]:
    found = connection.dialect.server_version_info
    return tuple(int(part) for part in (found or (0,)))


def _tables(configuration: Configuration, store: Store) -> Iterator[Finding]:
    about = say("tables")
    for one in migrate.status(store, configuration.plugins):
        if one.problem:
            yield Finding(about=about, level=Level.ERROR, found=one.problem)
        else:
            yield Finding(about=about, found=f"{one.source} {one.at or ''}".rstrip())


def _key_alone(configuration: Configuration) -> Finding:
    keyring_of(configuration)
    return Finding(about=say("vault key"), found=say("readable"))


def _key(configuration: Configuration, store: Store) -> Finding:
    check = keyring_of(configuration).check
    code = configuration.section(DistrictSettings).code
    with store.reading() as connection:
        known = connection.scalar(select(t.tenant.c.vault_check).where(t.tenant.c.district == code))
    about = say("vault key")
    if known is None:
        return Finding(about=about, found=say("readable; the database does not know the district yet"))
    if known != check:
        return Finding(
            about=about,
            level=Level.ERROR,
            found=say("it is not the one that this database was made with"),
            todo=say("put the right key back; no personal data can be read with another one"),
        )
    return Finding(about=about, found=say("the right one"))


def _set_up(configuration: Configuration, store: Store) -> Finding:
    from linli._verbs.register.giving_posts import in_setup

    rules = rules_of(configuration, keyring_of(configuration))
    with store.transaction() as transaction:
        unfinished = in_setup(Facts(transaction, rules.constants, datetime.now(UTC)))
    if not unfinished or rules.trial:
        return Finding(about=say("set-up"), found=say("done"))
    return Finding(
        about=say("set-up"),
        level=Level.WARNING,
        found=say("fewer than two persons who give the district's posts have acted under their names"),
        todo=say(
            "run: linli post add PERSON administrator {district}",
            district=configuration.section(DistrictSettings).name,
        ),
    )


def _deliveries(configuration: Configuration, store: Store) -> Iterator[Finding]:
    from linli._deliveries.queue import Deliveries

    code = configuration.section(DistrictSettings).code
    deliveries = Deliveries(store, code, configuration.section(DeliverySettings))
    counts = deliveries.counts()
    about = say("deliveries")
    if counts["dead"]:
        found = say("{count} failed for good", count=counts["dead"])
        todo = say("see: linli delivery --help")
        yield Finding(about=about, level=Level.WARNING, found=found, todo=todo)
    if counts["overdue"]:
        found = say("{count} wait to be carried out", count=counts["overdue"])
        yield Finding(about=about, level=Level.WARNING, found=found, todo=say("start: linli worker"))
    failing = deliveries.failing(_OFTEN)
    if failing:
        found = say(
            "{count} fail again and again; the one tried most often, {attempts} times: {recipient}: {error}",
            count=len(failing),
            attempts=failing[0].attempts,
            recipient=failing[0].recipient,
            error=failing[0].error or "",
        )
        todo = say("mend what the error says; they are tried again by themselves. See: linli delivery list")
        yield Finding(about=about, level=Level.WARNING, found=found, todo=todo)
    if not counts["dead"] and not counts["overdue"]:
        yield Finding(about=about, found=say("none waits; {count} are due later", count=counts["later"]))


def _places(configuration: Configuration, store: Store) -> Iterator[Finding]:
    """Only what is left to decide: most districts never merge a place."""
    from linli._verbs.register.left_over import left_over

    for found, todo in left_over(store, configuration.section(DistrictSettings).code):
        yield Finding(about=say("places that ended"), level=Level.WARNING, found=found, todo=todo)


def _sealing(configuration: Configuration, store: Store) -> Finding:
    from linli._proof.sealing import Sealing

    unsealed = Sealing(store, configuration.section(DistrictSettings).code).unsealed()
    about = say("sealing")
    if unsealed:
        found = say("{count} acts are not sealed yet", count=unsealed)
        return Finding(
            about=about,
            level=Level.WARNING,
            found=found,
            todo=say("start linli worker, or run: linli verify"),
        )
    return Finding(about=about, found=say("every act is sealed"))


def _heads(configuration: Configuration, store: Store) -> Finding:
    from linli._proof.heads import heads_of
    from linli._proof.sealing import Sealing

    sealing, about = Sealing(store, configuration.section(DistrictSettings).code), say("kept heads")
    settings = configuration.section(SealingSettings)
    heads = heads_of(sealing, keyring_of(configuration), configuration.folder, settings)
    kept = len(heads.lines())
    problems = heads.problems()
    if problems:
        todo = say("acts were lost, put in or changed since; compare with a backup, and see: linli verify")
        return Finding(about=about, level=Level.ERROR, found=problems[0], todo=todo)
    if not kept and sealing.head().number:
        todo = say("run: linli verify; if {file} should be there, put it back first", file=heads.file.name)
        return Finding(about=about, level=Level.WARNING, found=say("none was kept"), todo=todo)
    return Finding(about=about, found=say("the journal is the one that {count} were kept of", count=kept))


def _ledger(configuration: Configuration, store: Store) -> Finding:
    from linli._verbs.award.auditing import audit

    found = audit(store, configuration.section(DistrictSettings).code)
    if found.problems:
        return Finding(
            about=say("ledger"),
            level=Level.ERROR,
            found=found.problems[0],
            todo=say("see all of it: linli points audit; then put the last backup beside it"),
        )
    return Finding(about=say("ledger"), found=say("{count} postings add up", count=found.postings))
