"""Words that lists show, for the catalogue: kinds of sessions, and what is kept with each thing."""

WORDS = (
    "wish|refused",
    "policy", "epidemic", "courtesy", "cleaning", "health", "wish", "civility",
    "signed_form", "in_person", "household_register", "volunteer_leader", "branch_secretary",
    "kind", "title", "meet_at", "starts_at", "ends_at", "capacity", "run_by_bank", "postponed_from",
    "queued_at", "checked_in_at", "checked_out_at", "late", "minutes", "needs", "wanted_by",
    "sessions attended", "time served", "since", "until", "guardian", "seen",
    "attended", "annulled", "absent", "not_placed", "thanked", "expired", "took_place",
    "released", "revoked", "session_kind", "day", "code", "changes_at", "stands", "issued_on", "by_month", "ever",
)  # fmt: skip
