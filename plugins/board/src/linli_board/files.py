"""Writing pages: whole or not at all, and only where something changed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from linli import StoreError, say, translate

_LOCK = ".lock"
_PUT_OFF = ".put-off"


class Folder:
    """The board's folder.

    Whoever reads the record in order to write pages does both within `alone`: so the last one to
    write is the last one to have read, however many workers there are.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other workers, on this machine or on others that share the folder, from writing."""
        with _writable(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / _LOCK)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def has(self, page: str) -> bool:
        """Whether a page was written before."""
        return (self.root / page).exists()

    def lines(self, page: str) -> list[str]:
        """The lines of a page; none where it was never written."""
        path = self.root / page
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []

    def write(self, page: str, text: str) -> bool:
        """Let a page be `text`; whether that changed it. A reader sees the old page or the new one."""
        return self.write_bytes(page, text.encode("utf-8", "replace"))

    def write_bytes(self, page: str, data: bytes) -> bool:
        """The same of a file that is no text."""
        path = self.root / page
        with _writable(path):
            if path.exists() and path.read_bytes() == data:
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            self._replace(path, data)
        return True

    def _replace(self, path: Path, data: bytes) -> None:
        # One name is enough, since the lock is held; what a killed worker left is overwritten.
        new = path.with_name(f".{path.name}.new")
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(0o644)
        new.replace(path)

    def put_off(self, work: str) -> None:
        """Remember work for `settle`; a worker that is killed in between leaves it to the next one."""
        self.write(f"{_PUT_OFF}/{work}", "")

    def work(self) -> list[str]:
        """What was put off."""
        folder = self.root / _PUT_OFF
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def done(self, work: str) -> None:
        """What was put off is done."""
        self.remove(f"{_PUT_OFF}/{work}")

    def remove(self, page: str) -> None:
        """Let a page be gone."""
        with _writable(self.root / page):
            (self.root / page).unlink(missing_ok=True)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            say(
                "the board cannot be written at {path}: {why}; correct [board] folder, or who may write there",
                path=path,
                why=translate(error.strerror or type(error).__name__),
            )
        ) from error
