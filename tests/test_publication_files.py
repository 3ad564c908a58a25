"""Files of publications: another person looks at each before it goes out, and it stays what went on record."""

from collections.abc import Callable
from uuid import UUID, uuid4

import attrs
import pytest

from linli import GivenFile
from linli._base.errors import NotAllowed, NotFound, Refused
from linli._district.district import District
from linli._model.access import Actor
from linli._verbs.publish.receipts import read_receipt, receipt_text
from linli.testing import a_place, somebody

NewDistrict = Callable[..., District]
PDF = GivenFile(name="方案.pdf", content=b"%PDF-1.7 \xe6\x96\xb9\xe6\xa1\x88")
PLAN = GivenFile(name="平面图.png", content=b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


@attrs.frozen
class Desk:
    """A compound, who drafts there, and somebody else who may approve."""

    district: District
    place: UUID
    clerk: Actor
    officer: Actor

    def drafted(self, *files: GivenFile, **more: object) -> UUID:
        act = self.district.publish.draft(
            self.place,
            "方案公示",
            "附件为方案。",
            files=files,
            actor=self.clerk,
            **more,  # type: ignore[arg-type]
        )
        return act.subject

    def state(self, publication: UUID) -> str:
        return self.district.publish.get(publication).state


@pytest.fixture
def desk(new_district: NewDistrict) -> Desk:
    return _desk(new_district())


def _desk(district: District) -> Desk:
    place = a_place(district, "锦绣花园")
    return Desk(district, place, somebody(district, "clerk", place), somebody(district, "officer", place))


def test_nothing_with_a_file_goes_out_before_another_person_looked_at_each_page(desk: Desk) -> None:
    publish, ident = desk.district.publish, desk.drafted(PDF, PLAN)
    with pytest.raises(Refused, match="another person looks at it before it goes out"):
        publish.publish(ident, actor=desk.clerk)
    with pytest.raises(Refused, match="another person looks at it before it goes out"):
        desk.drafted(PDF, at_once=True)
    with pytest.raises(NotAllowed):
        publish.approve(ident, seen=["方案.pdf", "平面图.png"], actor=desk.clerk)
    with pytest.raises(Refused, match=r"look at each page of 平面图\.png"):
        publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)
    with pytest.raises(Refused, match=r"it has no file 预算\.pdf"):
        publish.approve(ident, seen=["方案.pdf", "平面图.png", "预算.pdf"], actor=desk.officer)
    publish.approve(ident, seen=["方案.pdf", "平面图.png"], actor=desk.officer)
    publish.publish(ident, actor=desk.clerk)
    assert publish.file(ident, "平面图.png") == PLAN.content
    approved = next(act for act in desk.district.history(ident) if act.verb == "publication.approve")
    assert approved.value("seen") == ["方案.pdf", "平面图.png"], "that they were looked at is on record"


def test_what_waits_only_for_a_look_goes_out_with_it(desk: Desk) -> None:
    ident = desk.drafted(PDF, look=True)
    desk.district.publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)
    assert desk.state(ident) == "published"


def test_where_the_district_approves_it_goes_out_by_hand(new_district: NewDistrict) -> None:
    desk = _desk(new_district(more="\n[publish]\napproval = true\n"))
    ident = desk.drafted(PDF, look=True)
    desk.district.publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)
    assert desk.state(ident) == "approved"


def test_a_receipt_has_the_digests_of_the_files(desk: Desk) -> None:
    ident = desk.drafted(PDF, look=True)
    desk.district.publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)
    receipt = desk.district.publish.receipt(ident)
    assert desk.district.publish.verify(read_receipt(receipt_text(receipt))).problems == ()
    other = attrs.evolve(receipt, files={"方案.pdf": "0" * 64})
    assert "not the one that the digest is of" in str(desk.district.publish.verify(other).problems[0])


def test_a_receipt_from_before_there_were_files_still_holds(desk: Desk) -> None:
    ident = desk.drafted()
    desk.district.publish.publish(ident, actor=desk.clerk)
    text = receipt_text(desk.district.publish.receipt(ident)).replace('"files":{},', "")
    assert '"files"' not in text
    assert desk.district.publish.verify(read_receipt(text)).problems == ()


WRONG = {
    "a page that a browser would run": (GivenFile(name="a.html", content=b"<script>"), "is none of"),
    "one that is not what it says": (GivenFile(name="a.pdf", content=b"MZ"), "is not what its ending says"),
    "an empty one": (GivenFile(name="a.pdf", content=b""), "must have 1 to"),
    "one with a path": (GivenFile(name="../a.pdf", content=PDF.content), "must be plain"),
    "one with a name that turns round": (
        GivenFile(name="a\u202efdp.pdf", content=PDF.content),
        "must be plain",
    ),
    "one with a phone in its name": (
        GivenFile(name="13807391234.pdf", content=PDF.content),
        "the name of file 1 has what looks",
    ),
    "a text with an identity number": (
        GivenFile(name="a.txt", content="身份证 11010519491231002X".encode()),
        "identity number",
    ),
    "a text in another encoding": (
        GivenFile(name="a.txt", content="方案".encode("gb18030")),
        "is no text in UTF-8",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_not_to_be_published_is_refused(desk: Desk, name: str) -> None:
    given, why = WRONG[name]
    with pytest.raises(Refused, match=why):
        desk.drafted(given)


def test_a_file_larger_than_the_district_takes_is_refused(new_district: NewDistrict) -> None:
    desk = _desk(new_district(more="\n[publish]\nlargest_file = 1\n"))
    with pytest.raises(Refused, match="must have 1 to 1000000 bytes"):
        desk.drafted(GivenFile(name="a.pdf", content=b"%PDF-" + bytes(1_000_000)))


def test_two_files_of_one_name_are_not_approved(desk: Desk) -> None:
    ident = desk.drafted(PDF, PDF)
    with pytest.raises(Refused, match="two files have one name"):
        desk.district.publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)


def test_a_file_that_only_its_digest_is_given_of_is_refused(desk: Desk) -> None:
    values = {
        "title": "方案公示",
        "body": "附件为方案。",
        "files": ({"id": str(uuid4()), "name": "方案.pdf", "size": 9, "sha256": PDF.sha256},),
    }
    with pytest.raises(Refused, match="files are given by their content"):
        desk.district.start("publication", "draft", desk.place, values, actor=desk.clerk)


def test_a_withdrawn_one_shows_its_files_no_more(desk: Desk) -> None:
    ident = desk.drafted(PDF, look=True)
    desk.district.publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)
    desk.district.publish.withdraw(ident, "方案有变", actor=desk.clerk)
    with pytest.raises(NotFound):
        desk.district.publish.file(ident, "方案.pdf")


def test_a_correction_of_what_was_looked_at_is_looked_at_too(desk: Desk) -> None:
    publish, ident = desk.district.publish, desk.drafted(PDF, look=True)
    publish.approve(ident, seen=["方案.pdf"], actor=desk.officer)
    new = publish.correct(ident, "方案公示（更正）", "附件已换。", files=[PLAN], actor=desk.clerk).subject
    assert desk.state(new) == "draft"
    publish.approve(new, seen=["平面图.png"], actor=desk.officer)
    assert desk.state(new) == "published"
    assert publish.get(ident).record.corrected_by == new


def test_what_was_withdrawn_while_its_correction_was_looked_at_is_not_corrected(desk: Desk) -> None:
    publish, ident = desk.district.publish, desk.drafted()
    publish.publish(ident, actor=desk.clerk)
    new = publish.correct(ident, "方案公示（更正）", "附件已换。", files=[PLAN], actor=desk.clerk).subject
    publish.withdraw(ident, "方案作废", actor=desk.clerk)
    with pytest.raises(Refused, match="was withdrawn: nothing of it holds"):
        publish.approve(new, seen=["平面图.png"], actor=desk.officer)
    assert publish.get(ident).record.corrected_by is None


def test_only_linli_says_whose_act_it_drafts_something_for(desk: Desk) -> None:
    with pytest.raises(Refused, match="drafted_by is worked out by linli"):
        desk.district.start(
            "publication",
            "draft",
            desk.place,
            {"title": "a", "body": "b", "drafted_by": desk.officer.person},
            actor=desk.clerk,
        )
