"""A TOML document becomes frozen records, strictly: every problem at once, nothing coerced."""

from linli._config.documents import digest, read_toml
from linli._config.durations import duration, write_duration
from linli._config.explaining import Row, explain
from linli._config.kinds import written
from linli._config.loading import load, load_document
from linli._config.schemas import document_schema, schema
from linli._config.secret import Secret
from linli._config.settings import Setting, setting, settings_of

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
