"""Filing by the joint meeting (审定备案), and disclosure 1: written by its secretary, looked at by somebody else."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import Assign, Effect, Input, NotFoundHere, Refusal, Seat, Several, Transition, evolve, listed
from linli._verbs.publish.files import whole
from linli.query import body
from linli_decisions import reading
from linli_decisions.disclosures import Write, made_public
from linli_decisions.records import Decision
from linli_meetings.api import proposed_item, secretary


@attrs.frozen(kw_only=True)
class Item:
    """The agenda item that decides about it."""

    item: Annotated[UUID, Input("the agenda item")]


@attrs.frozen(kw_only=True)
class Climb(Item):
    """The item of the district's meeting."""

    tier: str


# --- on the agenda ------------------------------------------------------------------------------------------


def with_new_item(t: Transition[Decision, object]) -> Decision:
    """The matter with a new agenda item at the end."""
    known = t.record.items
    return evolve(t.record, items=(*known, uuid5(t.subject.id, f"agenda item {len(known) + 1}")))


def with_item(t: Transition[Decision, Item]) -> Decision:
    """The matter with the agenda item that is given at the end."""
    return evolve(t.record, items=(*t.record.items, t.given.item))


def proposes_item(t: Transition[Decision, object]) -> Iterable[Effect]:
    """The item itself."""
    yield proposed_item(
        tier=t.record.tier,
        place=t.place,
        topic=t.record.topic,
        about=t.subject.id,
        id=t.record.items[-1],
        matter=t.record.entry,
        left_out=reading.who_reviewed_or_proposed(t),
    )


class BeforeTheMeeting(Refusal, says="it is before the joint meeting already"): ...


def off_the_agenda(t: Transition[Decision, object]) -> Refusal | None:
    """Nobody puts it on the agenda twice."""
    if t.by_engine or not reading.item_open(t.facts, t.record.items[-1]):
        return None
    return BeforeTheMeeting()


class NotBeforeTheMeeting(Refusal, says="this decision is not before the joint meeting any more"): ...


def of_this_item(t: Transition[Decision, Item]) -> Refusal | None:
    """The newest item decides."""
    if t.given.item == t.record.items[-1]:
        return None
    return NotBeforeTheMeeting()


# --- written for the public -----------------------------------------------------------------------------------


def to_secretary(t: Transition[Decision, object]) -> Iterable[Assign]:
    """The secretary of the meeting that filed it writes what is disclosed."""
    yield Assign(holder=secretary(t.record.tier, t.place, t.facts))


def seat_of_body(t: Transition[Decision, object], kind: str) -> Seat | None:
    """Any of the people of the body of a kind, or of who stands in for it; None where there is neither."""
    found = t.get(body(kind, t.place))
    return Seat(role=None, at=found.id) if found else None


def to_branch(t: Transition[Decision, object]) -> Iterable[Assign]:
    """The branch checks it."""
    yield Assign(holder=seat_of_body(t, "branch"))


def to_executor(t: Transition[Decision, object]) -> Iterable[Assign]:
    """Whoever carries it out has it now: the body that the catalogue names, or who stands in for it."""
    for kind in (t.record.carried_out_by, "residents_committee", "owners_committee"):
        if seat := seat_of_body(t, kind):
            yield Assign(holder=seat)
            return


class NoSuchFile(NotFoundHere, says="the matter has no file {files}; it has: {known}"):
    files: str | Several
    known: Several


def has_files(t: Transition[Decision, Write]) -> Refusal | None:
    """Only files that are there are made public, and they are as they were given."""
    known = {one.name for one in t.record.attachments}
    if missing := [name for name in t.given.public if name not in known]:
        return NoSuchFile(files=listed(missing), known=listed(sorted(known)))
    return whole(made_public(t), t.facts)
