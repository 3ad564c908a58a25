"""What is meant by what somebody types where a matter is to be named: a number, a name, a place."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.numbers import written
from linli._base.refusals import Invalid, Missing, NotFoundHere
from linli._cli.shared import identifier
from linli._district.district import District
from linli._engine.listing import at_place, called
from linli._model.access import Actor
from linli._model.compiled import Workflow
from linli._model.inputs import Field


def meant(district: District, flow: Workflow, text: str) -> UUID:
    """The subject of `flow` that somebody names: by a number, by what it is called, or by its place where it is the only one.

    Raises: Refused where it is none, or several.
    """
    try:
        number = identifier(text)
    except NotFound:
        raise
    except Refused as refusal:
        return _called(district, flow, text, refusal)
    return _of_kind(district, flow, number)


def typed_number(district: District, field: Field, value: Any) -> Any:
    """What is typed without its name for an input: a matter's number; other values as they are."""
    if field.kind != "subject" or not isinstance(value, str):
        return value
    flows = [flow for flow in district.rules.workflows.values() if flow.record is field.of]
    return meant(district, flows[0], value) if len(flows) == 1 else identifier(value)


class SeveralMatters(Invalid, says="several are called '{text}'; give the number of one: {known}"):
    text: str
    known: Several
    field: str = "number"


def _called(district: District, flow: Workflow, text: str, refusal: Refused) -> UUID:
    found = called(district, flow, text.strip())
    if not found:
        with suppress(Refused):
            found = at_place(district, flow, district.register.find_place(text))
    if not found:
        raise refusal
    if len(found) > 1:
        raise Refused(SeveralMatters(text=text, known=listed(written(one.number) for one in found)))
    return found[0].id


class OtherKind(Invalid, says="{number} is a {kind}, not a {wanted}"):
    number: UUID
    kind: Text
    wanted: Text
    field: str = "number"


class SeveralParts(
    Invalid, says="{number} is a {kind} with several of these: {known}; give the number of one"
):
    number: UUID
    kind: Text
    known: Several
    field: str = "number"


def _of_kind(district: District, flow: Workflow, number: UUID) -> UUID:
    """A subject of `flow` by a number: itself, or the only one of its kind in the matter of that number."""
    tree = district.tree(number)
    given = next(one for one in tree if one.id == number)
    if given.kind == flow.name:
        return number
    parts = [one for one in tree if one.kind == flow.name]
    parts = [one for one in parts if one.ended_at is None] or parts
    if len(parts) == 1:
        return parts[0].id
    kind = say(district.rules.workflow(given.kind).label)
    if not parts:
        wanted = say(flow.label)
        raise Refused(OtherKind(number=number, kind=kind, wanted=wanted))
    raise Refused(SeveralParts(number=number, kind=kind, known=listed(written(one.number) for one in parts)))


class NoPartOf(NotFoundHere, says="{name} has no part of {id}"):
    name: str
    id: UUID


def part_of(district: District, flow: Workflow, number: UUID, holder: str) -> UUID:
    """The newest part that an organisation holds of what has this number."""
    parts = [(one.holder.at, one) for one in district.tree(number) if one.kind == flow.name and one.holder]
    body = district.register.find_organisation(holder, {at for at, _ in parts})
    found = max(
        (one for at, one in parts if at == body), key=lambda one: (one.ended_at is None, one.id), default=None
    )
    if found is None:
        raise NotFound(NoPartOf(name=holder, id=number))
    return found.id


class OwnerNotSaid(Missing, says="say whose it is: --for 13800000000, or --as 13800000000"):
    field: str = "for"


class NoneOfTheirs(NotFoundHere, says="{number} has no {kind} of theirs"):
    number: UUID
    kind: Text


def part_for(district: District, flow: Workflow, number: UUID, person: str | None, actor: Actor) -> UUID:
    """The part that somebody, or else whoever acts, has of what has this number; a part's own number is that part."""
    tree = district.tree(number)
    if any(one.id == number and one.kind == flow.name for one in tree):
        return number
    whose = district.register.find_one(person) if person else actor.person
    if whose is None:
        raise Refused(OwnerNotSaid())
    parts = [one for one in tree if one.kind == flow.name and one.person == whose]
    if not parts:
        raise NotFound(NoneOfTheirs(number=number, kind=say(flow.label)))
    return max(parts, key=lambda one: (one.ended_at is None, one.id)).id
