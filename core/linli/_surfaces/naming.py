"""What people name in place of linli's numbers: people, places, organisations, matters, roles; looked up in a district."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli._base.errors import NotFound
from linli._base.i18n import translate
from linli._engine.listing import identified
from linli._model.inputs import BodyId, Field, PlaceId

if TYPE_CHECKING:
    from linli._district.district import District


def place_or_organisation(district: "District", text: str, near: UUID | None = None) -> PlaceId | BodyId:
    """What a person names; of several organisations of one name the one over the place `near`."""
    try:
        return district.register.find_place(text)
    except NotFound:
        return district.register.find_organisation(text, near=near)


NAMED: Mapping[str, Callable[["District", str, UUID | None], UUID]] = {
    "place": lambda district, text, near: district.register.find_place(text),
    "organisation": lambda district, text, near: district.register.find_organisation(text, near=near),
    "place or organisation": place_or_organisation,
    "person": lambda district, text, near: district.register.find_one(text),
    "subject": lambda district, text, near: identified(district, text),
}
"""The kinds of inputs that people name, and what finds the number."""


def numbered(
    district: "District", fields: Iterable[Field], values: Mapping[str, Any], near: UUID | None = None
) -> dict[str, Any]:
    """Values with the numbers of what was named in them. Args: near: where, if several organisations bear a name.

    Raises: NotFound, Refused where several are called so, where no rule knows a role.
    """
    known = {one.name: one for one in fields}
    return {
        name: _numbered(district, known[name], value, near) if name in known else value
        for name, value in values.items()
    }


def _numbered(district: "District", field: Field, value: Any, near: UUID | None) -> Any:
    if isinstance(value, tuple | list):
        return tuple(_numbered(district, field, one, near) for one in value)
    if field.keyed and isinstance(value, Mapping):
        return {key: _one(district, field, one, near) for key, one in value.items()}
    return _one(district, field, value, near)


def _one(district: "District", field: Field, value: Any, near: UUID | None) -> Any:
    if isinstance(value, Mapping):
        found = numbered(district, field.fields, value, near)
        return found | _role(district, found) if field.kind == "seat" else found
    return (
        NAMED[field.kind](district, value, near) if field.kind in NAMED and isinstance(value, str) else value
    )


def _role(district: "District", seat: Mapping[str, Any]) -> dict[str, str]:
    """The code of a role that is named by its word."""
    role = seat.get("role")
    if not role:
        return {}
    named = [one.name for one in district.register.roles() if translate(one.name) == role]
    code = named[0] if len(named) == 1 else str(role)
    district.register.check_role(code)
    return {"role": code}
