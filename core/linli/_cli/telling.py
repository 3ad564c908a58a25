"""How a subject is told to people: in words, under names, and on the district's clock."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from linli._base.calendar import known_until
from linli._base.codec import moment
from linli._base.i18n import Several, Text, Word, listed, say, translate, within
from linli._base.numbers import written
from linli._cli.shared import minute, names_of, plain_record, table
from linli._district.district import District
from linli._model.access import Seat
from linli._model.acts import Act
from linli._model.compiled import Workflow
from linli._model.facts import Facts
from linli._model.files import KeptFile
from linli._model.subjects import StoredSubject
from linli._model.values import amounts_of, in_yuan
from linli._model.wording import state_of
from linli._verbs.award.wording import rule_label

_ABOUT_A_DAY = 86_400  # a limit no longer than this, day and night, knows no holidays


def provisional(subject: StoredSubject) -> bool:
    """Whether a deadline lies beyond the holidays that are known here, so that it may move."""
    return any(
        clock.due is not None
        and clock.due.date() > known_until()
        and (clock.service or clock.span > _ABOUT_A_DAY)
        for clock in subject.clocks.values()
    )


def about_holidays(moment: datetime) -> Text:
    """What is said beside a deadline that may move."""
    return say(
        "the holidays of {year} are not known here yet, so that deadlines in it count plain weekends and may "
        "move; run: pip install --upgrade holidays",
        year=moment.year,
    )


def _paused(subject: StoredSubject) -> dict[str, object]:
    """Why it waits, and when it goes on by itself, as long as it does."""
    clocks = subject.clocks.values()
    reason = next((clock.paused_for for clock in clocks if clock.paused_for), None)
    return {"paused_for": reason, "goes_on_at": subject.due_at} if reason else {}


def facts_of(subject: StoredSubject) -> dict[str, object]:
    """What programs are told of a subject."""
    more: dict[str, object] = {"holidays_known": False} if provisional(subject) else {}
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
        **_paused(subject),
        **more,
        **plain_record(subject.record),
    }


def told(district: District, subject: StoredSubject) -> dict[str, object]:
    """What people are told of it: what there is to tell, by the number that people call it by."""
    flow, facts = district.rules.workflow(subject.kind), facts_of(subject)
    seats = _who_has_it(district, subject)
    named = names_of(district, (*_numbers(facts.values()), *(seat.at for seat in seats)))
    words = {name: _in_words(district, flow, name, value, named) for name, value in facts.items()}
    words |= {"kind": say(flow.label), "state": state_of(flow, subject, district.now())}
    words |= {"holder": _holder(seats, named), "number": written(subject.number)}
    words["whose turn"] = None if subject.holder else whose_turn(flow, subject)
    del words["id"]
    empty: tuple[object, ...] = (None, "", (), [])
    return {
        name: value for name, value in words.items() if value not in empty and name not in flow.hidden_fields
    }


def whose_turn(flow: Workflow, subject: StoredSubject) -> Text | Several | None:
    """Whose turn it is with a subject: the holder, a post at its place, or the person whose it is; None: nobody's."""
    role = flow.turn_in(subject.state)
    found: list[object] = []
    if role.holder and subject.holder:
        seat = subject.holder
        found = [say("{at} · {role}", at=seat.at, role=say(seat.role)) if seat.role else seat.at]
    found += [say(post) for post in sorted(role.posts)]
    found += [say("own")] if role.own and subject.person else []
    return listed(found) if found else None


def _who_has_it(district: District, subject: StoredSubject) -> list[Seat]:
    """The seat that holds a subject; where nobody has that, whoever stands in for it too."""
    if subject.holder is None:
        return []
    if subject.ended_at:
        return [subject.holder]
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        now = facts.seats(subject.holder, subject.place)
    return list(dict.fromkeys((subject.holder, *now)))


def _holder(seats: Sequence[Seat], named: Mapping[UUID, str]) -> Text | str | None:
    if len(seats) < 2:
        return in_words(seats[0], named) if seats else None
    return say(
        "{who}, for {seat}, which nobody has",
        who=listed(in_words(seat, named) for seat in seats[1:]),
        seat=in_words(seats[0], named),
    )


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
    if isinstance(value, int) and name in amounts_of(flow.record):
        return say("{amount} yuan", amount=in_yuan(value))
    if isinstance(value, Seat):
        return in_words(value, names_of(district, (value.at,)))
    if isinstance(value, list | tuple) and any(isinstance(one, UUID) for one in value):
        return listed(named.get(one, one) for one in value)
    if isinstance(value, list | tuple) and any(isinstance(one, StrEnum) for one in value):
        return listed(_word(district, flow, name, str(one)) for one in value)
    if isinstance(value, list | tuple) and any(isinstance(one, KeptFile) for one in value):
        return listed(one.name for one in value)
    if isinstance(value, UUID):
        return named.get(value, value)
    if value == date.max:
        return None
    return _word(district, flow, name, value) if isinstance(value, str) else value


def _word(district: District, flow: Workflow, name: str, value: str) -> str:
    """A code as people call it: of a service, of a choice, of the parts of a rule that matched."""
    if name in ("service", "matched"):
        return next((one.name for one in district.dispatch.services if one.code == value), value)
    if name == "verb":
        return str(district.rules.called(value))
    if name in ("ledger", "unit"):
        return translate(value)
    if name == "rule" and ": " not in value:
        return str(rule_label(value))
    if name == "rule":
        return str(say("{one}: {other}", one="", other="")).join(map(translate, value.split(": ")))
    if name == "paused_for":
        return translate(value)
    # What a record keeps as a name in code is a word of the domain; what people wrote is not.
    return within(flow.name, value) if _CODE.fullmatch(value) else value


_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def which(district: District, flow: Workflow, subject: StoredSubject) -> str:
    """What tells it from others in a list."""
    values = ((name, getattr(subject.record, name)) for name in flow.summary_fields)
    said = (_in_words(district, flow, name, value, {}) for name, value in values)
    return " ".join(str(value) for value in said if value not in (None, ""))


def masked_name(district: District, person: UUID | None) -> str | None:
    """Whom it is about, as may be shown without an act."""
    shown = district.register.masked(person) if person else {}
    return shown.get("name") or shown.get("phone") or None


def ending(flow: Workflow, subject: StoredSubject) -> Word | None:
    """The outcome, where it says more than the state does."""
    same = subject.outcome in (None, subject.state)
    return None if same else Word(flow.name, str(subject.outcome))


def without_people(act: Act) -> dict[str, object]:
    """What an act came to, as anybody at the terminal is told: not whose matter it is, nor who entered it."""
    hidden = ("person", "order", "entered_by")
    body = {name: value for name, value in act.body.items() if name not in hidden}
    values = body.get("values")
    if isinstance(values, dict):
        body["values"] = {name: value for name, value in values.items() if name not in hidden}
    return body


def print_history(district: District, history: list[Act]) -> None:
    """The acts, each with the seat that it was done in."""
    seats = {act.id: act.seat for act in history}
    named = names_of(district, (seat.at for seat in seats.values() if seat))
    rows = []
    for act in history:
        seat = seats[act.id]
        acting_as = in_words(seat, named) if seat else _as_whom(act)
        rows.append((act.version, minute(district, act.at), _done(district, act), acting_as))
    table(["no.", "when", "what", "as"], rows, False)


def _done(district: District, act: Act) -> Text:
    """What was done; where it was entered afterwards, with when it was so and where that comes from."""
    what, flow = district.rules.called(act.verb), district.rules.workflows.get(act.kind)
    move = flow.by_move.get(act.verb.partition(".")[2]) if flow else None
    dated = move.dated if move and act.afterwards else ()
    said = [text for field, _ in dated if (text := act.value(field.name))]
    if not said:
        return what
    when = listed(minute(district, moment(text)) if len(text) > _A_DAY else text for text in said)
    return say(
        "{what}: {when}, entered afterwards ({source})", what=what, when=when, source=say(act.afterwards)
    )


_A_DAY = len("2026-03-05")


def _as_whom(act: Act) -> str:
    """What somebody acted as who had no seat: "own", "linli itself", the console with its account."""
    what, _, account = (act.acting_as or "-").partition(":")
    return f"{translate(what)} {account}".strip()


def in_words(seat: Seat, named: Mapping[UUID, str]) -> str:
    """A seat in words: "clerk@城北街道/锦绣花园"."""
    return f"{translate(seat.role) if seat.role else '*'}@{named.get(seat.at, seat.at)}"
