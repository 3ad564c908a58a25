"""The [import] table of a district's file: how its senders' files differ from the usual form."""

from collections.abc import Mapping
from typing import Literal

import attrs

from linli._config import setting
from linli._config.statuses import Word


@attrs.frozen(kw_only=True)
class MapSettings:
    """A table [import.maps.NAME]: one sender's files.

    Example:
        [import.maps.hotline]
        kind = "requests"
        files = ["12345-*.csv"]
        date_format = "%m/%d/%Y %I:%M:%S %p"
        columns = { "Unique Key" = "id", "Created Date" = "opened", "Closed Date" = "closed" }
        status = { "CANCEL" = "withdrawn" }
    """

    kind: str = setting(
        "", "what its rows are: homes, people, requests, or a plugin's kind; empty: see `sheets`"
    )
    sheets: Mapping[str, tuple[str, ...]] = setting(
        attrs.Factory(dict),
        'by the name of a sheet ("业主*"), the kinds that its rows are; several are taken one after the other',
    )
    columns: Mapping[str, str] = setting(
        attrs.Factory(dict),
        'a heading as it stands in the file = the column it is read into; "" is not read;'
        ' "people.name" only where the rows are people',
    )
    values: Mapping[str, Mapping[str, str]] = setting(
        attrs.Factory(dict), 'by column, what a cell stands for: use = { "110" = "住宅" }'
    )
    status: Mapping[str, Word] = setting(
        attrs.Factory(dict), "a word of the status of requests = how they ended"
    )
    fixed: Mapping[str, str] = setting(
        attrs.Factory(dict), "a column that the file lacks = what all its rows have there"
    )
    files: tuple[str, ...] = setting(
        (), 'names of files that this map is used for without being named: "12345-*.csv"'
    )
    date_format: str | None = setting(
        None, "how its dates are written, as strptime has it; where not year, month, day"
    )
    timezone: str | None = setting(None, "the IANA zone of its times; else the district's")
    source: str | None = setting(
        None, "what its rows' own numbers belong to; else the map's name; do not change it"
    )


@attrs.frozen(kw_only=True)
class ImportSettings:
    """The [import] table."""

    maps: Mapping[str, MapSettings] = setting(
        attrs.Factory(dict), "by name, how one sender's files differ from the usual form"
    )
    chunk: int = setting(4000, "rows that are taken in one act", unit="rows", least=1, most=50_000)
    new_homes: bool = setting(False, "whether homes that only lists of people name are registered with them")
    open_requests: Literal["as_accepted", "from_import", "no_clock"] = setting(
        "as_accepted",
        "from when the deadlines of imported open requests count: from their acceptance, so that old ones are"
        " late at once and the ladder hears of each; from the import; or not at all",
    )
    service: str = setting("general", "the service of imported open requests whose category fits none")
