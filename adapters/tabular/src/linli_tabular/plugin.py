"""The plugin: which files are read, and how rows come back to be put right."""

from typing import Any

from linli import Plugin

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")


def read(*arguments: Any, **named: Any) -> Any:
    """What a file holds, see `linli_tabular.reading.read`. The libraries of spreadsheets are loaded when one is read."""
    from linli_tabular import reading

    return reading.read(*arguments, **named)


def write(*arguments: Any, **named: Any) -> int:
    """Write the rows to be put right, see `linli_tabular.errors_file.write`."""
    from linli_tabular import errors_file

    return errors_file.write(*arguments, **named)


PLUGIN = Plugin(
    name="tabular",
    table_readers=dict.fromkeys(ENDINGS, read),
    problem_writers={".xlsx": write},
)
