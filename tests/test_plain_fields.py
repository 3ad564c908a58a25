"""One border for every plain field: no phone and no identity number gets into what everybody can read."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, Text, cast, select

from linli._base.errors import Refused
from linli._district.district import District
from linli._model.access import Actor
from linli._store import tables as t
from linli._testing.invented import phone, resident_id
from linli.testing import a_place, somebody

PHONE, ID = phone(7654321), resident_id(4_321)
TEXTS = {
    "a phone": PHONE,
    "a phone with a name": f"王某某{PHONE}",
    "a phone in parts": f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}",
    "an office's line": "0739-5321234",
    "an identity number": ID,
    "a masked one": "430503********1236",
    "an old one": "430503800101123",
    "two of them": f"{ID}/{resident_id(4_322)}",
    "one and a phone": f"{ID}--{PHONE}--",
    "another direction": "锦绣\u202e花园",
    "a control character": "锦绣\x1b]0;花园",
    "a NUL": "锦绣\0花园",
}


def _doors(d: District) -> dict[str, Callable[[str], Any]]:
    """Every way in which a person puts a text into a plain field of the core."""
    place = a_place(d, "锦绣花园")
    person = d.register.person(name="张三", phone="13900000001")
    other = d.register.person(name="李四", phone="13900000002")
    post = d.register.post(person, "clerk", place)
    register, award = d.register, d.award
    return {
        "a place": lambda x: register.place("building", x, place),
        "a place's code": lambda x: register.place("building", "1栋", place, code=x),
        "a place's record": lambda x: register.place("building", "1栋", place, record={"note": x}),
        "a place's new name": lambda x: register.rename_place(place, x),
        "an organisation": lambda x: register.organisation("association", x, place),
        "an organisation's record": lambda x: register.organisation("association", "舞蹈队", place, record={"head": x}),
        "a tie": lambda x: register.tie(person, "owner", place, record={"share": x}),
        "a purpose": lambda x: register.consent(person, x),
        "a role": lambda x: register.post(person, x, place),
        "the end of a post": lambda x: register.end_post(post, reason=x),
        "a rule of points": lambda x: award.award(person, 5, x, reason="words", place=place),
        "a rule of a transfer": lambda x: award.transfer("points", 5, (place, "issued"), person, x, place=place),
        "a category": lambda x: d.dispatch.submit(place, x, "words", anonymous=True),
        "a reason of a withdrawal": lambda x: d.publish.withdraw(d.publish.announce(place, "t", "b").subject, x),
        "a title": lambda x: d.publish.announce(place, x, "words"),
        "another person's purpose": lambda x: register.consent(other, x),
    }  # fmt: skip


def test_a_number_that_is_given_as_text_is_looked_at_as_text(district: District) -> None:
    place = a_place(district, "锦绣花园")
    steward = somebody(district, "steward", place)
    request = district.dispatch.submit(place, "漏水", "words", anonymous=True).subject
    district.make(request, "accept", {"service": "general"})
    district.make(request, "dispatch", {"role": "steward", "at": place})
    task = district.dispatch.open_task(request).id
    with pytest.raises(Refused, match="looks like a mobile number"):
        district.make(task, "finish", {"result": "好了", "minutes": PHONE}, actor=steward)


_NAMES = (
    "a place", "a place's code", "a place's record", "a place's new name", "an organisation", "an organisation's record",
"a tie", "a purpose", "a role", "the end of a post", "a rule of points",
    "a rule of a transfer", "a category", "a reason of a withdrawal", "a title", "another person's purpose",
)  # fmt: skip


def _clear(district: District) -> str:
    """Every text that a database keeps in the clear, of all tables."""
    found = []
    with district.store.reading() as connection:
        for table in t.metadata.tables.values():
            columns = [
                cast(column, Text) for column in table.columns if isinstance(column.type, String | Text)
            ]
            if columns:
                found += [str(row) for row in connection.execute(select(*columns))]
    return "\n".join(found)


@pytest.mark.parametrize("door", _NAMES)
def test_no_door_lets_a_number_of_a_person_into_a_plain_field(district: District, door: str) -> None:
    doors = _doors(district)
    assert set(doors) == set(_NAMES)
    for name, text in TEXTS.items():
        if door in ("a title", "a reason of a withdrawal") and name in (
            "an office's line",
            "another direction",
        ):
            continue  # a notice may name an office's line; its page keeps a turn of direction to itself
        if door == "a place's code" and name in (
            "a phone",
            "an office's line",
            "an old one",
            "a masked one",
            "a phone in parts",
            "a phone with a name",
        ):
            continue  # a code of the state is digits alone
        with pytest.raises(Refused) as refused:
            doors[door](text)
        assert text not in str(refused.value), name
    clear = _clear(district)
    assert PHONE not in clear
    assert ID not in clear


def test_what_is_no_number_of_a_person_passes_every_door(district: District) -> None:
    doors = _doors(district)
    for number, (name, door) in enumerate(doors.items()):
        door(
            "publish_contact"
            if "purpose" in name
            else f"clerk{number}"
            if name == "a role"
            else f"第{number}届（2026—2029年）"
        )


def test_every_text_that_a_move_of_any_workflow_asks_for_is_looked_at(district: District) -> None:
    from linli._engine import asked

    for flow in district.rules.workflows.values():
        for move in flow.moves:
            for field in move.fields:
                plain = not (field.private or field.choices or field.input.public)
                if field.type is str and field.asked and plain and field.input.longest <= 4000:
                    given = {True: {PHONE: "x"}, False: [PHONE]}[field.keyed] if field.many else PHONE
                    values = {one.name: given if one is field else None for one in move.fields}
                    with pytest.raises(Refused, match="looks like a mobile number"):
                        asked.given(move, values, values)


def test_texts_within_lists_are_looked_at(district: District) -> None:
    from linli._engine.border import unplain_value

    found: list[object] = [[PHONE], ("words", {"to": [f"tel {PHONE}"]}), {"a": {"b": PHONE}}]
    assert all(unplain_value("x", value) is not None for value in found)
    others: list[object] = [
        [district.register.root()],
        datetime(2026, 3, 1, tzinfo=UTC),
        b"13987654321",
        13987654321,
    ]
    assert all(unplain_value("x", value) is None for value in others)


def test_what_programs_write_is_no_number_of_a_person() -> None:
    from uuid import UUID, uuid4

    from linli._engine.border import unplain

    few_letters = UUID("01322931-5357-7613-8139-187654321000")
    for made in (
        str(few_letters),
        few_letters.hex,
        f"{few_letters.hex}/{uuid4().hex}/",
        "2026-11-29T21:20:10.139876+00:00",
        "2026-11-29",
        "publish_contact",
        "0" * 64,
    ):
        assert unplain("x", made) is None


def test_a_cell_of_a_file_with_a_number_of_a_person_costs_that_cell(
    new_district: Any, tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    a_place(district, "锦绣花园")
    file = tmp_path / "requests.csv"
    rows = f"1,王某某{PHONE},内容,2026-01-01 08:00,锦绣花园\n2,漏水,内容,2026-01-01 08:00,锦绣花园\n"
    file.write_text("编号,诉求类别,诉求内容,受理时间,小区\n" + rows, encoding="utf-8")
    report = district.importing.run([file])
    assert sum(sheet.registered for sheet in report.sheets) == 2
    (notice,) = report.notices
    assert (notice.row, notice.column) == (2, "诉求类别")
    assert "王某某" not in str(notice)
    assert PHONE not in _clear(district)


def test_a_list_of_homes_brings_no_number_as_a_name(new_district: Any, tmp_path: Path) -> None:
    district = new_district(enabled=("tabular",))
    file = tmp_path / "homes.csv"
    file.write_text(
        f"小区,楼栋,单元,房号,面积\n锦绣花园,{PHONE},1,101,89\n锦绣花园,2栋,1,{ID},89\n锦绣花园,3栋,1,101,89\n",
        encoding="utf-8",
    )
    report = district.importing.run([file], kind="homes", error_files=False)
    assert (sum(sheet.registered for sheet in report.sheets), len(report.problems)) == (1, 2)
    clear = _clear(district)
    assert PHONE not in clear
    assert ID not in clear


def test_who_acts_by_hand_is_looked_at_whoever_they_are(district: District) -> None:
    place = a_place(district, "锦绣花园")
    person = district.register.person(name="张三", phone="13900000001")
    district.register.post(person, "registrar", place)
    with pytest.raises(Refused, match="looks like a mobile number"):
        district.register.place("building", PHONE, place, actor=Actor(person=person))


def test_a_name_of_somebody_registered_there_is_asked_about(district: District, command: Any) -> None:
    register, folder = district.register, district.configuration.folder
    compound, other = register.place("compound", "锦绣花园"), register.place("compound", "东风小区")
    home = register.place("building", "3栋", compound)
    register.person(name="王建国", phone="13900000001", home=home)
    for attempt in (
        lambda: register.place("building", "王建国", compound),
        lambda: register.place("building", "王 建国家", compound),
        lambda: register.organisation("association", "王建国合唱队", compound),
        lambda: register.rename_place(home, "王建国楼"),
    ):
        with pytest.raises(Refused, match="registered there") as refused:
            attempt()
        assert "王建国" not in str(refused.value)
    register.place("building", "王建国", other)
    register.organisation("association", "王建国合唱队", compound, sure=True)
    assert command("place", "add", "building", "王建国楼", "--in", "锦绣花园", folder=folder).code == 1
    assert (
        command("place", "add", "building", "王建国楼", "--in", "锦绣花园", "--sure", folder=folder).code == 0
    )


def test_a_number_of_a_person_that_was_typed_is_not_repeated(district: District, command: Any) -> None:
    folder = district.configuration.folder
    for words in (
        ("request", "show", PHONE), ("request", "accept", ID), ("place", "show", PHONE), ("organisation", "show", PHONE),
        ("person", "find", PHONE), ("task", "take", f"{PHONE}"), ("place", "list", "--kind", PHONE), ("request", "list", PHONE),
        ("person", "tie", PHONE, "owner", "x"), ("person", "add", "--set", f"{PHONE}"), (PHONE,), ("brief", "--place", PHONE),
        ("post", "list", "--as", f"{PHONE}/clerk"), ("request", "submit", "--place", "锦绣花园3栋2单元501", "--category", "x", "--text", "x"),
    ):  # fmt: skip
        done = command(*words, folder=folder)
        assert done.code != 0, words
        assert PHONE not in done.out + done.err, words
        assert ID not in done.out + done.err, words
        assert "501" not in done.err, words


@pytest.mark.parametrize(
    "words",
    [
        ("brief", "--from", "0001-01-01", "--to", "9999-12-31"),
        ("brief", "--to", "9999-12-31"),
        ("publication", "list", "--to", "9999-12-31"),
        ("brief", "--from", "0001-01-01"),
    ],
)
def test_days_out_of_any_range_are_a_line(district: District, command: Any, words: tuple[str, ...]) -> None:
    done = command(*words, folder=district.configuration.folder)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "fault of its own" not in done.err
