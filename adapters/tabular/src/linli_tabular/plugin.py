"""The plugin: which files are read, and how rows come back to be put right."""

from linli.hookspecs import hookimpl
from linli.manifest import Manifest
from linli_tabular import errors_file
from linli_tabular.reading import read

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")


@hookimpl
def describe() -> Manifest:
    """What the adapter brings."""
    return Manifest(
        name="tabular",
        readers=dict.fromkeys(ENDINGS, read),
        error_writers={".xlsx": errors_file.write},
    )
