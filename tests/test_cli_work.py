"""A clerk's work at the terminal: what is mine, what is next, what came of it, and why not."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import click
import pytest
from click.testing import CliRunner

from linli._base.errors import LinliError, NotAllowed, Refused
from linli._cli.main import NOUNS
from linli._cli.shared import pass_district
from linli._cli.top import cli
from linli._district.district import District
from linli._engine import listing
from linli._model.access import Actor
from linli._model.lookups import COUNTED
from linli._seeing.waiting import Waiting
from linli._verbs.dispatch.requests import RequestFlow
from linli._verbs.register.kinds import PLACE_KINDS
from linli.query import subjects
from linli.testing import a_place, all_of, an_organisation, somebody, who

SERVICES = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]
time = "8h"

[[dispatch.services]]
code = "fast"
name = "停电"
categories = ["停电"]
time = "1h"
"""


@attrs.frozen(kw_only=True)
class Desk:
    """A compound with a desk, and the commands that are typed there."""

    district: District
    place: UUID
    clerk: Actor
    steward: Actor
    resident: Actor

    def run(self, *words: object) -> str:
        """What a command prints."""
        folder = str(self.district.configuration.folder)
        result = CliRunner().invoke(cli, ["--district", folder, *map(str, words)])
        if isinstance(result.exception, LinliError):
            raise result.exception
        assert result.exception is None, result.exception
        return result.stdout

    def submit(self, category: str = "漏水") -> UUID:
        """A request of the resident's, filed by the clerk."""
        return self.district.dispatch.submit(
            self.place, category, "水管漏水", reporter=who(self.resident), actor=self.clerk
        ).subject

    def number(self, subject: UUID) -> str:
        """Its short number."""
        return str(self.district.subject(subject).number)

    def task(self, category: str = "漏水") -> UUID:
        """The steward's task for a new request."""
        request = self.submit(category)
        self.district.make(request, "accept", actor=self.clerk)
        self.district.make(request, "dispatch", actor=self.clerk)
        return next(one.id for one in self.district.tree(request) if one.kind == "task")


@pytest.fixture
def desk(new_district: Callable[..., District]) -> Desk:
    district = new_district(more=SERVICES)
    place = a_place(district, "锦绣花园")
    return Desk(
        district=district,
        place=place,
        clerk=somebody(district, "clerk", place),
        steward=somebody(district, "steward", place),
        resident=somebody(district, None, place),
    )


# --- lists -------------------------------------------------------------------------------------------


def test_a_list_shows_the_newest_first_and_says_how_many_there_are(desk: Desk) -> None:
    made = [desk.submit() for _ in range(6)]
    lines = desk.run("request", "list", "--most", 4).splitlines()
    assert [line.split()[0] for line in lines[1:5]] == [desk.number(one) for one in reversed(made)][:4]
    assert lines[5] == "4 of 6; more of them: --most"
    assert len(desk.run("request", "list", "--most", 6).splitlines()) == 7


def test_what_is_open_stands_by_its_deadline_the_most_pressing_first(desk: Desk) -> None:
    slow, fast = desk.task("漏水"), desk.task("停电")
    lines = desk.run("task", "list", "--open").splitlines()
    assert [line.split()[0] for line in lines[1:]] == [desk.number(fast), desk.number(slow)]


def test_a_list_counts_to_a_bound_and_says_more_than_that_beyond_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        desk.submit()
    monkeypatch.setattr(listing, "COUNTED_TO", 3)
    monkeypatch.setattr("linli._cli.shared.COUNTED_TO", 3)
    assert listing.how_many(desk.district, subjects(RequestFlow)) == 4
    assert "2 of more than 3; more of them: --most" in desk.run("request", "list", "--most", 2)


def test_every_list_says_whose_turn_it_is(desk: Desk) -> None:
    desk.submit()
    assert "clerk" in desk.run("request", "list").splitlines()[1]
    desk.task()
    assert "锦绣花园 · steward" in desk.run("task", "list").splitlines()[1]


def test_what_moved_to_another_compound_is_listed_there(district: District) -> None:
    register = district.register
    old, new = (
        register.place("compound", "东苑", register.root()),
        register.place("compound", "西苑", register.root()),
    )
    building = register.place("building", "3栋", old)
    request = district.dispatch.submit(building, "漏水", "水管漏水", anonymous=True).subject
    register.move_place(building, new)
    assert [one.id for one in all_of(district, "request", within=new)] == [request]
    assert all_of(district, "request", within=old) == []
    assert [one.id for one in all_of(district, "request", within=building)] == [request]


def test_the_compounds_that_lists_look_under_are_the_kinds_above_a_building() -> None:
    level = PLACE_KINDS["compound"].level
    assert [name for name, kind in PLACE_KINDS.items() if kind.level <= level] == list(COUNTED)


def test_who_works_at_a_compound_is_one_command(desk: Desk) -> None:
    body = an_organisation(desk.district, "branch", desk.place, "锦绣花园党支部")
    somebody(desk.district, "branch_secretary", desk.place, at=body)
    said = desk.run("post", "list", "--at", "锦绣花园")
    assert {"clerk", "steward", "branch_secretary"} <= set(said.split())


# --- mine --------------------------------------------------------------------------------------------


def _waits_for(desk: Desk, actor: Actor) -> list[UUID]:
    return [one.id for one in Waiting(desk.district, actor).subjects(50)]


def test_what_waits_for_somebody_is_what_their_post_or_their_seat_has_to_do(desk: Desk) -> None:
    request, task = desk.submit(), desk.task()
    assert _waits_for(desk, desk.clerk) == [request]
    assert _waits_for(desk, desk.steward) == [task]
    assert _waits_for(desk, desk.resident) == []
    desk.district.make(task, "finish", {"result": "已修好"}, actor=desk.steward)
    assert _waits_for(desk, desk.steward) == []
    assert task in _waits_for(desk, desk.clerk)
    assert task in _waits_for(desk, desk.resident), "the reporter can confirm it"


def test_what_nobodys_seat_holds_waits_for_whoever_stands_in_and_for_them_alone(desk: Desk) -> None:
    register, root = desk.district.register, desk.district.register.root()
    place = register.place("compound", "西苑", root)
    steward, above = (somebody(desk.district, "steward", at) for at in (place, root))
    elsewhere = somebody(desk.district, "steward", register.place("compound", "东苑", root))
    desk = attrs.evolve(desk, place=place, clerk=somebody(desk.district, "clerk", place))
    task = desk.task()
    assert (_waits_for(desk, steward), _waits_for(desk, above)) == ([task], [])
    register.end_post(register.posts(person=who(steward))[0].id)
    assert _waits_for(desk, above) == [task]
    assert _waits_for(desk, elsewhere) == []
    desk.district.make(task, "finish", {"result": "已修好"}, actor=above)
    assert _waits_for(desk, above) == []


def test_what_is_late_comes_first_and_the_list_says_so(desk: Desk) -> None:
    later, sooner = desk.task("漏水"), desk.task("停电")
    assert _waits_for(desk, desk.steward) == [sooner, later]
    at = (datetime.now(UTC) + timedelta(days=300)).isoformat()
    first, *rest = desk.run("--at", at, "mine", "--as", who(desk.steward)).splitlines()[1:]
    assert first.split()[:2] == [desk.number(sooner), "overdue"]
    assert len(rest) == 1


def test_a_complaint_does_not_wait_for_whom_it_is_about(desk: Desk) -> None:
    other = somebody(desk.district, "clerk", desk.place)
    act = desk.district.dispatch.submit(
        desk.place, "态度", "受理员态度不好", reporter=who(desk.resident), about=who(desk.clerk), actor=other
    )
    assert act.subject not in _waits_for(desk, desk.clerk)
    assert act.subject in _waits_for(desk, other)


def test_of_several_posts_one_can_be_asked_for_alone(desk: Desk) -> None:
    request, task = desk.submit(), desk.task()
    both = Actor(person=who(desk.clerk))
    desk.district.register.post(who(desk.clerk), "steward", desk.place)
    assert set(_waits_for(desk, both)) == {request, task}
    assert _waits_for(desk, Actor(person=both.person, only="steward")) == [task]
    assert "nothing waits" in desk.run("mine", "--as", f"{both.person}/own")


# --- numbers that are typed ----------------------------------------------------------------------------


def test_a_short_number_is_taken_wherever_a_matter_is_named_and_json_has_both(desk: Desk) -> None:
    request = desk.submit()
    number = desk.number(request)
    shown = json.loads(desk.run("request", "show", number, "--json"))
    assert (shown["id"], str(shown["number"])) == (str(request), number)
    assert number in desk.run("request", "accept", number, "--as", who(desk.clerk))
    assert str(request) not in desk.run("request", "show", number)


def test_a_mistyped_number_is_told_as_such_with_the_list_of_its_own_noun(desk: Desk) -> None:
    number = desk.number(desk.task())
    swapped = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(Refused, match=r"check the digits; see: linli task list|check the digits"):
        desk.run("task", "take", swapped)
    with pytest.raises(Refused, match="task list"):
        desk.run("task", "take", "漏水")


def test_the_number_of_the_whole_does_for_its_only_part_and_says_what_else_it_is(desk: Desk) -> None:
    task = desk.district.subject(desk.task())
    assert "taken" in desk.run("task", "take", desk.number(task.root), "--as", who(desk.steward))
    with pytest.raises(Refused, match="is a request, not a publication"):
        desk.run("publication", "withdraw", desk.number(task.root), "--reason", "x")


def test_people_stand_in_lists_by_their_masked_names(desk: Desk) -> None:
    register = desk.district.register
    person = register.person(name="张三", phone="13800138000")
    register.post(person, "steward", desk.place)
    said = desk.run("post", "list", "--at", "锦绣花园")
    assert "张*" in said
    assert str(person) not in said


# --- refusals ------------------------------------------------------------------------------------------


def test_a_refusal_names_the_holder_and_why_not_you(desk: Desk) -> None:
    number = desk.number(desk.task())
    with pytest.raises(NotAllowed) as stranger:
        desk.run("task", "take", number, "--as", who(desk.resident))
    assert "it is for: 锦绣花园 · steward; you have no post there" in str(stranger.value)
    with pytest.raises(NotAllowed, match="say who does it: --as PERSON"):
        desk.district.make(listing.identified(desk.district, number), "take", actor=Actor())
    other = somebody(desk.district, "clerk", a_place(desk.district, "幸福里"))
    with pytest.raises(NotAllowed, match="you have that post elsewhere: 幸福里"):
        desk.run("request", "accept", desk.number(desk.submit()), "--as", who(other))


def test_whoever_acts_as_something_else_is_told_as_what_they_could(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="you act as own now, and could as: clerk"):
        desk.run("request", "accept", desk.number(desk.submit()), "--as", f"{who(desk.clerk)}/own")


def test_fields_are_asked_for_by_their_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    person = desk.district.register.person(name="张三", phone="13800138000")
    assert "张三" in desk.run("person", "reveal", person, "name", "--reason", "核实")
    monkeypatch.setenv("LINLI_LANG", "zh")
    assert "13800138000" in desk.run("person", "reveal", person, "电话", "--reason", "核实")
    with pytest.raises(Refused) as refused:
        desk.run("person", "reveal", person, "id", "--reason", "核实")
    assert "身份证号" in str(refused.value)
    assert "phone" not in str(refused.value)


# --- capacities ------------------------------------------------------------------------------------------


def test_one_capacity_is_asked_for_where_several_fit_and_the_answer_says_which(desk: Desk) -> None:
    person = who(desk.clerk)
    desk.district.register.post(person, "officer", desk.place)
    number = desk.number(_draft(desk))
    with pytest.raises(Refused, match=r"as: .*clerk.*; say in which capacity: --as PERSON/"):
        desk.run("publication", "publish", number, "--as", person)
    assert "· officer)" in desk.run("publication", "publish", number, "--as", f"{person}/officer")


def _draft(desk: Desk) -> UUID:
    return desk.district.publish.draft(desk.place, "停水通知", "明天停水。", actor=desk.clerk).subject


def test_a_program_is_not_asked_the_nearest_post_counts(desk: Desk) -> None:
    desk.district.register.post(who(desk.clerk), "officer", desk.place)
    act = desk.district.publish.publish(_draft(desk), actor=desk.clerk)
    assert act.acting_as is not None


def test_ones_own_matter_is_ones_own_whatever_post_one_has(desk: Desk) -> None:
    act = desk.district.dispatch.submit(
        desk.place, "漏水", "我家漏水", reporter=who(desk.clerk), actor=desk.clerk
    )
    assert (
        desk.district.make(act.subject, "withdraw", {"reason": "修好了"}, actor=desk.clerk).acting_as == "own"
    )


# --- no silence --------------------------------------------------------------------------------------------


def test_a_command_that_prints_nothing_says_what_was_done_and_in_which_capacity(desk: Desk) -> None:
    register = desk.district.register
    register.place("compound", "东风小区", register.root())
    said = desk.run("place", "rename", "东风小区", "红旗小区")
    assert "红旗小区 (as console" in said
    assert "东风小区" in said
    assert "nothing was recorded" in desk.run("place", "rename", "红旗小区", "红旗小区")


def test_after_a_merge_one_sees_what_moved_and_where_to(desk: Desk) -> None:
    register = desk.district.register
    for name in ("东苑", "西苑"):
        register.place("compound", name, register.root())
    register.place("building", "3栋", register.find_place("东苑"))
    said = desk.run("place", "merge", "东苑", "西苑")
    assert "西苑" in said
    assert "moved 1" in " ".join(said.split())


def test_no_command_of_any_noun_can_be_silent(desk: Desk) -> None:
    # Whatever a plugin's command does: the shared opening says what was done, or that nothing was.
    @click.command()
    @pass_district
    def silent(district: District) -> None:
        district.register.place("compound", "静园", district.register.root())

    folder = str(desk.district.configuration.folder)
    said = CliRunner().invoke(silent, obj={"path": folder})
    assert said.exception is None
    assert "静园" in said.stdout


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_command_opens_the_district_by_the_door_that_answers(noun: str) -> None:
    command = cli.get_command(click.Context(cli), noun)
    verbs = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in verbs:
        assert one is not None
        takes_actor = any(option.name == "who" for option in one.params)
        assert not takes_actor or hasattr(one.callback, "__wrapped__"), f"{noun} {one.name}"


def test_moments_are_told_on_the_districts_clock_to_the_minute(desk: Desk) -> None:
    at = datetime(2026, 3, 1, 1, 16, 13, 78020, tzinfo=UTC)

    @click.command()
    @pass_district
    def tells(district: District) -> None:
        from linli._base.i18n import say
        from linli._cli.shared import show, tell

        show({"since": at}, False)
        tell(say("{moment}", moment=at))

    said = CliRunner().invoke(tells, obj={"path": str(desk.district.configuration.folder)}).stdout
    assert said.count("2026-03-01 09:16") == 2
    assert ":13" not in said


# --- at once ---------------------------------------------------------------------------------------------


_LOADED = """
import sys
sys.argv = ["linli", "--district", sys.argv[1], "request", "list"]
from linli._cli.main import main
try:
    main()
finally:
    print(*sorted(sys.modules))
"""


def test_a_list_loads_no_plugin_and_nothing_that_it_does_not_need(tmp_path: Any) -> None:
    from linli.testing import make_district

    plugins = ("party", "meetings", "decisions", "bank", "board", "brief", "tabular")
    make_district(tmp_path, enabled=plugins).close()
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, str(tmp_path)], capture_output=True, text=True, check=False
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "linli._engine.listing" in loaded, done.stderr
    for name in (
        "linli._engine.engine", "linli._hooks.plugins", "linli_party.plugin", "linli_bank.plugin", "rich", "alembic", "holidays",
        "xlsxwriter", "jinja2", "psycopg", "sqlalchemy.dialects.postgresql", "pluggy",
    ):  # fmt: skip
        assert name not in loaded, name


def test_a_file_that_was_changed_is_checked_whole_before_anything_is_listed(desk: Desk) -> None:
    file = desk.district.configuration.folder / "district.toml"
    file.write_text(file.read_text() + "\n[weather]\nsnow = true\n")
    with pytest.raises(LinliError, match="weather"):
        desk.run("request", "list")
