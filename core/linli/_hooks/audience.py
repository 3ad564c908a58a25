"""Whom a publication is for, and what carries it there."""

from uuid import UUID

import attrs


@attrs.frozen(kw_only=True)
class Audience:
    """Readers of a publication.

    Attributes:
        place: a compound, a street or the district: whoever lives or works there.
        channel: the name of the channel that carries it: "board", "feed".
    """

    place: UUID
    channel: str
