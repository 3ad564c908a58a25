"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "decision": "matters of the decision catalogue: one proposal, three reviews, three disclosures",
    "objection": "objections of owners during a notice period",
}
