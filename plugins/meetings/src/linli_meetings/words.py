"""What people call the values that meetings and whistles keep."""

from collections.abc import Mapping

from linli import say
from linli.i18n import Text

RESOLUTION: Mapping[str, Text] = {
    "approved": say("passed"),
    "returned": say("returned to who proposed it"),
    "rejected": say("turned down"),
    "referred": say("referred to the authority"),
    "noted": say("noted"),
    "unsettled": say("not settled"),
}

# Shown by their names: where they are found by the catalogues.
WORDS: tuple[str, ...] = (
    "rejected", "referred", "unsettled", "serious", "acute", "required", "good", "fair", "poor",
    "department_officer", "called_off", "objected", "taken_off", "absent", "excused", "present",
    "agenda_item|approved", "agenda_item|returned", "agenda_item|rejected", "agenda_item|noted", "agenda_item|referred",
    "agenda_item|unsettled", "agenda_item|required",
)  # fmt: skip
