"""Consented disclosure: somebody's data made public as they agreed, in an act of its own or as what follows from one.

The publication says "{phone}"; the text stands in its person's vault alone, and whoever shows the
publication asks anew whether the consent stands. See docs/decisions/0008-consented-disclosure.md.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from linli._base import codec
from linli._base.errors import Refused
from linli._base.refusals import Unfit
from linli._base.revealing import NEVER_PUBLISHED, may_hold_resident_id
from linli._model.effects import Effect, MoveOrder, OpenOrder
from linli._model.facts import Facts
from linli._vault.crypto import SALT_BYTES, salted
from linli._verbs.publish.checks import publication
from linli._verbs.publish.receipts import Opened
from linli._verbs.publish.records import Consented, PublishSettings


def committed(one: Consented) -> tuple[Mapping[str, Any], str]:
    """What the record keeps of a consented text, and what the vault does.

    Raises: Refused for what looks like an identity number.
    """
    if may_hold_resident_id(one.text):
        raise Refused(Unfit(field=one.name, name=one.name, problem=NEVER_PUBLISHED))
    salt = os.urandom(SALT_BYTES)
    kept = {"person": one.person, "purpose": one.purpose, "commitment": salted(one.text, salt)}
    return kept, codec.encode(Opened(text=one.text, salt=salt.hex()))


def disclosed(
    facts: Facts,
    ident: UUID,
    place: UUID,
    title: str,
    body: str,
    personal: Iterable[Consented],
    *,
    series: str,
    about: UUID | None = None,
) -> OpenOrder:
    """The effect that publishes consented data at a place; where the district approves first, it drafts it.

    Args:
        ident: the publication's number, by which it can be taken down.
        personal: texts for the names in the body's braces, read with `facts.said`.

    The consents must be on record before the act: `consent_begins` in the same one is too late.
    """
    texts = {one.name: (one, *committed(one)) for one in personal}
    values: dict[str, object] = {
        "title": title,
        "body": body,
        "series": series,
        "personal": {name: kept for name, (_, kept, _) in texts.items()},
    }
    values |= {"about": about} if about else {}
    values |= {} if facts.settings(PublishSettings).approval else {"at_once": True}
    writes = tuple(facts.sealed(one.person, ident, name, text) for name, (one, _, text) in texts.items())
    return OpenOrder(
        workflow="publication", move="draft", place=place, id=ident, values=values, writes=writes
    )


def taken_down(facts: Facts, ident: UUID, reason: str) -> Iterable[Effect]:
    """The effects after which a publication shows no text any more, whatever has become of it; visibly, if it was out.

    Args:
        reason: public; it is shown in place of the text.
    """
    known = publication(ident, facts)
    if known and known.state == "published":
        yield MoveOrder(subject=ident, move="withdraw", values={"reason": reason})
    elif known and known.state in ("draft", "approved"):
        yield MoveOrder(subject=ident, move="discard", values={"reason": reason})
