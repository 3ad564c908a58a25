"""The public page of a matter, from the plugin whose it is."""

from uuid import UUID

from linli._base.errors import NotFound
from linli._engine.opened import OpenDistrict
from linli._hooks.pages import MatterPage


def page_about(district: OpenDistrict, matter: UUID) -> MatterPage | None:
    """The page of a matter, from the plugin whose it is; None where nobody gives one."""
    try:
        kind = district.subject(matter).kind
    except NotFound:
        return None
    for declaration in district.rules.plugins.declarations.values():
        if kind in declaration.public_pages:
            return declaration.public_pages[kind](district, matter)
    return None
