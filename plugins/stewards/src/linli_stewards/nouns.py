"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "steward": "stewards of units and buildings: who they are, their contact, coverage",
    "stewardship": "the record of stewards: nominations, appointments and how they ended",
}
