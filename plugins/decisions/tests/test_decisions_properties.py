"""Every move of a matter and its parts, by everybody, in every order: what holds whatever is tried."""

from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from hypothesis import strategies as st

from linli import ENGINE_ACTOR, Act, District, StoredSubject
from linli._model.compiled import Move
from linli.testing import Explorer, Tried
from linli_decisions.steps import STEP_OF
from linli_decisions.testing import Compound, compound

# A state is reached only from these, whoever tries what.
COMES_FROM = {
    "party_review": {"proposed"},
    "joint_review": {"party_review"},
    "voting": {"joint_review"},
    "filing": {"joint_review", "voting", "referred"},
    "referred": {"filing"},
    "filed": {"filing", "on_notice"},
    "on_notice": {"filed"},
    "resolved": {"on_notice"},
    "under_way": {"resolved", "suspended", "checking"},
    "suspended": {"under_way"},
    "checking": {"under_way"},
    "completed": {"checking"},
    "appealed": {"rejected"},
    "withdrawn": {"proposed", "party_review", "joint_review", "voting"},
    "abandoned": {"on_notice", "resolved", "under_way", "suspended"},
}
WITH_REASON = {
    "party_opinion.return", "party_opinion.reject", "opinion.return", "opinion.reject", "decision.withdraw",
    "decision.appeal", "decision.uphold", "decision.dismiss", "decision.clear", "decision.annul", "decision.redo",
}  # fmt: skip


class Matters(Explorer):
    """A matter from a given step on, with some of those in the compound."""

    examples = 12
    steps = 20

    def __init__(self, here: Compound, opened: Callable[[], UUID], *names: str) -> None:
        everybody = {**here.people, "console": here.district.console, "linli": ENGINE_ACTOR}
        people = {name: everybody[name] for name in names}
        super().__init__(here.district, people)
        self.here = here
        self._opened = opened

    def opened(self) -> UUID:
        return self._opened()

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[object]]:
        return {
            "papers": st.sampled_from([("方案", "预算"), ("方案",), ()]),
            "item": st.sampled_from([*getattr(subject.record, "items", ()), subject.id]),
            "outcome": st.sampled_from(["explained", "taken_up"]),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        tree = self.district.tree(root)
        history = self.district.history(root)
        _nobody_acted_twice(history)
        _no_step_was_skipped(history)
        _reasons_were_given(history)
        _disclosures_are_in_order(tree, self.district)
        _what_is_decided_is_whole(tree[0], tree)


def _nobody_acted_twice(history: list[Act]) -> None:
    steps: dict[UUID, set[str]] = {}
    for act in history:
        if act.actor and act.verb in STEP_OF:
            steps.setdefault(act.actor, set()).add(STEP_OF[act.verb])
    assert all(len(found) == 1 for found in steps.values()), steps


def _no_step_was_skipped(history: list[Act]) -> None:
    for act in history:
        before, after = act.body.get("from"), act.body.get("to")
        if act.kind == "decision" and before != after and after in COMES_FROM:
            assert before in COMES_FROM[after], f"{before} to {after} by {act.verb}"


def _reasons_were_given(history: list[Act]) -> None:
    assert all(act.value("reason") for act in history if act.verb in WITH_REASON)


def _disclosures_are_in_order(tree: list[StoredSubject], district: District) -> None:
    out = [one for one in tree if one.kind == "disclosure" and one.accepted_at]
    for one in out:
        publication = district.publish.get(one.record.publication)
        assert (publication.state, publication.record.stage) == ("published", one.record.stage)
    stages = {one.record.stage for one in out}
    assert stages in (set(), {1}, {1, 2}, {1, 2, 3})


def _what_is_decided_is_whole(decision: StoredSubject, tree: list[StoredSubject]) -> None:
    disclosed = Counter(one.record.stage for one in tree if one.kind == "disclosure" and one.state == "stood")
    open_objections = [one for one in tree if one.kind == "objection" and one.state == "raised"]
    if decision.state in ("on_notice", "resolved", "under_way", "suspended", "checking", "completed"):
        assert decision.record.filing_number
        assert decision.record.vote_kind == "" or decision.record.vote
    if decision.state in ("resolved", "under_way", "checking", "completed"):
        assert disclosed[1] == 1
    if decision.state == "completed":
        assert disclosed[2] >= 1
        assert disclosed[3] == 1
        assert not open_objections


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _reached(tried: list[Tried]) -> set[str]:
    return {f"{one.subject.kind}.{one.move.name}" for one in tried if one.act}


def test_whatever_is_tried_with_a_proposal_no_review_is_skipped(here: Compound) -> None:
    def opened() -> UUID:
        matter = here.propose()
        here.make(matter, "submit", "owner")
        return matter

    tried = Matters(here, opened, "owner", "secretary", "member", "console").explore()
    assert _reached(tried) & {"party_opinion.approve", "party_opinion.return", "party_opinion.reject"}
    assert any(not one.act for one in tried)


def test_whatever_is_tried_in_the_joint_review_both_must_agree(here: Compound) -> None:
    def opened() -> UUID:
        matter = here.propose()
        here.make(matter, "submit", "owner")
        here.opine(matter, "approve", "secretary")
        return matter

    tried = Matters(here, opened, "owner", "committee", "manager", "residents").explore()
    assert _reached(tried) & {"opinion.approve", "opinion.return", "opinion.reject", "decision.withdraw"}


def test_whatever_is_tried_around_a_vote_only_its_result_goes_on(here: Compound) -> None:
    def opened() -> UUID:
        matter = here.propose("lift")
        here.make(matter, "submit", "owner")
        for by in ("secretary", "committee", "manager"):
            here.opine(matter, "approve", by)
        return matter

    tried = Matters(here, opened, "owner", "manager", "linli").explore()
    for one in tried:
        if one.act and one.move.name in ("vote_passed", "vote_failed"):
            assert one.actor == "linli"
    assert _reached(tried) & {"decision.vote_passed", "decision.vote_failed", "decision.withdraw"}


def test_whatever_is_tried_on_notice_a_matter_waits_for_its_time_and_its_objections(here: Compound) -> None:
    def opened() -> UUID:
        matter = here.in_filing()
        here.resolve_item(matter)
        return matter

    tried = Matters(here, opened, "neighbour", "member", "officer").explore()
    assert _reached(tried) & {"decision.object", "decision.abandon"}
    assert not any(one.act and one.move.name in ("stand", "resolve") for one in tried)


def test_whatever_is_tried_while_it_is_carried_out_every_step_is_disclosed(here: Compound) -> None:
    def opened() -> UUID:
        matter = here.in_filing()
        here.resolve_item(matter)
        before = here.clock.now
        due = here.decisions.disclosures(matter)[0].due_at
        assert due
        here.work_until(due)
        here.make(matter, "begin", "second_committee", text="开工。")
        here.clock.now = before
        return matter

    tried = Matters(here, opened, "second_committee", "member", "neighbour").explore()
    assert _reached(tried) & {"decision.stage", "decision.suspend", "decision.finish"}
    assert any(not one.act for one in tried)
