"""Places and people for tests that are not about registering them: written straight into the tables."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from linli._district.district import District
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.inputs import PersonId, PlaceId
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli._verbs.register.kinds import PLACE_KINDS
from linli._verbs.register.places import LOCATION

_PLACE, _PERSON, _POST = insert_into(t.place), insert_into(t.person), insert_into(t.post)
_PATH = Read(
    select(t.place.c.path, t.place.c.reporting_place).where(
        t.place.c.district == bindparam("district"), t.place.c.id == bindparam("id")
    )
)
_ORGANISATION = insert_into(t.organisation)


def a_place(
    district: District, name: str, *, kind: str = "compound", parent: UUID | None = None, path: str = ""
) -> PlaceId:
    """A place of that name, below `parent`; its number.

    Written as it stands: `district.register.place(kind, name, parent)` registers one by an act.

    Args:
        path: that of `parent`, where it is known; else it is read.
    """
    ident = new_id()
    reporting_place = ident
    if parent is not None and not path:
        path, above = _path_of(district, parent)
        inside = PLACE_KINDS[kind].level > PLACE_KINDS["compound"].level if kind in PLACE_KINDS else False
        reporting_place = above if inside else ident
    row = {
        "district": district.code, "id": ident, "kind": kind, "parent": parent, "name": name, "code": None,
        "path": f"{path}{ident.hex}/", "reporting_place": reporting_place, "record": "{}", "since": None, "until": None, **dict.fromkeys(LOCATION),
    }  # fmt: skip
    _store(district, Write(_PLACE, row))
    return PlaceId(ident)


def _path_of(district: District, place: UUID) -> tuple[str, UUID]:
    """The path of a place, and where it is counted."""
    rows = district.store.ask([(_PATH, {"district": district.code, "id": place})])[0]
    assert rows, f"there is no place {place} in this district"
    return rows[0][0], rows[0][1]


def an_organisation(district: District, kind: str, place: UUID, name: str = "") -> UUID:
    """An organisation of a place; its number."""
    ident = new_id()
    row = {
        "district": district.code, "id": ident, "kind": kind, "place": place, "name": name or kind, "code": None,
        "record": "{}", "since": None, "until": None,
    }  # fmt: skip
    _store(district, Write(_ORGANISATION, row))
    return ident


def who(actor: Actor) -> PersonId:
    """The person that an actor is."""
    assert actor.person is not None
    return PersonId(actor.person)


def a_post(district: District, actor: Actor, role: str, place: UUID) -> None:
    """Give somebody a post at a place, since 2020."""
    row = {
        "district": district.code, "id": new_id(), "person": actor.person, "role": role, "at": place, "place": place,
        "since": datetime(2020, 1, 1, tzinfo=UTC), "until": None,
    }  # fmt: skip
    _store(district, Write(_POST, row))


def somebody(district: District, role: str | None, place: UUID, *, at: UUID | None = None) -> Actor:
    """Somebody with a post at a place, or at an organisation `at` that reaches it; nobody's without a role."""
    ident, since = new_id(), datetime(2020, 1, 1, tzinfo=UTC)
    person = {
        "district": district.code,
        "id": ident,
        "registered_at": since,
        "ended_at": None,
        "ended_by": None,
    }
    writes = [Write(_PERSON, person)]
    if role:
        post = {
            "district": district.code, "id": new_id(), "person": ident, "role": role, "at": at or place,
            "place": place, "since": since, "until": None,
        }  # fmt: skip
        writes.append(Write(_POST, post))
    _store(district, *writes)
    return Actor(person=ident)


def _store(district: District, *writes: Write) -> None:
    with district.store.transaction() as transaction:
        transaction.commit(writes)
