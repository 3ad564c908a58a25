"""Committees (班子): party members with posts in the branch's organisation, elected for a term."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from linli import Act, Ask, Facts, Seat, Subject, say
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.register.effects import posts_become
from linli.register.organisations import organisation_id
from linli_party.compounds import is_member
from linli_party.settings import PartySettings

SECRETARY, MEMBER = "branch_secretary", "branch_member"
COMMITTEE = (SECRETARY, MEMBER)
BODY = "branch"


def body_of(branch: Subject) -> UUID:
    """The number of a branch's organisation in the register."""
    return organisation_id(branch.opened_in, BODY, branch.record.name)


def secretary_of(branch: Subject) -> Seat:
    """The seat of its secretary, whoever has it."""
    return Seat(role=SECRETARY, at=body_of(branch))


def asked(name: str, *, required: bool = True) -> Ask:
    """The people of a committee, its secretary first."""
    return Ask(name=name, help="its people, the secretary first", type=tuple, required=required)


def people(act: Act, name: str) -> tuple[UUID, ...]:
    """Who was named."""
    return tuple(UUID(str(one)) for one in act.value(name) or ())


def fits(name: str, *, as_it_is: bool = False) -> Callable[[Act, Subject, Subject, Facts], Text | None]:
    """The check that those named can be the committee.

    Args:
        as_it_is: it was elected before; who enters it need not know all of it.
    """

    def test(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
        try:
            named = people(act, name)
        except ValueError:
            return say("name the committee by people's numbers")
        if not named:
            # An empty list is none; where a committee is needed and none is given, the move asks for it.
            return say("name the secretary at least") if name in act.body.get("values", {}) else None
        problem = _wrong_number(named, facts, least=not as_it_is) or _strangers(named, facts)
        return problem or (None if as_it_is else _own_seat(act, named, facts))

    return test


def _wrong_number(named: Sequence[UUID], facts: Facts, *, least: bool) -> Text | None:
    settings = facts.settings(PartySettings)
    if len(set(named)) < len(named):
        return say("somebody is named twice")
    if not (settings.committee_least if least else 1) <= len(named) <= settings.committee_most:
        return say(
            "a committee has {least} to {most} people",
            least=settings.committee_least,
            most=settings.committee_most,
        )
    return None


def _strangers(named: Sequence[UUID], facts: Facts) -> Text | None:
    strangers = [person for person in named if not is_member(facts, person)]
    if strangers:
        return say("the register does not know these as party members: {people}", people=listed(strangers))
    return None


def _own_seat(act: Act, named: Sequence[UUID], facts: Facts) -> Text | None:
    if facts.is_among(act.actor, named):
        return say("nobody decides on their own seat; let another officer do it")
    return None


def seated(branch: Subject, named: Sequence[UUID], facts: Facts) -> Iterable[Effect]:
    """Let those named, and nobody else, have the committee's posts from the day of the act."""
    roles = [SECRETARY, *[MEMBER] * (len(named) - 1)]
    yield from posts_become(
        facts,
        body_of(branch),
        branch.place,
        list(zip(named, roles, strict=False)),
        among=COMMITTEE,
        day=facts.today,
    )
