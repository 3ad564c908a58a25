"""The file as it grows: who sees it, what of it, and that it was read; the figures, counted anew."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import Actor, District, NotAllowed, NotFound
from linli_decisions.figures import REJECTING
from linli_decisions.testing import Compound, compound, refused


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _texts(here: Compound, matter: UUID, by: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in here.decisions.file(matter, actor=here.people[by]).steps:
        for text in one.texts.values():
            found.setdefault(one.step.verb, []).append(text)
    return found


def test_every_owner_sees_the_file_grow_with_its_reasons(here: Compound) -> None:
    matter = here.propose()
    assert _texts(here, matter, "neighbour") == {"decision.propose": ["道路破损，申请整治。"]}
    here.make(matter, "submit", "owner")
    here.opine(matter, "return", "secretary")
    assert _texts(here, matter, "neighbour")["party_opinion.return"] == ["不齐"]
    assert _texts(here, matter, "owner") == _texts(here, matter, "manager") == _texts(here, matter, "clerk")


def test_who_has_nothing_to_do_with_the_compound_does_not_see_it(here: Compound) -> None:
    matter = here.propose()
    refused(
        here, "for owners of the compound", lambda: here.decisions.file(matter, actor=here.people["stranger"])
    )
    with pytest.raises(NotAllowed):
        here.decisions.file(matter, actor=Actor())
    with pytest.raises(NotFound):
        here.decisions.find("2026-0001")


def test_that_a_file_was_read_is_on_the_record(here: Compound) -> None:
    matter = here.propose()
    here.decisions.file(matter, actor=here.people["neighbour"])
    last = here.district.history(matter)[-1]
    assert (last.verb, last.actor) == ("decision.read", here.people["neighbour"].person)
    assert "decision.read" not in {one.verb for one in here.decisions.way(matter)}


def test_what_an_owner_objects_is_for_those_who_answer_it(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.make(matter, "object", "neighbour", objection="楼上王家的漏水没修")
    for by, seen in (
        ("neighbour", True),
        ("secretary", True),
        ("officer", True),
        ("owner", False),
        ("manager", False),
    ):
        assert ("decision.object" in _texts(here, matter, by)) == seen, by
    here.make(here.decisions.objections(matter)[0].id, "answer", "member", answer="已安排维修。")
    for by, seen in (("neighbour", True), ("secretary", True), ("owner", False), ("manager", False)):
        assert ("objection.answer" in _texts(here, matter, by)) == seen, f"{by}: as the objection itself"
    told = [step.step.verb for step in here.decisions.file(matter, actor=here.people["owner"]).steps]
    assert "objection.answer" in told, "that it was answered is everybody's to see"


def test_the_way_names_bodies_and_roles_and_no_person(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    steps = here.decisions.way(matter)
    by = {one.verb: str(one.by) if one.by else None for one in steps}
    assert by["decision.propose"] == "an owner"
    assert by["party_opinion.approve"] == "锦绣花园党支部"
    assert {str(one.by) for one in steps if one.verb == "opinion.approve"} == {
        "锦绣花园业委会",
        "锦绣花园物业公司",
    }
    said = " ".join(f"{one.what} {one.by}" for one in steps)
    for actor in here.people.values():
        assert str(actor.person) not in said


def test_what_people_wrote_is_in_the_vault_and_nowhere_in_the_journal(here: Compound) -> None:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    here.opine(matter, "reject", "secretary")
    said = repr([act.body for act in here.district.history(matter)])
    assert "道路破损" not in said
    assert "不齐" not in said


# --- figures -------------------------------------------------------------------------------------------------


def _completed(here: Compound) -> UUID:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.make(matter, "object", "neighbour", objection="x")
    here.make(here.decisions.objections(matter)[0].id, "answer", "member", answer="x")
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "begin", "second_committee", text="开工。")
    here.make(matter, "finish", "second_committee")
    here.make(matter, "check", "third_member", text="验收合格。")
    return matter


def test_the_figures_agree_with_a_count_of_the_journal(here: Compound) -> None:
    matters = [_completed(here), _completed(here)]
    withdrawn = here.propose()
    here.make(withdrawn, "withdraw", "owner", reason="x")
    rejected = here.propose()
    here.make(rejected, "submit", "owner")
    here.opine(rejected, "reject", "secretary")
    here.make(rejected, "appeal", "owner", reason="x")
    here.make(rejected, "dismiss", "officer", reason="x")
    upheld = here.propose()
    here.make(upheld, "submit", "owner")
    here.opine(upheld, "reject", "secretary")
    here.make(upheld, "appeal", "owner", reason="x")
    here.make(upheld, "uphold", "officer", reason="x")
    standing = here.in_filing()
    here.resolve_item(standing)
    here.make(standing, "object", "neighbour", objection="x")
    abandoned = here.in_filing()
    here.resolve_item(abandoned)
    here.make(abandoned, "abandon", "officer", text="终止。")
    matters += [withdrawn, rejected, upheld, standing, abandoned]
    verbs = Counter(act.verb for matter in matters for act in here.district.history(matter))
    ends = [here.district.subject(matter).ended_at for matter in matters]
    figures = here.district.brief(start=here.clock.now.date() - timedelta(days=60)).figures
    assert {name: value for name, value in figures.items() if name.startswith("decisions.")} == {
        "decisions.decided": 2,
        "decisions.resolved": verbs["decision.resolve"],
        "decisions.proposed": len(matters),
        "decisions.rejected": sum(here.state(matter) == "rejected" for matter in matters),
        "decisions.withdrawn": 1,
        "decisions.abandoned": 1,
        "decisions.open": sum(ended is None for ended in ends),
        "decisions.disclosures": verbs["disclosure.go_out"],
        "decisions.objections": verbs["decision.object"],
        "decisions.objections_open": 1,
    }
    assert figures["decisions.resolved"] == 2
    assert figures["decisions.open"] == 2


def test_every_move_that_rejects_is_counted_as_one(here: Compound) -> None:
    flow = here.district.rules.workflow("decision")
    assert {move.name for move in flow.moves if move.to == "rejected"} == {move.name for move in REJECTING}
