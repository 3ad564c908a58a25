"""How a subject is told to people: in words, under names, and on the district's clock."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from linli.access import Seat
from linli.acts import Act
from linli.cli.shared import minute, names_of, plain_record, table
from linli.district import District
from linli.i18n import Several, Text, Word, listed, say, translate, within
from linli.numbers import written
from linli.subjects import Subject
from linli.workflow import Workflow


def facts_of(subject: Subject) -> dict[str, object]:
    """What programs are told of a subject."""
    return {
        "id": subject.id,
        "number": subject.number,
        "kind": subject.kind,
        "state": subject.state,
        "outcome": subject.outcome,
        "place": subject.place,
        "holder": str(subject.holder) if subject.holder else None,
        "opened_at": subject.opened_at,
        "accepted_at": subject.accepted_at,
        "ended_at": subject.ended_at,
        "due_at": subject.due_at,
        **plain_record(subject.record),
    }


def told(district: District, subject: Subject) -> dict[str, object]:
    """What people are told of it: what there is to tell, by the number that people call it by."""
    flow, facts = district.rules.workflow(subject.kind), facts_of(subject)
    seat = subject.holder
    named = names_of(district, (*_numbers(facts.values()), *([seat.at] if seat else ())))
    words = {name: _in_words(district, flow, name, value, named) for name, value in facts.items()}
    words |= {"kind": say(flow.label), "state": state_of(flow, subject)}
    words |= {"holder": in_words(seat, named) if seat else None, "number": written(subject.number)}
    words["whose turn"] = None if subject.holder else whose_turn(flow, subject)
    del words["id"]
    return {name: value for name, value in words.items() if value not in (None, "", (), [])}


def whose_turn(flow: Workflow, subject: Subject) -> Text | Several | None:
    """Whose turn it is with a subject: the holder, a post at its place, or the person whose it is; None: nobody's."""
    role = flow.turn_in(subject.state)
    found: list[object] = []
    if role.holder and subject.holder:
        seat = subject.holder
        found = [say("{at} · {role}", at=seat.at, role=say(seat.role)) if seat.role else seat.at]
    found += [say(post) for post in sorted(role.posts)]
    found += [say("own")] if role.own and subject.person else []
    return listed(found) if found else None


def _numbers(values: Iterable[object]) -> Iterator[UUID]:
    """The numbers among values, and in lists of them."""
    for value in values:
        if isinstance(value, UUID):
            yield value
        elif isinstance(value, list | tuple):
            yield from _numbers(value)


def _in_words(
    district: District, flow: Workflow, name: str, value: object, named: Mapping[UUID, str]
) -> object:
    if isinstance(value, datetime):
        return minute(district, value)
    if isinstance(value, list | tuple) and any(isinstance(one, UUID) for one in value):
        return listed(named.get(one, one) for one in value)
    if isinstance(value, UUID):
        return named.get(value, value)
    if value == date.max:
        return None
    return _word(district, flow, name, value) if isinstance(value, str) else value


def _word(district: District, flow: Workflow, name: str, value: str) -> str:
    """A code as people call it: of a service, of a choice, of the parts of a rule that matched."""
    if name == "service":
        return next((one.name for one in district.dispatch.services if one.code == value), value)
    if name == "rule":
        return str(say("{one}: {other}", one="", other="")).join(map(translate, value.split(": ")))
    # What a record keeps as a name in code is a word of the domain; what people wrote is not.
    return within(flow.name, value) if _CODE.fullmatch(value) else value


_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def state_of(flow: Workflow, subject: Subject) -> Word:
    """What people call the state that a subject is in."""
    state = flow.by_state[subject.state]
    return Word(flow.name, state.label or state.name)


def which(district: District, flow: Workflow, subject: Subject) -> str:
    """What tells it from others in a list."""
    values = ((name, getattr(subject.record, name)) for name in flow.told_by)
    said = (_in_words(district, flow, name, value, {}) for name, value in values)
    return " ".join(str(value) for value in said if value not in (None, ""))


def masked_name(district: District, person: UUID | None) -> str | None:
    """Whom it is about, as may be shown without an act."""
    shown = district.register.masked(person) if person else {}
    return shown.get("name") or shown.get("phone") or None


def ending(flow: Workflow, subject: Subject) -> Word | None:
    """The outcome, where it says more than the state does."""
    same = subject.outcome in (None, subject.state)
    return None if same else Word(flow.name, str(subject.outcome))


def print_history(district: District, history: list[Act]) -> None:
    """The acts, each with the seat that it was done in."""
    seats = {act.id: act.seat for act in history}
    named = names_of(district, (seat.at for seat in seats.values() if seat))
    rows = []
    for act in history:
        seat = seats[act.id]
        acting_as = in_words(seat, named) if seat else translate(act.acting_as or "-")
        rows.append((act.version, minute(district, act.at), district.rules.called(act.verb), acting_as))
    table(["no.", "when", "what", "as"], rows, False)


def in_words(seat: Seat, named: Mapping[UUID, str]) -> str:
    """A seat in words: "clerk@城北街道/锦绣花园"."""
    return f"{translate(seat.role) if seat.role else '*'}@{named.get(seat.at, seat.at)}"
