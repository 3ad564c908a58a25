"""Files, money, seats and points as inputs of acts: what the record keeps, what the vault has, what is refused."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any
from uuid import uuid4

import attrs
import pytest

from linli import (
    ANYONE,
    PHOTOS,
    Actor,
    BodyId,
    District,
    Fen,
    GivenFile,
    Input,
    KeptFile,
    Moves,
    PersonId,
    PlaceId,
    Point,
    Seat,
    State,
    Transition,
    Workflow,
    evolve,
)
from linli._base.errors import NotFound, Refused
from linli._base.i18n import speaking
from linli._cli.telling import facts_of, told
from linli._model.acts import Act
from linli._model.inputs import WrongInput, fields_of
from linli._model.running import Typed
from linli._surfaces import forms, naming
from linli._vault.vault import ITEMS_OF
from linli._verbs.publish.files import content
from linli.testing import a_place, an_organisation, plugin_of, somebody

JPEG = GivenFile(name="现场.jpg", content=b"\xff\xd8\xff" + bytes(range(64)))
PDF = GivenFile(name="报价.pdf", content=b"%PDF-1.7 offer")


@attrs.frozen(kw_only=True)
class Repair:
    fee: Fen
    seat: Seat | None = None
    spot: Point | None = None
    paper: KeptFile | None = None
    photos: tuple[KeptFile, ...] = ()
    sizes: int = 0


@attrs.frozen(kw_only=True)
class Report:
    fee: Annotated[Fen, Input("what it costs", least=1_00, most=500_00)]
    seat: Annotated[Seat | None, Input("who sees to it")] = None
    spot: Annotated[Point | None, Input("where it is")] = None
    paper: Annotated[KeptFile | None, Input("the offer", public=True)] = None
    photos: Annotated[tuple[KeptFile, ...], Input("how it looks", most=2, kinds=PHOTOS, largest=1_000)] = ()


def measured(t: Transition[None, Report]) -> Repair:
    """What callbacks see of a file is what the record keeps."""
    given = t.given
    return Repair(
        fee=given.fee,
        seat=given.seat,
        spot=given.spot,
        paper=given.paper,
        photos=given.photos,
        sizes=sum(one.size for one in given.photos),
    )


@attrs.frozen(kw_only=True)
class Photos:
    photos: Annotated[tuple[KeptFile, ...], Input(least=1, kinds=PHOTOS)]


def with_photos(t: Transition[Repair, Photos]) -> Repair:
    return evolve(t.record, sizes=sum(one.size for one in t.given.photos))


class RepairFlow(Workflow[Repair], name="repair"):
    move = Moves(Repair)
    reported = State("reported")
    done = State("done", ends=True)
    report = move.opening(reported, Report, by=ANYONE, record=measured)
    look = move(reported.stay(), Photos, by=ANYONE, record=with_photos)
    end = move(reported.to(done), by=ANYONE)


@attrs.frozen
class Street:
    district: District
    place: PlaceId
    clerk: Actor

    def report(self, **values: Any) -> Act:
        given = {"fee": 1200, **values}
        return self.district.start("repair", "report", self.place, given, actor=self.clerk)


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    district = new_district(plugins={"repairs": plugin_of("repairs", RepairFlow)})
    place = PlaceId(a_place(district, "锦绣花园"))
    return Street(district, place, somebody(district, "clerk", place))


def test_what_is_given_is_in_the_record_and_the_journal_and_reads_back_the_same(street: Street) -> None:
    seat = Seat(role="clerk", at=street.place)
    spot = Point(latitude=Decimal("27.2389"), longitude=Decimal("111.4672"))
    given = Report(fee=Fen(1250), seat=seat, spot=spot, photos=(JPEG,))
    order = RepairFlow.report.at(street.place, given)
    act = street.district.perform(order, actor=street.clerk)
    record = street.district.subject(act.subject).record
    assert (record.fee, record.seat, record.spot, record.sizes) == (1250, seat, spot, JPEG.size)
    assert [(one.name, one.size, one.sha256) for one in record.photos] == [
        ("现场.jpg", JPEG.size, JPEG.sha256)
    ]
    (journaled,) = [one for one in street.district.history(act.subject) if one.id == act.id]
    assert journaled.body["values"]["fee"] == 1250
    back = Typed(RepairFlow.report, fields_of(Report)).given_in(journaled)
    assert (back.fee, back.seat, back.spot, back.photos) == (1250, seat, spot, record.photos)


def test_what_is_typed_is_the_same(street: Street) -> None:
    values = {"fee": "¥12.5", "seat": {"role": "clerk", "at": str(street.place)}}
    typed = {"latitude": "27.236009", "longitude": "111.472265", "coordinate_system": "gcj02"}
    record = street.district.subject(street.report(**values, spot=typed).subject).record
    assert (record.fee, record.seat) == (1250, Seat(role="clerk", at=street.place))
    assert abs(record.spot.latitude - Decimal("27.2389")) < Decimal("0.01")
    assert record.spot != Point(latitude=Decimal("27.236009"), longitude=Decimal("111.472265"))


def test_contents_are_in_the_vault_the_public_one_under_a_key_of_its_own(street: Street) -> None:
    act = street.report(photos=(JPEG,), paper=PDF)
    record = street.district.subject(act.subject).record
    assert content(street.district, record.photos[0]) == JPEG.content
    assert content(street.district, record.paper) == PDF.content
    owners = {one.id: _owner(street.district, one) for one in (record.photos[0], record.paper)}
    assert owners == {record.photos[0].id: act.subject, record.paper.id: record.paper.id}


def _owner(district: District, file: KeptFile) -> object:
    ((_, _, owner),) = district.store.ask([(ITEMS_OF, {"district": district.code, "subject": file.id})])[0]
    return owner


def test_a_file_of_nobody_is_not_found(street: Street) -> None:
    with pytest.raises(NotFound, match="is not kept any more"):
        content(street.district, JPEG.kept_as(uuid4()))


def test_a_later_move_takes_files_too(street: Street) -> None:
    repair = RepairFlow.ref(street.report().subject)
    street.district.perform(RepairFlow.look(repair, Photos(photos=(JPEG, JPEG))), actor=street.clerk)
    record = street.district.subject(repair).record
    assert (record.sizes, len({one.id for one in record.photos})) == (2 * JPEG.size, 2)
    assert [content(street.district, one) for one in record.photos] == [JPEG.content] * 2


BAD: Mapping[str, tuple[Mapping[str, Any], str, str]] = {
    "what is not what its ending says": (
        {"photos": (GivenFile(name="a.png", content=JPEG.content),)},
        "photos",
        "is not what its ending says",
    ),
    "another kind": ({"photos": (PDF,)}, "photos", "is none of"),
    "one that is too large": (
        {"photos": (GivenFile(name="a.jpg", content=JPEG.content * 20),)},
        "photos",
        "must have 1 to 1000 bytes",
    ),
    "an empty one": ({"paper": GivenFile(name="a.pdf", content=b"")}, "paper", "must have 1 to"),
    "too many": ({"photos": (JPEG, JPEG, JPEG)}, "photos", "at most 2 are taken"),
    "a name that hides what it is": (
        {"paper": GivenFile(name="a\u202efdp.pdf", content=PDF.content)},
        "paper",
        "the name of file 1 must be plain",
    ),
    "a name that gives somebody away": (
        {"paper": GivenFile(name="13807391234.pdf", content=PDF.content)},
        "paper",
        "the name of file 1",
    ),
    "one by its digest": (
        {"paper": {"id": str(uuid4()), "name": "a.pdf", "size": 1, "sha256": PDF.sha256}},
        "paper",
        "by their content",
    ),
    "money below what may be": ({"fee": 99}, "fee", r"must be 1\.00 yuan or more"),
    "money above": ({"fee": "500.01"}, "fee", r"must be 500\.00 yuan or less"),
    "a part of a fen": ({"fee": "1.005"}, "fee", "no amount in yuan"),
    "a point beyond the country": (
        {"spot": {"latitude": "52.37", "longitude": "4.89"}},
        "spot.longitude",
        "must be 73 or more",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_taken_is_refused_with_its_field(street: Street, what: str) -> None:
    values, field, why = BAD[what]
    with pytest.raises(Refused, match=why) as refusal:
        street.report(**values)
    assert [one.values["field"] for one in refusal.value.reasons] == [field]
    assert "13807391234" not in str(refusal.value)


def test_a_photo_is_needed_where_one_is(street: Street) -> None:
    repair = street.report().subject
    with pytest.raises(Refused, match="1 or more are needed"):
        street.district.make(repair, "look", {"photos": ()}, actor=street.clerk)


def test_an_order_with_a_file_is_repeated_by_its_key_and_another_file_is_another_order(
    street: Street,
) -> None:
    key = uuid4()
    order = RepairFlow.report.at(street.place, Report(fee=Fen(100), paper=PDF), id=uuid4())
    act = street.district.perform(order, actor=street.clerk, key=key)
    assert street.district.perform(order, actor=street.clerk, key=key).id == act.id
    other = GivenFile(name=PDF.name, content=PDF.content + b"!")
    order = RepairFlow.report.at(street.place, Report(fee=Fen(100), paper=other), id=order.id)
    with pytest.raises(Refused, match="key was used"):
        street.district.perform(order, actor=street.clerk, key=key)


def test_the_name_of_a_file_that_is_sent_is_without_folders_and_marks() -> None:
    sent = GivenFile.sent("C:\\fakepath\\ 现场\u202e.jpg ", JPEG.content)
    assert (sent.name, sent.content) == ("现场.jpg", JPEG.content)
    assert "content" not in repr(sent)


def test_people_read_money_in_yuan_and_a_seat_by_its_place_and_programs_what_it_is(street: Street) -> None:
    seat = {"role": "clerk", "at": str(street.place)}
    ident = street.report(fee="12.5", seat=seat, photos=(JPEG,)).subject
    shown = told(street.district, street.district.subject(ident))
    assert (str(shown["fee"]), shown["seat"], str(shown["photos"])) == (
        "12.50 yuan",
        "clerk@锦绣花园",
        "现场.jpg",
    )
    assert facts_of(street.district.subject(ident))["fee"] == 1250


# --- what people name in a form ----------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Named:
    who: PersonId
    at: PlaceId | BodyId
    seat: Seat
    seats: tuple[BodyId, ...] = ()
    part: PlaceId | None = None


def test_a_form_names_people_places_bodies_and_roles_as_people_do(street: Street) -> None:
    district = street.district
    body = an_organisation(district, "property_company", street.place, "好物业")
    who = district.register.person(name="张三", phone="13807391234")
    posted = {
        "who": ["138 0739 1234"],
        "at": [" 锦绣花园 "],
        "seat.role": ["受理员"],
        "seat.at": ["好物业"],
        "seats": ["好物业\r\n\r\n好物业"],
        "part": [""],
    }
    fields = fields_of(Named)
    with speaking("zh"):
        values = naming.numbered(district, fields, forms.read(fields, posted), street.place)
    assert values == {
        "who": who,
        "at": street.place,
        "seat": {"role": "clerk", "at": body},
        "seats": (body, body),
    }


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        ({"at": ["没有的地方"]}, "core.not_found"),
        ({"who": ["13900000000"]}, "core.not_found"),
        ({"seat.role": ["clrek"], "seat.at": ["锦绣花园"]}, "core.not_found"),
    ],
)
def test_who_or_what_nobody_is_called_is_not_found(
    street: Street, posted: dict[str, list[str]], code: str
) -> None:
    fields = fields_of(Named)
    with pytest.raises(Refused) as refusal:
        naming.numbered(street.district, fields, forms.read(fields, posted), street.place)
    assert refusal.value.reasons[0].code == code


# --- declarations that cannot be meant ----------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class WithPaper:
    paper: KeptFile


@attrs.frozen(kw_only=True)
class SmallWithPaper:
    one: WithPaper


@attrs.frozen(kw_only=True)
class SmallWithSeat:
    one: "Inside"


@attrs.frozen(kw_only=True)
class Inside:
    seat: Seat


@attrs.frozen(kw_only=True)
class ManyLimited:
    names: Annotated[tuple[str, ...], Input(most=3)]


@attrs.frozen(kw_only=True)
class OneFileLimited:
    paper: Annotated[KeptFile, Input(most=3)]


@pytest.mark.parametrize("inputs", [SmallWithPaper, SmallWithSeat, ManyLimited, OneFileLimited])
def test_what_cannot_be_asked_for_is_found_where_it_is_declared(inputs: type) -> None:
    with pytest.raises(WrongInput):
        fields_of(inputs)
