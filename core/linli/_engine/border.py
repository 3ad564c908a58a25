"""The border of the plain fields: what everybody who sees the record can read holds no number of a person.

Whatever an act keeps outside the vault comes through here: the values of a move, and the body and the rows of
any other act, whatever plugin they are of. What a file brings comes through the same look, cell by cell.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import NoneType
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from linli._base import codec
from linli._base.i18n import Text, say
from linli._base.refusals import Invalid, Refusal, Unfit
from linli._base.revealing import holds_resident_id, unfit, unkeepable
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.bulk import Bulk
from linli._vault.vault import Vault

# What programs write: identifiers, alone, in a seat, a purpose or a path, digests, moments and days.
_ID: Final = r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{64})"
_MADE: Final = re.compile(
    rf"(?:[a-z][a-z_.:]*[@/]?)?{_ID}(?:/{_ID})*/?%?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:\+[0-9:]+|Z)?)?|[a-z][a-z_.]{0,79}"
)
_JSON: Final = ("record", "payload", "body", "clocks", "hands", "outline")
# Codes of the state are numbers as long as people's, and have check digits of their own.
_CODES: Final = ("code",)

_tie, _item, _key = t.tie.c, t.vault_item.c, t.vault_key.c
_NAMES_AT: Final = Read(
    select(_item.subject, _item.sealed, _key.wrapped)
    .join(t.vault_key, (_key.district == _item.district) & (_key.owner == _item.owner))
    .where(_item.district == bindparam("district"), _item.field == "name")
    .where(
        _item.subject.in_(
            select(_tie.person)
            .join(t.place, (t.place.c.district == _tie.district) & (t.place.c.id == _tie.at))
            .where(_tie.district == bindparam("district"), t.place.c.reporting_place == bindparam("compound"))
        )
    )
)


class NameOfSomebody(
    Invalid,
    says="the name is, or has, that of somebody registered there; where it is meant as the name of a street, a shop or the like, say so: --sure",
):
    field: str = "name"


def somebodys_name(facts: Facts, vault: Vault, text: str, compound: UUID) -> Refusal | None:
    """What is asked where a name has that of somebody who lives there: streets and shops bear people's names."""
    said = "".join(text.split())
    for owner, sealed, wrapped in facts.rows(_NAMES_AT, compound=compound):
        name = vault.opened(vault.key_from([(wrapped,)], owner), owner, {"name": sealed})["name"]
        if len(name) > 1 and name in said:
            return NameOfSomebody()
    return None


def problems(done: ActResult) -> Iterator[Refusal]:
    """What an act that is no move would keep in the clear and may not; each field is named, its text is not."""
    written = (one for write in done.writes for one in _of_write(write))
    named = dict.fromkeys((*_strings("", done.body), *written))
    for name, text in named:
        problem = unplain(name, text) and unplain(name, _without_numbers(text, done))
        if problem:
            yield Unfit(field=name, name=say(name), problem=problem)


def _without_numbers(text: str, done: ActResult) -> str:
    """A text without the numbers of linli's own that the act has as such: their digits are nobody's."""
    values = [done.body, *(write.values for write in done.writes if not isinstance(write, Bulk))]
    for _, one in _leaves("", values):
        if isinstance(one, UUID):
            text = text.replace(str(one), ";").replace(one.hex, ";")
    return text


def unplain(name: str, text: str) -> Text | None:
    """Why a text cannot be the plain field `name`; None where it can."""
    if _MADE.fullmatch(text):
        return None
    if name in _CODES:
        return unfit(text) if holds_resident_id(text) or not text.isprintable() else None
    return unfit(text, lines=True)


def unplain_value(name: str, value: object) -> Text | None:
    """The same of a value of a move, with all that is in it."""
    found = (unplain(name, text) for _, text in _strings(name, value))
    return next((problem for problem in found if problem), None)


def broken(value: object) -> bool:
    """Whether a value has what not every database can keep, at any depth."""
    if isinstance(value, str):
        return unkeepable(value)
    return any(unkeepable(text) for _, text in _strings("", value))


def _of_write(write: Write) -> Iterator[tuple[str, str]]:
    if isinstance(write, Bulk):
        return  # a file's: its cells were looked at one by one
    for column, value in write.values.items():
        name = column.removeprefix("new_").removeprefix("the_")
        # The district's code leads every row: nobody typed it for this one.
        if isinstance(value, str) and name != "district":
            yield from _strings(name, codec.decode(value)) if name in _JSON else ((name, value),)


def _strings(name: str, value: object) -> Iterable[tuple[str, str]]:
    """The texts in a value, each with the name it stands under."""
    if isinstance(value, str):
        return ((name, value),)
    if isinstance(value, _NO_TEXT):
        return ()
    return ((under, one) for under, one in _leaves(name, value) if isinstance(one, str))


_NO_TEXT = (bool, int, UUID, date, NoneType)  # what nearly every value is, if not a text


def _leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    """What is in a value at any depth, each with the name it stands under."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(str(key), item)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | memoryview):
        for item in value:
            yield from _leaves(name, item)
    else:
        yield name, value
