"""Disclosure 1: written by the secretary, looked at by another person, with the papers that are public."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, GivenFile, NotAllowed, NotFound
from linli_decisions.testing import Compound, compound, refused

PLAN = GivenFile(name="scan 1.pdf", content=b"%PDF-1.7 plan")
BUDGET = GivenFile(name="b.pdf", content=b"%PDF-1.7 budget")


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _with_papers(here: Compound) -> UUID:
    """A matter that was filed, with two papers whose files the proposer attached."""
    matter = here.propose(papers=())
    for paper, file in (("方案", PLAN), ("预算", BUDGET)):
        here.decisions.attach(matter, paper, file, actor=here.people["owner"])
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        here.opine(matter, "approve", by)
    here.file(matter)
    return matter


def _write(here: Compound, matter: UUID, by: str = "meeting_secretary", **more: object) -> None:
    here.decisions.write(matter, "划20个车位，6月底完工。", actor=here.people[by], **more)  # type: ignore[arg-type]


def test_what_was_decided_and_the_public_papers_are_public(here: Compound) -> None:
    matter = _with_papers(here)
    _write(here, matter, public=["方案.pdf"])
    (disclosed,) = here.decisions.disclosures(matter)
    publication = disclosed.record.publication
    refused(
        here,
        "look at each page of 方案.pdf",
        lambda: here.district.publish.approve(publication, actor=here.people["officer"]),
    )
    here.look(matter)
    one = here.district.publish.get(publication)
    assert (one.state, here.state(matter)) == ("published", "on_notice")
    assert "划20个车位" in one.record.body
    assert one.record.files[0].sha256 in one.record.body
    assert here.district.publish.file(publication, "方案.pdf") == PLAN.content
    with pytest.raises(NotFound):
        here.district.publish.file(publication, "预算.pdf")
    assert here.decisions.paper(matter, "预算.pdf", actor=here.people["neighbour"]) == BUDGET.content
    with pytest.raises(NotAllowed):
        here.decisions.paper(matter, "预算.pdf", actor=here.people["stranger"])


def test_attaching_a_file_ticks_its_paper_and_another_one_replaces_it(here: Compound) -> None:
    matter = here.propose(papers=("预算",))
    refused(here, "missing: 方案", lambda: here.make(matter, "submit", "owner"))
    here.decisions.attach(matter, "方案", PLAN, actor=here.people["owner"])
    here.decisions.attach(matter, "方案", BUDGET, actor=here.people["owner"])
    record = here.district.subject(matter).record
    assert ([one.name for one in record.attachments], record.papers) == (["方案.pdf"], ("预算", "方案"))
    assert here.decisions.paper(matter, "方案.pdf", actor=here.people["owner"]) == BUDGET.content
    refused(
        here,
        "only whoever proposed it",
        lambda: here.decisions.attach(matter, "方案", PLAN, actor=here.people["manager"]),
    )
    here.make(matter, "submit", "owner")
    refused(
        here,
        "first review",
        lambda: here.decisions.attach(matter, "预算", PLAN, actor=here.people["owner"]),
    )


def test_the_secretary_adds_a_file_to_what_is_written(here: Compound) -> None:
    matter = _with_papers(here)
    here.decisions.attach(matter, "公示版", BUDGET, actor=here.people["meeting_secretary"])
    refused(here, "has no file 图纸.pdf", lambda: _write(here, matter, public=["图纸.pdf"]))
    _write(here, matter, public=["公示版.pdf"])
    here.look(matter)
    assert here.state(matter) == "on_notice"


def test_who_wrote_it_does_not_look_at_it(here: Compound) -> None:
    matter = _with_papers(here)
    secretary = here.people["meeting_secretary"]
    assert secretary.person
    here.district.register.post(secretary.person, "officer", here.street)
    _write(here, matter)
    publication = here.decisions.disclosures(matter)[0].record.publication
    refused(here, "it is yours", lambda: here.district.publish.approve(publication, actor=secretary))
    assert here.district.publish.get(publication).state == "draft"


def test_unwritten_in_time_it_climbs_and_who_is_above_writes_it(here: Compound) -> None:
    matter = _with_papers(here)
    refused(here, "the meeting's secretary writes it first", lambda: _write(here, matter, "officer"))
    due = here.district.subject(matter).clocks["writing"].due
    assert due is not None
    for days in (1, 4):
        here.work_until(due + timedelta(days=days))
    told = {
        one.recipient.partition("@")[0]
        for one in here.district.deliveries.listed(kind="tell")
        if one.payload.get("subject") == str(matter) and one.payload.get("clock") == "writing"
    }
    assert {"seat:meeting_secretary", "seat:officer"} <= told
    _write(here, matter, "officer")
    assert here.state(matter) == "on_notice"


def test_a_look_that_nobody_takes_climbs(here: Compound) -> None:
    matter = _with_papers(here)
    _write(here, matter)
    here.work_until(here.clock.now + timedelta(days=20))
    assert here.state(matter) == "on_notice"
    assert any(one.payload.get("clock") == "look" for one in here.district.deliveries.listed(kind="tell"))


@pytest.mark.parametrize("text", ["联系人13800138000", "身份证 11010519491231002X"])
def test_what_is_written_for_the_public_identifies_nobody(here: Compound, text: str) -> None:
    matter = _with_papers(here)
    refused(
        here,
        "mobile number|identity number",
        lambda: here.decisions.write(matter, text, actor=here.people["meeting_secretary"]),
    )


def test_how_to_object_is_the_districts(new_district: Callable[..., District]) -> None:
    here = compound(new_district, settings='how_to_object = "到居委会一楼登记"')
    matter = here.in_filing()
    here.resolve_item(matter)
    publication = here.decisions.disclosures(matter)[0].record.publication
    assert "到居委会一楼登记" in here.district.publish.get(publication).record.body


def test_a_correction_stands_beside_the_disclosure_wherever_it_is_shown(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    publication = here.decisions.disclosures(matter)[0].record.publication
    corrections: list[UUID] = []
    for text in ("预算为12万元。", "预算为13万元。"):
        last = corrections[-1] if corrections else publication
        new = here.district.publish.correct(
            last, "决议公开（更正）", text, actor=here.people["clerk"]
        ).subject
        here.district.publish.approve(new, actor=here.people["officer"])
        corrections.append(new)
    steps = {one.publication: one for one in here.decisions.way(matter) if one.publication}
    assert [*steps] == [publication, *corrections], "in the way, in their order"
    assert steps[publication].corrected_by == corrections[0]
    assert steps[corrections[0]].corrected_by == corrections[1]
    in_file = [one.step.publication for one in here.decisions.file(matter, actor=here.people["owner"]).steps]
    assert set(corrections) <= set(in_file)
    page = here.district.publish.page_about(matter)
    assert page is not None
    assert set(corrections) <= {one.publication for one in page.steps}
    assert here.decisions.corrections(here.decisions.disclosures(matter)[0]) == corrections
