"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "vote": "votes of the owners of a compound (Civil Code art. 278)",
}
