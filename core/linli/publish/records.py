"""What is kept with a publication."""

from collections.abc import Mapping
from uuid import UUID

import attrs

from linli.config import setting


@attrs.frozen(kw_only=True)
class Publication:
    """Something made public: no personal data but what its person consented to.

    Attributes:
        title, body: plain text; paragraphs are parted by an empty line.
        series: what it continues: "notice", "disclosure", "points", "brief".
        about: the matter that a disclosure is about.
        stage: which one of a series of disclosures, from 1.
        personal: salted hashes, by field, of consented personal data that is shown in the body, so
            that the publication can still be verified when the data is gone.
        corrects: the publication that this one corrects; `corrected_by` is its mirror.
    """

    title: str
    body: str
    series: str = "notice"
    about: UUID | None = None
    stage: int | None = None
    personal: Mapping[str, str] = attrs.field(factory=dict)
    corrects: UUID | None = None
    corrected_by: UUID | None = None


@attrs.frozen(kw_only=True)
class PublishSettings:
    """The [publish] table of a district's file."""

    approval: bool = setting(default=False, help="whether somebody else must approve before it goes out")
    channels: tuple[str, ...] = setting(default=(), help="channels that carry every publication")
