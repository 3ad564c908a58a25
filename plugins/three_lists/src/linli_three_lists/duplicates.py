"""Requests that may be about one thing: the same place and category, days apart, and alike in words.

The words are opened from the vault to be compared, and nothing of them is answered but words that
the district itself has put into its rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from uuid import UUID

import attrs
from sqlalchemy import select

from linli import District, StoredSubject, Text, listed, say
from linli._store import tables as t
from linli._vault.crypto import open_
from linli_three_lists.matching import plain
from linli_three_lists.settings import ThreeListsSettings


@attrs.frozen(kw_only=True)
class Suggestion:
    """Two requests that may be one, for the desk to look at.

    Attributes:
        request: the newer one; `of`: the one that was there before.
        words: what is in both, of the words of the district's rules.
        likeness: how alike the two descriptions are, in percent.
    """

    request: UUID
    of: UUID
    category: str
    days: int
    words: tuple[str, ...]
    likeness: int

    @property
    def reason(self) -> Text:
        """Why they may be one, for whoever looks at them."""
        if self.words:
            return say(
                "same place, same category, {days} days apart; both say: {words}",
                days=self.days,
                words=listed(self.words),
            )
        return say(
            "same place, same category, {days} days apart; the descriptions are {likeness}% alike",
            days=self.days,
            likeness=self.likeness,
        )


def suggested(district: District, requests: Sequence[StoredSubject]) -> list[Suggestion]:
    """The pairs among `requests` that may be one, the newest first."""
    settings = district.configuration.section(ThreeListsSettings)
    pairs = list(_pairs(requests, _paths(district, requests), timedelta(days=settings.duplicate_days)))
    said = _said(district, {one.id for pair in pairs for one in pair})
    known = tuple(dict.fromkeys(word for rule in settings.rules for word in rule.words))
    found = [_compared(newer, older, said, known) for newer, older in pairs]
    return [one for one in found if one.words or one.likeness >= settings.duplicate_likeness]


def _pairs(
    requests: Iterable[StoredSubject], paths: Mapping[UUID, str], apart: timedelta
) -> Iterator[tuple[StoredSubject, StoredSubject]]:
    """Newer and older ones of one compound and category, where one place is the other's or above it."""

    def kind(one: StoredSubject) -> tuple[str, str]:
        return one.compound.hex, one.record.category

    ordered = sorted(requests, key=lambda one: (kind(one), one.opened_at, one.id))
    for _, group in groupby(ordered, kind):
        several = list(group)
        for place, newer in enumerate(several):
            for older in several[:place]:
                if newer.opened_at - older.opened_at <= apart and _one_way(paths, newer, older):
                    yield newer, older


def _one_way(paths: Mapping[UUID, str], one: StoredSubject, other: StoredSubject) -> bool:
    here, there = paths[one.place], paths[other.place]
    return here.startswith(there) or there.startswith(here)


def _paths(district: District, requests: Iterable[StoredSubject]) -> Mapping[UUID, str]:
    query = select(t.place.c.id, t.place.c.path).where(
        t.place.c.district == district.code, t.place.c.id.in_({one.place for one in requests})
    )
    with district.store.reading() as connection:
        return dict(tuple(row) for row in connection.execute(query))


def _said(district: District, requests: Iterable[UUID]) -> Mapping[UUID, str]:
    """What was written in these requests; nothing for those whose words were shredded."""
    item, keys = t.vault_item.c, t.vault_key.c
    query = (
        select(item.subject, keys.wrapped, item.sealed)
        .join(t.vault_key, (keys.district == item.district) & (keys.owner == item.owner))
        .where(item.district == district.code, item.subject.in_(set(requests)), item.field == "description")
    )
    with district.store.reading() as connection:
        rows = connection.execute(query).all()
    keyring, code = district.rules.vault.keyring, district.code
    return {
        ident: plain(
            open_(
                keyring.unwrap(bytes(wrapped), code, ident), bytes(sealed), code, ident, "description"
            ).decode()
        )
        for ident, wrapped, sealed in rows
    }


def _compared(
    newer: StoredSubject, older: StoredSubject, said: Mapping[UUID, str], known: Iterable[str]
) -> Suggestion:
    one, other = said.get(newer.id, ""), said.get(older.id, "")
    return Suggestion(
        request=newer.id,
        of=older.id,
        category=newer.record.category,
        days=(newer.opened_at - older.opened_at).days,
        words=tuple(word for word in known if plain(word) in one and plain(word) in other),
        likeness=likeness(one, other),
    )


def likeness(one: str, other: str) -> int:
    """How alike two texts are, in percent: twice the pairs of neighbouring characters that both have, by all."""
    ours, theirs = _neighbours(one), _neighbours(other)
    both = len(ours & theirs)
    return 200 * both // (len(ours) + len(theirs)) if both else 0


def _neighbours(text: str) -> frozenset[str]:
    letters = [letter for letter in text if letter.isalnum()]
    return frozenset(first + second for first, second in pairwise(letters))
