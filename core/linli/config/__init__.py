"""A TOML document becomes frozen records, strictly: every problem at once, nothing coerced."""

from linli.config.documents import digest, read_toml
from linli.config.durations import duration, write_duration
from linli.config.explaining import Row, explain
from linli.config.kinds import written
from linli.config.loading import load, load_document
from linli.config.schemas import document_schema, schema
from linli.config.secret import Secret
from linli.config.settings import Setting, setting, settings_of

__all__ = [
    "Row",
    "Secret",
    "Setting",
    "digest",
    "document_schema",
    "duration",
    "explain",
    "load",
    "load_document",
    "read_toml",
    "schema",
    "setting",
    "settings_of",
    "write_duration",
    "written",
]
