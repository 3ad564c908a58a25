"""What is said of a person, brought to the one form that is kept and looked up by."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import attrs

from linli._base.errors import Refused
from linli._base.identity import normal_name, normal_phone, normal_resident_id
from linli._base.refusals import Invalid, Missing, Unkeepable
from linli._base.revealing import unkeepable

_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_FIELD: Final = 4000


@attrs.frozen(kw_only=True, eq=False)
class PersonData:
    """What is said of a person; every text in its normal form.

    Attributes:
        fields: what else goes into the vault, by name: "address", "political_status".
        home: the exclusive part they live in or own; with the name it tells who somebody without
            phone and identity number is.
        extra: what plugins may compare by, and nothing keeps.
    """

    name: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    resident_id: str | None = attrs.field(default=None, repr=False)
    fields: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    home: UUID | None = None
    extra: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    def texts(self) -> dict[str, str]:
        """Every field that is given, by its name in the vault."""
        own = {"name": self.name, "phone": self.phone, "resident_id": self.resident_id}
        return {name: text for name, text in own.items() if text} | dict(self.fields)


class SaysNobody(Missing, says="say who it is: a name, a phone or an identity number"):
    field: str = "name"


def claim(
    *,
    name: str | None = None,
    phone: str | None = None,
    resident_id: str | None = None,
    fields: Mapping[str, str] | None = None,
    home: UUID | None = None,
    extra: Mapping[str, str] | None = None,
    anybody: bool = False,
) -> PersonData:
    """Bring what is said of a person to its normal form; Refused where it cannot be.

    Args:
        anybody: whether it need not say who it is.
    """
    said = PersonData(
        name=normal_name(name) if name else None,
        phone=normal_phone(phone) if phone else None,
        resident_id=normal_resident_id(resident_id) if resident_id else None,
        fields=_checked(fields or {}),
        home=home,
        extra=extra or {},
    )
    if not (anybody or said.name or said.phone or said.resident_id):
        raise Refused(SaysNobody())
    return said


class NotAField(Invalid, says="'{name}' is no field for more of a person; write it like address"):
    name: str
    field: str = "fields"


class FieldTooLong(Invalid, says="{name} has more than {most} characters"):
    name: str
    most: int


def _checked(fields: Mapping[str, str]) -> dict[str, str]:
    for name, text in fields.items():
        if not _FIELD.fullmatch(name) or name in ("name", "phone", "resident_id"):
            raise Refused(NotAField(name=name))
        if unkeepable(text):
            raise Refused(Unkeepable(field=name, name=name))
        if len(text) > LONGEST_FIELD:
            raise Refused(FieldTooLong(field=name, name=name, most=LONGEST_FIELD))
    return {name: text for name, text in fields.items() if text}


class Contradiction(Refused):
    """What is said of a person does not fit what is recorded.

    Attributes:
        field: where it shows: "phone", "resident_id" or "name".
    """

    def __init__(self, reason: Invalid) -> None:
        super().__init__(reason)
        self.field = reason.field
