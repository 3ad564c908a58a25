"""What the doctor says of the database's file, of who may read what, and of what erasures have left."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from linli._base.i18n import say
from linli._config.district import DistrictSettings, VaultSettings
from linli._district.opening import Configuration, keyring_of
from linli._operations.findings import Finding, Level
from linli._proof.sealing import first_id
from linli._store import made
from linli._store import tables as t
from linli._store.failures import StoreDamaged
from linli._store.store import Store
from linli._verbs.register.erasing import NOTED, back_again

_COPIES = ("*.db", "*.sqlite", "*.sqlite3", "*.sql", "*.dump", "*.bak", "*backup*")


def permissions(configuration: Configuration, store: Store) -> Iterator[Finding]:
    """Who may read what: the keys their owner alone, the database nobody else; and no key beside a copy of it."""
    settings, folder, about = configuration.section(VaultSettings), configuration.folder, say("permissions")
    keys = [folder / name for name in (settings.key.file, settings.ages) if name]
    files = [store.file, *(Path(f"{store.file}{end}") for end in ("-wal", "-shm"))] if store.file else []
    wrong = [(file, 0o600) for file in keys if _open_to(file, 0o077)]
    wrong += [(file, 0o600) for file in files if file and _open_to(file, 0o007)]
    for file, mode in wrong:
        todo = say("run: chmod {mode} {file}", mode=f"{mode:o}", file=file)
        yield Finding(
            about=about, level=Level.WARNING, found=say("others can read {file}", file=file.name), todo=todo
        )
    beside = sorted(
        {one.name for pattern in _COPIES for one in folder.glob(pattern)}
        - {file.name for file in files if file}
    )
    if settings.key.file and beside:
        found = say("{file} lies beside the key: whoever takes both can read everything", file=beside[0])
        todo = say("keep copies of the database in another place than the key")
        yield Finding(about=about, level=Level.WARNING, found=found, todo=todo)
    elif not wrong:
        yield Finding(about=about, found=say("the keys and the database are for their owner alone"))


def _open_to(file: Path, bits: int) -> bool:
    try:
        return bool(file.stat().st_mode & bits)
    except OSError:
        return False


def erasing(configuration: Configuration, store: Store) -> Iterator[Finding]:
    """What erasures have left, and who waits to be erased."""
    about, settings = say("erasing"), configuration.section(VaultSettings)
    ages = keyring_of(configuration).ages
    if ages is None or not ages.newest():
        todo = say("let linli write in the district's folder, then run: linli vault rotate")
        yield Finding(
            about=about,
            level=Level.WARNING,
            found=say("{file} is not there: what is erased can be read in old copies", file=settings.ages),
            todo=todo,
        )
        return
    late = datetime.now(UTC) - timedelta(days=settings.retire_days)
    code, since = configuration.section(DistrictSettings).code, ages.all()[-1].since
    query = select(t.act.c.id).where(
        t.act.c.district == code,
        t.act.c.verb == "person.erase",
        t.act.c.id > first_id(since),
        t.act.c.id < first_id(late),
    )
    back = back_again(
        store, code, configuration.folder / NOTED, datetime.now(UTC) - timedelta(days=settings.backup_days)
    )
    if back:
        found = say(
            "{count} people were erased and are back: a backup was restored that still has them",
            count=len(back),
        )
        todo = say("run: linli worker --once, which erases them again")
        yield Finding(about=about, level=Level.ERROR, found=found, todo=todo)
    with store.reading() as connection:
        overdue = connection.execute(query.limit(1)).first()
        waiting = connection.scalar(
            select(func.count()).select_from(t.erasure).where(t.erasure.c.district == code)
        )
    if overdue:
        todo = say("start linli worker, or run: linli vault rotate")
        yield Finding(
            about=about,
            level=Level.WARNING,
            found=say("what an erasure has left should be unreadable by now"),
            todo=todo,
        )
    else:
        yield Finding(about=about, found=say("{count} wait for what they are party to", count=waiting))


def whole(store: Store) -> Iterator[Finding]:
    """Whether SQLite finds its own file sound; a server looks after its files itself."""
    if store.file is None:
        return
    with store.reading() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found == "ok":
        yield Finding(about=say("database file"), found=say("sound"))
    else:
        yield Finding(
            about=say("database file"),
            level=Level.ERROR,
            found=StoreDamaged(str(found).splitlines()[-1]).text,
        )


def missing(configuration: Configuration, store: Store) -> Finding:
    known, about = made.read(configuration.folder), say("database")
    if known:
        return Finding(about=about, level=Level.ERROR, found=made.lost(str(store.file), known))
    found = say("{file} is not there yet", file=store.file)
    todo = say("make it with: linli db upgrade; if there should be one, correct [store] url")
    return Finding(about=about, level=Level.WARNING, found=found, todo=todo)
