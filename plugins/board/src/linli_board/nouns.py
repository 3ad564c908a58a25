"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "board": "the public board: publications as a folder of web pages",
}
