"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "branch": "party branches of compounds",
    "survey": "surveys of the party members who live in compounds",
}
