"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "meeting": "joint meetings of a street and of the district",
    "agenda": "agenda items: proposed, decided by a meeting or by circulation, carried out",
    "whistle": "the whistle: the street blows it, departments report in",
}
