"""What a plugin's act does to the register: a body begins, its posts change, it ends or is merged."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

import attrs
import pytest

from linli import (
    ANYONE,
    HOLDER,
    Actor,
    BodyId,
    District,
    Moves,
    NoRecord,
    PersonId,
    Seat,
    State,
    Transition,
    Workflow,
)
from linli._base.errors import NotAllowed, Refused
from linli._model.effects import Effect
from linli._verbs.dispatch.records import CLERK
from linli._verbs.register.effects import body_begins, body_ends, posts_become
from linli._verbs.register.organisations import organisation_id
from linli.testing import a_place, all_of, plugin_of, snapshot, somebody

DAY = date(2026, 3, 2)


@attrs.frozen(kw_only=True)
class Team:
    name: str = ""
    leader: UUID | None = None


@attrs.frozen(kw_only=True)
class Founded:
    name: str
    leader: PersonId


@attrs.frozen(kw_only=True)
class Elected:
    leader: PersonId


@attrs.frozen(kw_only=True)
class Ended:
    into: BodyId | None = None


def _body(t: Transition[Team, object]) -> UUID:
    return organisation_id(t.place, "team", t.record.name)


def _begins(t: Transition[Team, object]) -> Iterable[Effect]:
    yield from body_begins(t.facts, "team", t.record.name, t.place, since=DAY)
    yield from _led(t)


def _led(t: Transition[Team, object]) -> Iterable[Effect]:
    wanted = [(t.record.leader, "leader")] if t.record.leader else []
    yield from posts_become(t.facts, _body(t), t.place, wanted, among=("leader",), day=DAY)


def _ends(t: Transition[Team, Ended]) -> Iterable[Effect]:
    yield from body_ends(t.facts, _body(t), DAY, successor=t.given.into)


class TeamFlow(Workflow[Team], name="team"):
    move = Moves(Team)
    there = State()
    gone = State(ends=True)
    found = move.opening(there, Founded, by=ANYONE, then=[_begins])
    elect = move(there.stay(), Elected, by=ANYONE, then=[_led])
    end = move(there.to(gone), Ended, by=ANYONE, then=[_ends])


class ItemFlow(Workflow[NoRecord], name="item"):
    move = Moves(NoRecord)
    open = State()
    done = State(ends=True)
    file = move.opening(open, by=CLERK)
    do = move(open.to(done), by=HOLDER)


@pytest.fixture
def teams(new_district: Callable[..., District]) -> District:
    return new_district(plugins={"teams": plugin_of("teams", TeamFlow, ItemFlow)})


def _founded(teams: District, place: UUID, name: str, leader: Actor) -> tuple[UUID, UUID]:
    """A team and its body."""
    values = {"name": name, "leader": leader.person}
    act = teams.start("team", "found", place, values, actor=leader)
    return act.subject, organisation_id(place, "team", name)


def test_a_body_and_its_posts_begin_and_change_with_the_act(teams: District) -> None:
    place = a_place(teams, "锦绣花园")
    first, second = somebody(teams, None, place), somebody(teams, None, place)
    team, body = _founded(teams, place, "一队", first)
    assert [one.id for one in teams.register.organisations(kind="team", place=place)] == [body]
    assert [(p.person, p.role) for p in teams.register.posts(at=body)] == [(first.person, "leader")]
    teams.make(team, "elect", {"leader": second.person}, actor=first)
    assert [p.person for p in teams.register.posts(at=body)] == [second.person]
    assert len(teams.register.posts(at=body, ended=True)) == 2, "who had it before stays on record"
    teams.make(team, "elect", {"leader": second.person}, actor=first)
    assert len(teams.register.posts(at=body, ended=True)) == 2, "nothing changed"


def test_what_a_merged_body_held_is_its_successor_s(teams: District) -> None:
    place, elsewhere = a_place(teams, "锦绣花园"), a_place(teams, "幸福里")
    one, other = somebody(teams, None, place), somebody(teams, None, elsewhere)
    (team, body), (_, successor) = (
        _founded(teams, place, "一队", one),
        _founded(teams, elsewhere, "二队", other),
    )
    held = Seat(role="leader", at=body)
    item = teams.start("item", "file", place, holder=held).subject
    with pytest.raises(NotAllowed):
        teams.make(item, "do", actor=other)
    teams.make(team, "end", {"into": successor}, actor=one)
    assert [s.id for s in all_of(teams, "item", holder=Seat(role="leader", at=successor))] == [item]
    with pytest.raises(NotAllowed):
        teams.make(item, "do", actor=one)
    teams.make(item, "do", actor=other)
    assert teams.subject(item).state == "done"


def test_a_body_that_ended_is_not_begun_again_under_its_name(teams: District) -> None:
    place = a_place(teams, "锦绣花园")
    leader = somebody(teams, None, place)
    team, body = _founded(teams, place, "一队", leader)
    teams.make(team, "end", actor=leader)
    assert teams.register.organisation_record(body).until == DAY
    assert teams.register.posts(at=body) == []
    before = snapshot(teams)
    with pytest.raises(Refused, match="ended"):
        _founded(teams, place, "一队", leader)
    assert snapshot(teams) == before


def test_nobody_who_is_not_registered_gets_a_post(teams: District) -> None:
    place = a_place(teams, "锦绣花园")
    actor = somebody(teams, None, place)
    before = snapshot(teams)
    with pytest.raises(Refused, match="nobody is registered"):
        teams.start("team", "found", place, {"name": "一队", "leader": place}, actor=actor)
    assert snapshot(teams) == before
