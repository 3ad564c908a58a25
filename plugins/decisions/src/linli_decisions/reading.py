"""What checks and effects read, in the act's own transaction."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import attrs

from linli import Context, Facts, Seat, Subject
from linli.query import Body, any_subject, body, circle, matter, organisation, ties
from linli_decisions.records import Decision, Opinion, VoteResult


def tree(facts: Facts, root: UUID) -> tuple[Subject[Any], ...]:
    """A matter and its parts as they were before the act; empty where it is no decision."""
    # These are all made with what is read here.
    from linli_decisions.disclosures import DisclosureFlow
    from linli_decisions.objections import ObjectionFlow
    from linli_decisions.opinions import JointOpinion, PartyOpinion
    from linli_decisions.workflow import DecisionFlow

    found = facts.get(matter(root, DecisionFlow, PartyOpinion, JointOpinion, DisclosureFlow, ObjectionFlow))
    return found if any(one.flow is DecisionFlow and one.id == root for one in found) else ()


def decision(facts: Facts, ident: UUID | None) -> Subject[Decision] | None:
    """A decision by its number; None where it is something else."""
    found = tree(facts, ident) if ident else ()
    return next((one for one in found if one.id == ident), None)


def item_open(facts: Facts, item: UUID) -> bool:
    """Whether the joint meeting has an agenda item before it."""
    known = facts.get(any_subject(item))
    return known is not None and known.state in ("proposed", "scheduled", "circulating")


def who_did(facts: Facts, root: UUID) -> Iterable[tuple[str, tuple[UUID, ...]]]:
    """By verb, who did what in a matter, before the joint meeting too."""
    for one in tree(facts, root):
        items = one.record.items if isinstance(one.record, Decision) else ()
        for known in (one.kept, *(facts.get(any_subject(item)) for item in items)):
            moves = known.hands.moves if known else {}
            yield from ((f"{known.kind}.{move}", people) for move, people in moves.items() if known)


def who_reviewed_or_proposed(ctx: Context[Decision]) -> tuple[UUID, ...]:
    """The bodies that said something in a review of a matter, stood in for one that should, or proposed it."""
    proposing = proposing_body(ctx.subject)
    said = [
        one.record.reviewer
        for one in tree(ctx.facts, ctx.subject.root)
        # One that is asked still answers in this very act: without it nothing would come before the meeting.
        if isinstance(one.record, Opinion) and one.state.name != "lapsed"
    ]
    return tuple(dict.fromkeys([*([proposing] if proposing else ()), *said]))


def vote_result(facts: Facts, vote: UUID) -> VoteResult | None:
    """The arithmetic in the record of whatever holds votes here; None where it has none."""
    known = facts.get(any_subject(vote))
    record = known.record if known else {}
    names = [field.name for field in attrs.fields(VoteResult) if field.default is attrs.NOTHING]
    found = {name: record[name] for name in names if isinstance(record.get(name), int)}
    return VoteResult(**found) if len(found) == len(names) else None


def body_name(facts: Facts, ident: UUID) -> str:
    """What a body is called, also after it has ended."""
    known = facts.get(organisation(ident))
    return known.name if known else str(ident)


def approvals(facts: Facts, root: UUID) -> list[Subject[Opinion]]:
    """The reviews of the round that counts, in which everybody who was asked agreed: the branch's first."""
    reviews = [one for one in tree(facts, root) if isinstance(one.record, Opinion)]
    last: dict[object, int] = {}
    for one in reviews:
        last[one.flow] = max(last.get(one.flow, 0), round_of(one.key))
    found = [one for one in reviews if one.state.name == "approved" and round_of(one.key) == last[one.flow]]
    return sorted(found, key=lambda one: (one.flow.name != "party_opinion", one.ended_at, one.id))


def round_of(key: str | None) -> int:
    """The round of its matter that a part belongs to, as its key says: "branch", "branch#2"."""
    _, mark, number = (key or "").rpartition("#")
    return int(number) if mark else 1


def owns_here(facts: Facts, person: UUID, decided: Subject[Decision]) -> bool:
    """Whether somebody owns a part of the circle of a matter, see `Facts.circle`, on the day of the act."""
    homes = facts.get(circle(decided.opened_in, decided.opened_at))
    return any(homes.has(owned.path) for owned in facts.get(ties("owner", person=person, on=facts.today)))


def acting(capacity: str | None) -> tuple[str, UUID | None]:
    """As what somebody acts, of `acting_as`: the role, and the organisation or place that it is at."""
    seat = Seat.read(capacity or "")
    return (seat.role or "", seat.at) if seat else (capacity or "", None)


def company(facts: Facts, place: UUID) -> Body | None:
    """A compound's property company; nobody stands in for its voice."""
    found = facts.get(body("property_company", place))
    return found if found and found.stands_in_for is None and found.kind == "property_company" else None


def taking_part_for_company(facts: Facts, place: UUID) -> Body | None:
    """Who reviews what the company itself has proposed."""
    found = facts.get(body("residents_committee", place))
    return attrs.evolve(found, stands_in_for="property_company") if found else None


def proposing_body(proposed: Subject[Decision]) -> UUID | None:
    """The organisation that a matter was proposed for; None where an owner proposed it."""
    return proposed.body_of(proposed.person)
