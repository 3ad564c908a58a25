"""Words that lists show, for the catalogue."""

WORDS = (
    "hall", "station", "garden", "board", "centre_keeper",
    "centres",
    "centre_kind", "facilities", "week", "hall_week", "closed_days", "open_days", "services", "seats",
    "starts_at", "ends_at", "purpose", "people", "came",
    "lapsed", "called_off", "no_show", "held", "day",
)  # fmt: skip
