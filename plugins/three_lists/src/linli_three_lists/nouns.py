"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "need": "what residents need: match it, find duplicates, see what is late, who is on duty",
    "service": "the catalogue of services: what can be done, by whom, in what time",
}
