"""What is kept with a publication."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import attrs

from linli._config import setting
from linli._hooks.audience import Audience
from linli._model.facts import Facts
from linli._model.files import KeptFile
from linli._model.inputs import Choice, Input


@attrs.frozen(kw_only=True)
class Consented:
    """A text about a person, to be shown where the body has its name in braces.

    Attributes:
        name: as in the body's braces: "phone" for "电话 {phone}".
        purpose: what the person's recorded consent is for: "steward_contact".
    """

    name: str
    person: UUID
    purpose: str
    text: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Personal:
    """What the record keeps of a consented text: the text itself is in the person's vault.

    Attributes:
        commitment: its salted SHA-256, so that the publication can still be verified when the text is gone.
    """

    person: UUID
    purpose: str
    commitment: Annotated[str, Input(public=True)]


class NumbersAre(Choice):
    """What numbers are that look like identity numbers."""

    CREDIT_CODE = "credit code"
    CASE_NUMBER = "case number"
    ACCOUNT = "account"
    OTHER = "other"


@attrs.frozen(kw_only=True, slots=False)  # quickly copied: every act has a changed one
class Publication:
    """Something made public: no personal data but what its person consented to.

    Attributes:
        title, body: plain text; paragraphs are parted by an empty line.
        series: what it continues: "notice", "disclosure", "points", "brief".
        about: the matter that a disclosure is about; `stage`: which one of its disclosures, from 1.
        follows: the disclosure of the same matter that went before it.
        personal: by the name in the body's braces, consented personal data.
        files: what comes with it; another person has looked at each page of each before it goes out.
        look: another person looks at it before it goes out, also where the district approves nothing first.
        drafted_by: whose act drafted it, where linli itself did: they do not approve it.
        corrects: the publication that this one corrects; `corrected_by` and `corrected_at` are its mirror.
        reason: why it was withdrawn; shown in place of the text.
        numbers: what its numbers are that look like identity numbers, as a second person said.
        digest: SHA-256 of its canonical text, in hexadecimal, as it went out; see receipts.
        audience: the places whose readers it went to, and by which channels.
    """

    title: str
    body: str
    series: str = "notice"
    about: UUID | None = None
    stage: int | None = None
    follows: UUID | None = None
    personal: Mapping[str, Personal] = attrs.field(factory=dict)
    files: tuple[KeptFile, ...] = ()
    look: bool = False
    drafted_by: UUID | None = None
    corrects: UUID | None = None
    corrected_by: UUID | None = None
    corrected_at: datetime | None = None
    reason: str | None = None
    numbers: NumbersAre | None = None
    digest: str | None = None
    audience: tuple[Audience, ...] = ()


@attrs.frozen(kw_only=True)
class PublishSettings:
    """The [publish] table of a district's file."""

    approval: bool = setting(False, "whether somebody else must approve before it goes out")
    largest_file: int = setting(
        10,
        "the largest file that can be published, or kept with a matter",
        unit="megabytes",
        least=1,
        most=50,
    )
    language: Literal["zh", "en"] = setting(
        "zh", "the language of what linli itself writes for everybody, whoever's act it follows from"
    )
    channels: tuple[str, ...] = setting((), "channels that carry every publication without personal data")


def largest_file(facts: Facts) -> int:
    """How large a file may be, in bytes."""
    return facts.settings(PublishSettings).largest_file * 1_000_000
