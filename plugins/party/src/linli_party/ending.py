"""How a branch ends: merged into another one, which then has what it held; or dissolved."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import attrs

from linli import Act, Ask, Change, Facts, Make, Move, Subject, Was, codec, say
from linli.effects import Effect
from linli.i18n import Text
from linli.register.effects import body_ends
from linli.store import Write
from linli.workflow import REASON
from linli_party.branch import BRANCH_BY_ID, STREET, Branch, day_of_act, since_it_was
from linli_party.committees import body_of
from linli_party.tables import FREE_SEAT

_UNTIL = Ask(
    name="until",
    help="the first day on which it is no more; else today",
    type=date,
    required=False,
    proposed=True,
    was=Was(since=since_it_was),
)


def _ends(subject: Subject, facts: Facts, successor: UUID | None = None) -> Iterable[Effect]:
    yield from body_ends(facts, body_of(subject), subject.record.until, successor=successor)
    free = {"the_district": facts.district, "the_branch": subject.id}
    yield Change(write=Write(FREE_SEAT, free))


def _dissolved(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield from _ends(subject, facts)


def _other(subject: Subject, facts: Facts) -> tuple[str, Subject] | None:
    """The branch that it is merged into: its state, and what is kept with it."""
    rows = facts.rows(BRANCH_BY_ID, id=subject.record.into)
    if not rows:
        return None
    state, place, record = rows[0]
    return state, attrs.evolve(
        subject, id=subject.record.into, place=place, record=codec.decoder(Branch)(record)
    )


def _into_another(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    found = _other(subject, facts)
    if found is None:
        return say("there is no branch {id} in this district", id=subject.record.into)
    if subject.record.into == subject.id:
        return say("a branch is not merged into itself; name another one")
    return None if found[0] == "in_being" else say("the branch to merge into is not in being")


def _over_both(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A street says nothing of another street's branches: that is for an officer of both, the district's."""
    found = _other(subject, facts)
    if found is None or act.actor is None:
        return None
    path = facts.place(found[1].place).path
    if any(post.role in STREET.posts and post.place in path for post in facts.posts(act.actor)):
        return None
    return say("the branch to merge into is of another street; an officer of the district merges them")


def _merged(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    found = _other(subject, facts)
    assert found is not None, "_into_another has seen it"
    into = found[1]
    yield from _ends(subject, facts, successor=body_of(into))
    led = dict.fromkeys((*into.record.associations, *subject.record.associations))
    yield Make(subject=into.id, move="absorb", values={"branch": subject.id, "associations": tuple(led)})


def ending_moves() -> Iterable[Move]:
    """How a branch ends: into another one, or for good."""
    yield Move(
        name="merge",
        label="merge into another branch",
        sources=("in_being",),
        to="merged",
        by=STREET,
        fills=(day_of_act("until"),),
        asks=(Ask(name="into", help="the number of the branch that goes on", type=UUID), REASON, _UNTIL),
        checks=(_into_another, _over_both),
        effects=(_merged,),
    )
    yield Move(
        name="dissolve",
        label="dissolve",
        sources=("in_being",),
        to="dissolved",
        by=STREET,
        fills=(day_of_act("until"),),
        asks=(REASON, _UNTIL),
        effects=(_dissolved,),
    )
