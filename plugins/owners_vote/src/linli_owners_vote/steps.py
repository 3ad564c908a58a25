"""The steps of a vote: what each works out, what it checks, what follows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from linli import Act, Assign, Change, Facts, Limit, Seat, Subject, codec, say
from linli.calendar import Hours
from linli.effects import Effect
from linli.errors import Refused
from linli.i18n import Text, listed
from linli.store.bulk import bulk, bulk_into
from linli_owners_vote import arithmetic, box, contests, keepers, reading, roll
from linli_owners_vote.records import Vote, fields_of, result_of
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.tables import NAMED

Values = Mapping[str, object]
_SHOWN = 5
_CHOICES = "choices"
_NAMES = bulk_into(NAMED, rank=32)


def worked_out(values: Values, **found: object) -> Values:
    """What linli works out, which nobody gives by hand."""
    for name in found:
        if name in values:
            raise Refused(say("{name} is worked out by linli; leave it out", name=name))
    return found


# --- preparing and announcing ------------------------------------------------------------------------


def its_body(subject: Subject, values: Values, facts: Facts) -> Values:
    """The owners' committee of the compound, or who stands in for it."""
    body = facts.body("owners_committee", subject.place)
    return worked_out(
        values,
        organiser=body.id if body else None,
        stands_in_for=body.stands_in_for if body else None,
    )


def of_a_compound(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A roll is of one compound."""
    if facts.place(subject.place).kind == "compound":
        return None
    return say("the owners of a compound vote; name the compound")


def held_by_its_body(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The body that holds the vote has it among what is open."""
    if subject.record.organiser:
        yield Assign(holder=Seat(role=None, at=subject.record.organiser))


def announced(subject: Subject, values: Values, facts: Facts) -> Values:
    """The ways of voting, whether it is secret, and the earliest opening, as the settings are when it is announced."""
    settings = facts.settings(VoteSettings)
    found = worked_out(values, ways=settings.ways, opens_from=facts.at + settings.notice)
    return {**found, "ballots": settings.ballots}


# --- opening -----------------------------------------------------------------------------------------


def closing(at: datetime, facts: Facts) -> datetime:
    """When a vote that opens now closes: on a working day, at the same hour."""
    settings = facts.settings(VoteSettings)
    until = (at + settings.period).astimezone(facts.calendar.zone)
    while settings.ends_on_working_day and not facts.calendar.is_working_day(until.date()):
        until += timedelta(days=1)
    return until


def frozen(subject: Subject, values: Values, facts: Facts) -> Values:
    """The closing, and what the roll weighs as it is frozen."""
    rows = roll.frozen_rows(facts, subject)
    kept_by = keepers.taken(facts, subject.id)
    weight = roll.weight_of(rows)
    return worked_out(
        values,
        until=closing(facts.at, facts),
        roll=roll.digest_of(rows),
        roll_parts=len(rows),
        roll_area=weight.area,
        roll_heads=weight.heads,
        keepers=tuple(str(one.organisation) for one in kept_by),
        keys=tuple(one.public for one in kept_by),
    )


def after_its_notice(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The owners have had their notice."""
    opens_from = before.record.opens_from
    if opens_from is None or act.at >= opens_from:
        return None
    local = opens_from.astimezone(facts.calendar.zone)
    return say("it was announced for {moment} at the earliest", moment=f"{local:%Y-%m-%d %H:%M}")


def all_settled(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nothing contested goes on a frozen roll."""
    count = len(facts.rows(contests.UNSETTLED, vote=subject.id))
    return say("{count} contested parts are not settled", count=count) if count else None


def the_roll_is_whole(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Every part has an area that can be counted, and somebody whose it is."""
    entries = roll.drawn(facts, subject)
    unclear = [entry for entry in entries if entry.problem]
    if not entries:
        return say("the register has no exclusive part in this compound; register them first")
    if not unclear:
        return None
    return say(
        "{count} parts cannot be on the roll: {shown}; put the register right; see: linli vote roll {id}",
        count=len(unclear),
        shown=listed(f"{facts.place(one.part).name} {one.problem}" for one in unclear[:_SHOWN]),
        id=subject.id,
    )


def freezes(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The frozen roll, in tables of its own."""
    yield from roll.freezing(facts, subject)


# --- extending and closing ---------------------------------------------------------------------------


def with_offset(subject: Subject, values: Values, facts: Facts) -> Values:
    """Nothing to work out: a moment without its offset cannot be compared with any other."""
    until = values.get("until")
    moment = datetime.fromisoformat(until) if isinstance(until, str) and is_moment(until) else until
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise Refused(say("give the moment with its offset: 2026-03-31T18:00+08:00"))
    return {}


def is_moment(text: str) -> bool:
    """Whether a text is a moment."""
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def may_be_extended(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Only where the district says so, while it is open, and not for too long."""
    settings, was, until = facts.settings(VoteSettings), before.record.until, subject.record.until
    if not settings.extension:
        return say("in this district a vote that is open is not extended")
    if act.at >= was:
        return say("this vote has closed")
    if not was < until <= was + settings.longest_extension:
        return say(
            "it can end later than announced, by {days} days at most", days=settings.longest_extension.days
        )
    return None


def time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nothing but time closes a vote."""
    # A ballot that is on its way is in the box before it closes, or finds it closed.
    reading.held(facts, subject.id)
    running = before.clocks["extension" if before.state == "extended" else "voting"]
    return None if running.step else say("this vote is still open")


def has_a_matter(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What stands alone does not lapse with anything."""
    return None if before.record.matter else say("this vote stands alone; call it off")


# --- counting and certifying -------------------------------------------------------------------------


def counted(subject: Subject, values: Values, facts: Facts) -> Values:
    """The result, computed from the box that two keepers open; by nobody's hand. The codes are not kept."""
    codes = values.get("codes")
    # Whatever is on its way into the box is in it, or is refused, before it is opened.
    vote = reading.held(facts, subject.id)
    opened = box.opened(facts, vote, tuple(map(str, codes)) if isinstance(codes, tuple | list) else ())
    if vote.record.ballots == "by_name":
        choices = {str(part): choice for part, choice in opened.choices.items()}
        facts.hear(subject.id, _CHOICES, codec.encode(choices))
    receipts, sealed = box.digests(facts, subject.id)
    found = fields_of(opened.result)
    return worked_out(values, **found, box=receipts, sealed=sealed, opened_by=opened.keepers)


def names(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Of a vote by name, how each part voted; of a secret one nothing."""
    said = facts.said(subject.id, _CHOICES)
    if said:
        rows = [
            (facts.district, subject.id, UUID(part), choice) for part, choice in codec.decode(said).items()
        ]
        yield Change(write=bulk(_NAMES, rows))


def all_checked(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Every paper was read by two people."""
    count = facts.rows(box.UNCHECKED, vote=subject.id)[0][0]
    return say("{count} papers are not checked yet; check or reject them", count=count) if count else None


def ended(subject: Subject, values: Values, facts: Facts) -> Values:
    """The outcome, computed from what was counted."""
    result = result_of(subject.record)
    assert result is not None, "what is certified was counted"
    majority: arithmetic.Majority = "special" if subject.record.majority == "special" else "ordinary"
    return worked_out(values, outcome=arithmetic.outcome(result, majority))


def as_counted(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever certifies has seen that the box is the one that was counted; nobody opens it for that."""
    if box.holds_what_was_counted(facts, subject.id, before.record):
        return None
    return say("the box does not hold what was counted; restore it from a backup")


def of_an_earlier_version(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A vote that is open is finished, but for one whose ballots were not sealed for keepers."""
    return None if not before.record.keys else say("a vote that is open is finished: it is not called off")


# --- clocks ------------------------------------------------------------------------------------------


def until(subject: Subject, facts: Facts) -> Limit:
    """An open vote ends at its announced moment."""
    vote: Vote = subject.record
    assert vote.until is not None, "a vote that is open has an end"
    return Limit(span=max(vote.until - facts.at, timedelta(0)))


def to_certify(subject: Subject, facts: Facts) -> Limit:
    """The time for counting and certifying, in service hours."""
    return Limit(span=facts.settings(VoteSettings).certify_within, hours=Hours.SERVICE)
