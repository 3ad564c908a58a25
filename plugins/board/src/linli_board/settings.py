"""The [board] table of a district's file."""

from pathlib import Path
from typing import Literal

import attrs

from linli import LinliError, say, setting


def _web_address(_: object, __: object, value: str) -> None:
    if value and not value.startswith(("https://", "http://")):
        raise LinliError(say("must begin with https:// or http://"))


@attrs.frozen(kw_only=True)
class BoardSettings:
    """Where the board is, and how it presents itself."""

    folder: str = setting("board", "the folder that a web server shows; relative to this file")
    base_url: str = setting(
        "",
        "where that folder is on the web: https://example.org/board/; feeds need it",
        validator=_web_address,
    )
    title: str = setting("", "the board's name; else the district's name")
    language: Literal["zh", "en"] = setting("zh", "the language of what is around the publications")
    newest: int = setting(30, "how many a place's first page shows", unit="publications", least=1, most=500)

    def path(self, base: Path) -> Path:
        """The folder, for a district whose file lies in `base`."""
        return base / self.folder

    def address(self, page: str) -> str:
        """A page's address on the web."""
        return f"{self.base_url.rstrip('/')}/{page}"
