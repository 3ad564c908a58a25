"""A matter on one page: what a plugin tells the public of it, and every web front end can show."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from linli.errors import NotFound
from linli.i18n import Text

if TYPE_CHECKING:
    from linli.district import District


@attrs.frozen(kw_only=True)
class MatterStep:
    """A step of a matter.

    Attributes:
        what: what was done.
        by: who did it, as the public may know it: a body or a role, never a person's name.
        publication: where it was made public.
    """

    at: datetime
    what: Text
    by: Text | str | None = None
    publication: UUID | None = None


@attrs.frozen(kw_only=True)
class MatterPage:
    """A matter and its whole way so far: no personal data, no words that were not made public.

    Attributes:
        place: whose board it belongs to.
        facts: what there is to know of it: a name and a value each.
        steps: the oldest first.
    """

    title: str
    place: UUID
    state: Text
    facts: tuple[tuple[Text, Text | str], ...] = ()
    steps: tuple[MatterStep, ...] = ()


def page_about(district: "District", matter: UUID) -> MatterPage | None:
    """The page of a matter, from the plugin whose it is; None where nobody gives one."""
    try:
        kind = district.subject(matter).kind
    except NotFound:
        return None
    for manifest in district.rules.plugins.manifests.values():
        if kind in manifest.public_pages:
            return manifest.public_pages[kind](district, matter)
    return None
