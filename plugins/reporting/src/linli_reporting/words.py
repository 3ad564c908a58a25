"""Words that lists show, for the catalogue."""

WORDS = (
    "membership_report|refused",
    "members", "reporting", "membership_reports", "session", "task", "wish", "branch_deputy", "branch_member", "membership_ended",
    "reported_on", "branch", "stood_in", "moved_from", "filed",
    "what differs", "count", "row", "here", "in the file", "when", "what", "minutes", "name", "state", "since",
    "number", "things done", "last active", "compound", "reported", "active", "waiting", "without branch",
    "what they did", "reported on", "has a branch", "stands in",
)  # fmt: skip
