"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "bank": "open a compound's bank, join it, see what somebody has, publish lists",
    "breach": "breaches that lower what somebody earns: report, confirm, lift",
    "credit": "points that wait for a second person's confirmation",
    "gift": "gifts: offer, restock, order",
    "redemption": "orders of gifts: hand over, cancel",
    "waiver": "letting go of what somebody owes: confirm, refuse",
    "window": "redemption windows: propose, open, close",
}
