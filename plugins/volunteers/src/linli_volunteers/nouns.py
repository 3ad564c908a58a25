"""What the commands are for, for the page that lists them all; it loads nothing else of the plugin."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "guardian": "guardians' consents to the service of minors: record, withdraw",
    "session": "volunteer sessions: plan, sign up, check in, confirm hours, certify",
    "wish": "micro-wishes: make, approve, claim, fulfil, thank",
}
