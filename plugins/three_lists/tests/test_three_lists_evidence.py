"""Evidence: judged by its content, freed of what it tells beside itself, sealed, counted, erased with its reporter."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any
from uuid import UUID
from zlib import crc32

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from linli import Actor, District, NotAllowed, OpenOrder, Private, Refused, Seat, VaultError, Why, new_id
from linli._store import tables as t
from linli.testing import snapshot
from linli_three_lists.evidence import EvidenceFlow
from linli_three_lists.files import cleaned, format_of, without_segments
from linli_three_lists.settings import ThreeListsSettings
from linli_three_lists.tables import FILE, TABLES
from linli_three_lists.testing import Town, who
from linli_three_lists.testing import town as make_town
from linli_three_lists.testing.pictures import BLUE, CAMERA, RED, paper, picture

FORMATS = ("jpeg", "png", "webp", "heic", "pdf")
SETTINGS = ThreeListsSettings()


# --- files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_known_by_its_content_and_tells_nothing_beside_itself(format: str) -> None:
    data = picture(format)
    assert format == "pdf" or CAMERA.encode() in data, "there is something to remove"
    file = cleaned(data, SETTINGS)
    assert file.format == ("jpeg" if format == "heic" else format)
    assert format_of(file.data) == file.format
    assert CAMERA.encode() not in file.data
    if format != "pdf":
        image = Image.open(BytesIO(file.data))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background"}


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "heic"])
def test_the_picture_itself_stays(format: str) -> None:
    image = Image.open(BytesIO(cleaned(picture(format), SETTINGS).data)).convert("RGB")
    assert image.size == (24, 16)
    for place, colour in (((3, 8), BLUE), ((20, 8), RED)):
        seen = image.getpixel(place)
        assert isinstance(seen, tuple)
        assert all(abs(a - b) < 40 for a, b in zip(seen, colour, strict=True)), (place, seen)


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
def test_a_picture_that_was_taken_sideways_is_upright(format: str) -> None:
    image = Image.open(BytesIO(cleaned(picture(format, orientation=6), SETTINGS).data))
    assert image.size == (16, 24)


def test_a_transparent_picture_stays_transparent() -> None:
    out = BytesIO()
    Image.new("RGBA", (4, 4), (10, 20, 30, 0)).save(out, "PNG")
    image = Image.open(BytesIO(cleaned(out.getvalue(), SETTINGS).data))
    assert image.getpixel((1, 1)) == (10, 20, 30, 0)


def test_a_paper_loses_its_author_its_script_and_what_it_carries_and_keeps_its_pages() -> None:
    before = pikepdf.open(BytesIO(paper()))
    assert before.docinfo["/Author"] == CAMERA
    document = pikepdf.open(BytesIO(cleaned(paper(), SETTINGS).data))
    assert len(document.pages) == 1
    assert "/Info" not in document.trailer
    assert "/Metadata" not in document.Root
    assert "/OpenAction" not in document.Root
    assert len(document.attachments) == 0
    for part in document.objects:
        if isinstance(part, pikepdf.Stream):
            assert CAMERA.encode() not in part.read_raw_bytes()
    photo = document.pages[0].Resources.XObject.Im0
    assert isinstance(photo, pikepdf.Stream)
    assert pikepdf.PdfImage(photo).as_pil_image().size == (24, 16)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "none of"),
        (b"MZ\x90\x00 a program called photo.jpg", "none of"),
        (b"<svg onload='x'/>", "none of"),
        (b"GIF89a\x01\x00\x01\x00", "none of"),
        (picture("jpeg")[:60], "damaged"),
        (b"%PDF-1.7 and nothing more", "damaged"),
        (b"\x89PNG\r\n\x1a\nnothing", "damaged"),
        (b"RIFF\x00\x00\x00\x00WEBPxx", "damaged"),
        (picture("heic")[:200], "damaged"),
    ],
)
def test_what_is_none_of_them_or_damaged_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        cleaned(data, SETTINGS)


@given(st.sampled_from(FORMATS), st.data())
def test_a_file_that_was_damaged_anywhere_is_refused_or_cleaned_and_never_an_error(
    format: str, data: st.DataObject
) -> None:
    whole = bytearray(picture(format))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(Refused):
        file = cleaned(bytes(whole), SETTINGS)
        assert format_of(file.data) == file.format


@given(st.binary(max_size=200))
def test_segments_are_only_ever_taken_away(rest: bytes) -> None:
    stream = b"\xff\xd8" + rest
    kept = without_segments(stream)
    assert len(kept) <= len(stream)
    assert without_segments(kept) == kept


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn() -> None:
    for size, why in (((8000, 7000), "50 megapixels"), ((60_000, 60_000), "damaged")):
        header = bytearray(picture("png", size=(8, 8)))
        header[16:24] = size[0].to_bytes(4) + size[1].to_bytes(4)
        header[29:33] = crc32(header[12:29]).to_bytes(4)
        with pytest.raises(Refused, match=why):
            cleaned(bytes(header), SETTINGS)
    with pytest.raises(Refused, match="1 megapixels"):
        cleaned(picture("jpeg", size=(1001, 1000)), ThreeListsSettings(evidence_megapixels=1))


def test_the_district_sets_how_big_and_of_which_formats() -> None:
    with pytest.raises(Refused, match="bigger than 1 megabytes"):
        cleaned(b"\xff\xd8\xff" + bytes(1_000_000), ThreeListsSettings(evidence_megabytes=1))
    with pytest.raises(Refused, match="none of png, pdf"):
        cleaned(picture("jpeg"), ThreeListsSettings(evidence_formats=("png", "pdf")))


# --- in the record -----------------------------------------------------------------------------------


def _files(town: Town) -> int:
    query = select(func.count()).select_from(FILE).where(FILE.c.district == town.district.code)
    with town.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_evidence_is_sealed_and_comes_out_as_it_was_kept_with_the_reason_recorded(town: Town) -> None:
    request = town.submit()
    act = town.needs.add_evidence(request, picture("jpeg"), actor=town.resident)
    with town.district.store.reading() as connection:
        for table in (*t.metadata.sorted_tables, *TABLES.sorted_tables):
            for row in connection.execute(select(table).where(table.c.district == town.district.code)):
                assert b"JFIF" not in b"".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
    assert town.needs.content(act.subject, "回访", actor=town.clerk)[:3] == b"\xff\xd8\xff"
    last = town.district.history(request)[-1]
    assert (last.verb, last.actor) == ("evidence.read", who(town.clerk))
    assert "sealed" in last.value("reason")
    with pytest.raises(Refused, match="reason is missing"):
        town.needs.content(act.subject, "", actor=town.clerk)


def test_the_reporter_the_desk_and_whoever_has_a_task_add_and_read_evidence_nobody_else(town: Town) -> None:
    request = town.dispatched()
    for number, (name, actor) in enumerate(town.actors.items()):
        data = picture("png", size=(8 + number, 8))
        if name in ("clerk", "colleague", "resident", "manager"):
            act = town.needs.add_evidence(request, data, actor=actor)
            town.needs.content(act.subject, "查看", actor=actor)
            as_what = {"manager": f"property_manager@{town.company}", "resident": "own"}
            assert act.acting_as == as_what.get(name, f"clerk@{town.place}")
            continue
        before = snapshot(town.district, TABLES)
        with pytest.raises(Refused, match="for yourself, not for somebody else"):
            town.needs.add_evidence(request, data, actor=actor)
        with pytest.raises(Refused, match="whoever has a task"):
            town.needs.content(town.needs.evidence(request)[0].id, "好奇", actor=actor)
        assert snapshot(town.district, TABLES) == before
    town.make(town.task(request).id, "route", town.clerk, role="steward", at=town.place)
    assert town.needs.content(town.needs.evidence(request)[0].id, "上门前看看", actor=town.steward)


def test_evidence_of_a_complaint_is_kept_from_whom_it_is_about(town: Town) -> None:
    request = town.submit("受理员收礼", "噪音", about=who(town.clerk), actor=town.colleague)
    act = town.needs.add_evidence(request, picture("png"), actor=town.resident)
    assert town.district.subject(act.subject).record.about == who(town.clerk)
    with pytest.raises(Refused, match="about you"):
        town.needs.content(act.subject, "好奇", actor=town.clerk)
    with pytest.raises(NotAllowed, match="may not see"):
        town.district.see(act.subject, town.clerk)


def test_a_request_has_so_many_files_and_each_once(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, "\n[three_lists]\nevidence_most = 2\n")
    request = town.submit()
    first = town.needs.add_evidence(request, picture("jpeg"), actor=town.resident)
    with pytest.raises(Refused, match="there already"):
        town.needs.add_evidence(request, picture("jpeg"), actor=town.clerk)
    town.needs.add_evidence(request, picture("png"), actor=town.resident)
    with pytest.raises(Refused, match="2 files, which is as many"):
        town.needs.add_evidence(request, picture("webp"), actor=town.resident)
    town.district.perform(
        EvidenceFlow.remove(EvidenceFlow.ref(first.subject), Why(reason=Private("拍到了邻居"))),
        actor=town.resident,
    )
    town.needs.add_evidence(request, picture("webp"), actor=town.resident)
    assert [one.record.format for one in town.needs.evidence(request)] == ["png", "webp"]
    assert _files(town) == 2
    assert town.needs.add_evidence(town.submit(), picture("jpeg"), actor=town.clerk)


def test_what_was_removed_is_gone_and_that_it_was_there_is_not(town: Town) -> None:
    request = town.submit()
    evidence = town.needs.add_evidence(request, picture("jpeg"), actor=town.resident).subject
    for actor in (town.manager, town.steward, town.stranger):
        with pytest.raises(NotAllowed):
            town.district.perform(
                EvidenceFlow.remove(EvidenceFlow.ref(evidence), Why(reason=Private("x"))), actor=actor
            )
    town.district.perform(
        EvidenceFlow.remove(EvidenceFlow.ref(evidence), Why(reason=Private("拍到了邻居"))), actor=town.clerk
    )
    assert _files(town) == 0
    assert [one.state for one in town.needs.evidence(request, removed=True)] == ["removed"]
    with pytest.raises(Refused, match="cannot be done"):
        town.needs.content(evidence, "再看看", actor=town.clerk)


def test_evidence_is_added_while_a_request_is_open(town: Town) -> None:
    request = town.closed()
    with pytest.raises(Refused, match="reopen it first"):
        town.needs.add_evidence(request, picture("jpeg"), actor=town.resident)
    town.make(request, "reopen", town.resident, reason="又漏了")
    town.needs.add_evidence(request, picture("jpeg"), actor=town.resident)


def test_a_call_that_is_repeated_with_its_key_adds_one_file(town: Town) -> None:
    request, key = town.submit(), new_id()
    acts = {
        town.needs.add_evidence(request, picture("jpeg"), actor=town.resident, key=key).id for _ in range(3)
    }
    assert acts == {key}
    assert _files(town) == 1


def _forged(town: Town, request: UUID, **more: Any) -> OpenOrder:
    given: dict[str, Any] = {
        "place": town.place,
        "person": who(town.resident),
        "parent": request,
        "key": "x",
        **more,
    }
    return OpenOrder(
        workflow="evidence", move="add", values={"format": "png", "size": 1, "mark": new_id()}, **given
    )


def test_nobody_adds_evidence_by_calling_it_somebody_elses(town: Town) -> None:
    request = town.dispatched()
    own, not_its, nobodys = "for yourself", "has the place, the reporter", "belongs to a request"
    forged: list[tuple[Actor, dict[str, Any], str]] = [
        (town.stranger, {"person": who(town.stranger)}, not_its),
        (town.steward, {"holder": Seat(role="steward", at=town.place)}, "who holds it is worked out"),
        (town.steward, {"holder": Seat(role="property_manager", at=town.company)}, own),
        (
            town.manager,
            {"holder": Seat(role="property_manager", at=town.company), "place": town.root},
            not_its,
        ),
        (town.district_officer, {"place": town.root}, own),
        (town.stranger, {"parent": None, "key": None, "person": who(town.stranger)}, nobodys),
        (town.stranger, {"parent": town.task(request).id, "person": who(town.stranger)}, nobodys),
    ]
    for actor, more, why in forged:
        with pytest.raises(Refused, match=why):
            town.district.perform(_forged(town, request, **more), actor=actor)


def test_pictures_are_erased_with_their_reporter_and_nobody_adds_more(town: Town) -> None:
    request = town.dispatched()
    mine = town.needs.add_evidence(request, picture("jpeg"), actor=town.resident).subject
    town.needs.add_evidence(request, picture("png"), actor=town.manager)
    other = town.district.dispatch.submit(town.place, "漏水", "漏水", reporter=who(town.stranger)).subject
    kept = town.needs.add_evidence(other, picture("jpeg"), actor=town.clerk).subject
    assert not town.district.register.erase(who(town.resident)).done
    town.district.make(request, "withdraw", {"reason": "settled"}, actor=town.clerk)
    assert town.district.register.erase_due() == [who(town.resident)]
    assert _files(town) == 1
    with pytest.raises(VaultError, match="erased"):
        town.needs.content(mine, "回访", actor=town.clerk)
    assert town.needs.content(kept, "回访", actor=town.clerk)
    assert len(town.needs.evidence(request)) == 2, "that there was something stays on the record"


def test_where_all_was_shredded_nothing_is_added_any_more(town: Town) -> None:
    request = town.submit()
    shred = town.district.rules.vault.shred([request])
    with town.district.store.transaction() as transaction:
        transaction.commit(shred)
    with pytest.raises(Refused, match="erased with its reporter"):
        town.needs.add_evidence(request, picture("jpeg"), actor=town.clerk)


def test_a_request_that_came_without_words_gets_a_key_for_its_first_picture(town: Town) -> None:
    request = town.submit(anonymous=True)
    shred = town.district.rules.vault.shred([request])
    with town.district.store.transaction() as transaction:
        transaction.commit(shred)
    evidence = town.needs.add_evidence(request, picture("jpeg"), actor=town.clerk).subject
    assert town.needs.content(evidence, "查看", actor=town.clerk)
