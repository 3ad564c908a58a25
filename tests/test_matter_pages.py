"""The page of a matter, from the plugin whose it is; channels that keep pages, asked to write them again."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

from linli import ANYONE, District, Moves, NoRecord, Plugin, State, StoredSubject, Workflow, say
from linli._hooks.pages import MatterPage, MatterStep
from linli.testing import a_place, somebody


class WalkFlow(Workflow[NoRecord], name="walk"):
    move = Moves(NoRecord)
    begun = State()
    over = State(ends=True)
    begin = move.opening(begun, by=ANYONE)
    end = move(begun.to(over), by=ANYONE)


WHEN = datetime(2026, 3, 2, tzinfo=UTC)


class Wall:
    """A channel that keeps pages."""

    asked: list[UUID]

    def __init__(self, district: District) -> None:
        self.asked = ASKED

    def carry(self, publication: StoredSubject, event: str, key: UUID) -> None:
        """Nothing: it is only asked to write again."""

    def refresh(self, publications: Iterable[UUID]) -> None:
        """Note what it was asked for."""
        self.asked.extend(publications)


class Loudspeaker:
    """A channel that keeps nothing."""

    def __init__(self, district: District) -> None:
        pass

    def carry(self, publication: StoredSubject, event: str, key: UUID) -> None:
        """Nothing."""


ASKED: list[UUID] = []


def _page(district: District, ident: UUID) -> MatterPage | None:
    walk = district.subject(ident)
    if walk.state != "over":
        return None
    steps = (MatterStep(at=WHEN, what=say("begun")),)
    return MatterPage(title="巡查", place=walk.place, state=say("over"), steps=steps)


PLUGIN = Plugin(
    name="walks",
    workflows=(WalkFlow,),
    public_pages={"walk": _page},
    channels={"wall": Wall, "loudspeaker": Loudspeaker},
)


def test_a_matter_has_the_page_that_its_plugin_gives_and_others_have_none(
    new_district: Callable[..., District],
) -> None:
    district = new_district(plugins={"walks": SimpleNamespace(PLUGIN=PLUGIN)})
    place = a_place(district, "锦绣花园")
    walker = somebody(district, None, place)
    walk = district.start("walk", "begin", place, actor=walker).subject
    assert district.publish.page_about(walk) is None
    district.make(walk, "end", actor=walker)
    page = district.publish.page_about(walk)
    assert page is not None
    assert (page.title, page.place, [str(step.what) for step in page.steps]) == ("巡查", place, ["begun"])
    notice = district.publish.announce(place, "通知", "停水。").subject
    assert district.publish.page_about(notice) is None
    assert district.publish.page_about(uuid4()) is None


def test_only_channels_that_keep_pages_are_asked_to_write_them_again(
    new_district: Callable[..., District],
) -> None:
    district = new_district(plugins={"walks": SimpleNamespace(PLUGIN=PLUGIN)})
    ASKED.clear()
    publication = uuid4()
    district.publish.refresh([publication])
    assert [publication] == ASKED
