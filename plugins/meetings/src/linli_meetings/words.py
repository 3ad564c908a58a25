"""What people call the values that meetings and whistles keep."""

# Shown by their names: where they are found by the catalogues.
WORDS: tuple[str, ...] = (
    "department_officer",
    "agenda_item|approved", "agenda_item|returned", "agenda_item|rejected", "agenda_item|noted", "agenda_item|referred",
    "agenda_item|unsettled", "agenda_item|required",
)  # fmt: skip
