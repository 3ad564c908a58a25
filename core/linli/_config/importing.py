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
        default="", help="what its rows are: homes, people, requests, or a plugin's kind; empty: see `sheets`"
    )
    sheets: Mapping[str, tuple[str, ...]] = setting(
        default=attrs.Factory(dict),
        help='by the name of a sheet ("业主*"), the kinds that its rows are; several are taken one after the other',
    )
    columns: Mapping[str, str] = setting(
        default=attrs.Factory(dict),
        help='a heading as it stands in the file = the column it is read into; "" is not read;'
        ' "people.name" only where the rows are people',
    )
    values: Mapping[str, Mapping[str, str]] = setting(
        default=attrs.Factory(dict),
        help='by column, what a cell stands for: use = { "110" = "住宅" }',
    )
    status: Mapping[str, Word] = setting(
        default=attrs.Factory(dict), help="a word of the status of requests = how they ended"
    )
    fixed: Mapping[str, str] = setting(
        default=attrs.Factory(dict), help="a column that the file lacks = what all its rows have there"
    )
    files: tuple[str, ...] = setting(
        default=(), help='names of files that this map is used for without being named: "12345-*.csv"'
    )
    date_format: str | None = setting(
        default=None, help="how its dates are written, as strptime has it; where not year, month, day"
    )
    timezone: str | None = setting(default=None, help="the IANA zone of its times; else the district's")
    source: str | None = setting(
        default=None, help="what its rows' own numbers belong to; else the map's name; do not change it"
    )


@attrs.frozen(kw_only=True)
class ImportSettings:
    """The [import] table."""

    maps: Mapping[str, MapSettings] = setting(
        default=attrs.Factory(dict), help="by name, how one sender's files differ from the usual form"
    )
    chunk: int = setting(
        default=4000, minimum=1, maximum=50_000, help="rows that are taken in one act", unit="rows"
    )
    new_homes: bool = setting(
        default=False, help="whether homes that only lists of people name are registered with them"
    )
    open_requests: Literal["as_accepted", "from_import", "no_clock"] = setting(
        default="as_accepted",
        help="from when the deadlines of imported open requests count: from their acceptance, so that old ones are"
        " late at once and the ladder hears of each; from the import; or not at all",
    )
    service: str = setting(
        default="general", help="the service of imported open requests whose category fits none"
    )
