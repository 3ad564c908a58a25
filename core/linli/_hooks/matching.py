"""Who a newly registered person may be."""

from collections.abc import Mapping
from uuid import UUID

import attrs

from linli._base.i18n import Text


@attrs.frozen(kw_only=True)
class Candidate:
    """Somebody about to be registered. Nothing of it may be kept or shown by a plugin.

    Attributes:
        fields: the vault's fields by name: "name", "phone", "resident_id", …
        extra: what else the file or form had.
    """

    fields: Mapping[str, str] = attrs.field(repr=False)
    extra: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Match:
    """A person in the record whom a candidate may be, and why."""

    person: UUID
    why: Text
