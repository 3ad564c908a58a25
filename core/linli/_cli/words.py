"""Words that are not sentences of ours, for the catalogues: names that lists show, and what click says.

Nobody asks this module for one; it is where the catalogues find them.
"""

from collections.abc import Mapping

WORDED = frozenset(
    {
        "kind",
        "state",
        "outcome",
        "channel",
        "role",
        "series",
        "by",
        "as",
        "ended_by",
        "about",
        "use",
        "branch_kind",
        "compound_kind",
        "purpose",
        "centre_kind",
        "tier",
        "grade",
        "grounds",
        "resolution",
        "stands_in_for",
        "carried_out_by",
    }
)
"""Columns whose values are names of the domain: shown to people in their language, to programs as they are."""

WORDS: tuple[str, ...] = (
    # what lists show of anything
    "posts", "acts on", "person", "organisation", "post", "id", "kind", "state", "outcome", "place", "holder", "opened_at", "accepted_at", "ended_at", "due_at", "name",
    "code", "since", "until", "about", "path", "ended_by", "phone", "phone_2", "resident_id", "address", "may_be",
    "title", "series", "stage", "published_at", "reason", "follows", "corrects", "corrected_by", "digest", "use",
    "area", "political_status", "gender", "birthday", "remark", "description", "feedback", "result",
    # places, their kinds and uses
    "district", "street", "community", "compound", "building", "unit", "exclusive_part",
    "old", "commercial", "courtyard", "home", "shop", "parking",
    # organisations and ties
    "residents_committee", "owners_assembly", "owners_committee", "property_company", "association", "department",
    "branch", "volunteer_organisation", "party_organisation", "resident", "owner", "volunteer", "party_member", "tenant",
    "minor", "ward", "estate", "organisation", "not_found",
    "died", "moved_away", "merged", "erased",
    # roles
    "administrator", "approver", "branch_secretary", "clerk", "district_officer", "duty", "officer", "publisher",
    "registrar", "steward", "operator", "property_staff", "console", "holder", "own", "anyone", "engine", "but not for oneself", "anonymous", "bank_keeper",
    # requests and deliveries
    "settled", "declined", "handed_over", "duplicate", "undated", "refused", "withdrawn", "confirmed", "cancelled", "accepted",
    "lapsed", "discarded", "waiting_for_reporter", "waiting_for_parts", "waiting_for_weather", "waiting_for_others",
    "whose turn", "successors", "from", "to", "into", "place|moved", "place|places", "ended", "fields", "posts",
    "offer|refused", "offer|accepted",
    "desk", "phone", "web", "system", "import",
    "due at", "recipient", "attempts", "due", "overdue", "later", "done", "dead", "failed",
    "notice", "disclosure", "points", "brief", "timer", "tell",
    # rules that chose a service or a seat
    "chosen by the desk", "category", "nobody has it", "stands in for", "none", "passed over", "the place above",
    # what is asked and shown of requests, beside what records keep
    "paused_for", "goes_on_at", "holidays_known", "accepted_by", "proof", "put_right", "event", "as_proposed",
    # what the operating system says
    "No such file or directory", "Permission denied", "Is a directory", "Not a directory", "File exists",
    "No space left on device", "Read-only file system",
    # what click says; it asks for it by `gettext`
    "Usage:", "Options", "Commands", "Positional arguments", "Show this message and exit.", "required",
    "default: {default}", "env var: {var}", "Missing command.", "Missing argument", "Missing option",
    "Missing parameter", "Missing {param_type}", "Missing parameter: {param_name}",
    "Invalid value: {message}", "Invalid value for {param_hint}: {message}",
    "No such option {name!r}.", "No such command {name!r}.", "Option {name!r} does not take a value.",
    "Argument {name!r} takes {nargs} values.", "Could not open file {filename!r}: {message}",
    "{value!r} is not a valid {number_type}.", "{value} is not in the range {range}.",
    "{value!r} is not a valid UUID.", "file", "directory", "path",
    "{name} {filename!r} does not exist.", "{name} {filename!r} is a file.", "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.", "Aborted!",
)  # fmt: skip

# The same, where click counts.
PLURALS: Mapping[str, str] = {
    "Got unexpected extra argument ({args})": "Got unexpected extra arguments ({args})",
    "Option {name!r} requires an argument.": "Option {name!r} requires {nargs} arguments.",
    "{value!r} is not {choice}.": "{value!r} is not one of {choices}.",
    "{value!r} does not match the format {format}.": "{value!r} does not match the formats {formats}.",
    "Did you mean {possibility}?": "(Did you mean one of: {possibilities}?)",
    "Takes {nargs} values but 1 was given.": "Takes {nargs} values but {len} were given.",
}
