"""In every state it shows who must act next, on what, and until when."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, Refused, Seat
from linli_decisions.testing import Compound, compound
from linli_decisions.turns import Turn, turn_of
from linli_decisions.workflow import DecisionFlow


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _turn(here: Compound, matter: UUID) -> Turn:
    found = turn_of(here.district, here.district.subject(matter))
    assert found is not None
    return found


def test_each_open_state_has_a_deadline_and_somebody_or_says_what_it_waits_for(here: Compound) -> None:
    bodies = {kind: Seat(role=None, at=ident) for kind, ident in here.bodies.items()}
    secretary = Seat(role="meeting_secretary", at=here.street)
    seen: dict[str, tuple[Seat, ...]] = {}

    def look(matter: UUID) -> None:
        state, turn = here.state(matter), _turn(here, matter)
        assert turn.until is not None, state
        assert str(turn.what), state
        seen[state] = turn.seats

    matter = here.propose("lift")
    look(matter)
    here.make(matter, "submit", "owner")
    look(matter)
    here.opine(matter, "approve", "secretary")
    look(matter)
    assert set(seen["joint_review"]) == {bodies["owners_committee"], bodies["property_company"]}
    here.opine(matter, "approve", "committee")
    assert _turn(here, matter).seats == (bodies["property_company"],), "who has answered is not asked again"
    here.opine(matter, "approve", "manager")
    look(matter)
    assert "linli vote prepare" in str(_turn(here, matter).what)
    matter = here.in_filing()
    look(matter)
    here.file(matter)
    look(matter)
    here.disclose(matter)
    look(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    look(matter)
    doer = "second_committee"
    here.make(matter, "begin", doer, text="开工。")
    look(matter)
    here.make(matter, "suspend", doer, text="停工。")
    look(matter)
    here.make(matter, "resume", doer, text="复工。")
    here.make(matter, "stage", doer, name="施工", text="完成。")
    here.make(matter, "finish", doer)
    look(matter)
    rejected = here.propose()
    here.make(rejected, "submit", "owner")
    here.opine(rejected, "reject", "secretary")
    here.make(rejected, "appeal", "owner", reason="x")
    look(rejected)
    assert seen["party_review"] == (bodies["branch"],)
    assert seen["voting"] == seen["resolved"] == (bodies["owners_committee"],)
    assert seen["filing"] == seen["filed"] == (secretary,)
    assert seen["appealed"] == (Seat(role="officer", at=here.street),)
    assert seen["checking"] == (bodies["branch"],)
    unseen = {state.name for state in DecisionFlow.states.values() if not state.ends} - seen.keys()
    assert unseen == {"referred"}, "which is as filing"


def test_after_the_notice_period_it_says_that_the_worker_has_to_run(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    assert "the notice period runs" in str(_turn(here, matter).what)
    here.clock.now += timedelta(days=30)
    assert "it goes on when the worker runs: linli worker --once" in str(_turn(here, matter).what)


def test_an_objection_comes_first(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.make(matter, "object", "neighbour", objection="预算偏高")
    turn = _turn(here, matter)
    assert turn.seats == (Seat(role=None, at=here.bodies["branch"]),)
    assert "objection answer" in str(turn.what)


def test_what_has_ended_is_nobodys_turn(here: Compound) -> None:
    matter = here.propose()
    here.make(matter, "withdraw", "owner", reason="x")
    assert turn_of(here.district, here.district.subject(matter)) is None


def test_a_proposal_that_nobody_submits_is_told_to_the_street(here: Compound) -> None:
    matter = here.propose()
    here.work_until(here.clock.now + timedelta(days=120))
    assert here.state(matter) == "proposed"
    told = [
        one for one in here.district.deliveries.listed(kind="tell") if one.payload.get("clock") == "proposal"
    ]
    assert [one.recipient.partition("@")[0] for one in told] == ["seat:officer"]
    with pytest.raises(Refused):
        here.make(matter, "begin", "committee", text="x")
