"""The typed door to the plugins: order, types, attribution; and what is said of a plugin that does not load."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

import linli
from linli import AnyAct, Award, Moves, NoRecord, OpenOrder, Plugin, State, Workflow, about, hookimpl, say
from linli._base.errors import LinliError, PluginError, Problem
from linli._base.refusals import Refusal
from linli._config.rest import OtherSections
from linli._hooks.answering import Answer
from linli._hooks.audience import Audience
from linli._hooks.catalogue import Matched, Route, Wanted
from linli._hooks.hookimpls import SPECIFIED
from linli._hooks.matching import Candidate, Match
from linli._hooks.plugins import Plugins, survey
from linli._model.access import Seat
from linli._model.acts import Act
from linli._model.deadlines import Escalation, OverdueClock
from linli._model.effects import Change, Hold
from linli._model.facts import Facts
from linli._model.subjects import StoredSubject
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli._verbs.dispatch.requests import RequestFlow
from linli._verbs.dispatch.tasks import TaskFlow
from linli.testing import a_place, make_district, snapshot, somebody, write_district

AT = datetime(2026, 1, 20, 8, tzinfo=UTC)
WHO, WHERE = UUID(int=1), UUID(int=2)
SUBJECT = StoredSubject(
    id=UUID(int=3),
    root=UUID(int=3),
    kind="toy",
    state="open",
    place=WHERE,
    compound=WHERE,
    opened_at=AT,
    record=None,
)
ACT = Act(
    id=UUID(int=4), verb="toy.open", kind="toy", root=SUBJECT.id, version=1, subject=SUBJECT.id, at=AT,
    recorded_at=AT, settings="",
)  # fmt: skip
FACTS = cast(Facts, SimpleNamespace())
MADE = cast(AnyAct, SimpleNamespace(act=ACT, verb=ACT.verb, facts=FACTS))
LATE = OverdueClock(subject=SUBJECT, clock="task", step=0, at=AT, overdue=timedelta(0))
CANDIDATE = Candidate(fields={"name": "张三"})
SECRET = "张三 13800000000"
_INSERT = insert_into(t.person)

# What each hook is given, in the order of linli._hooks.hookspecs.
GIVEN: Mapping[str, tuple[Any, ...]] = {
    "settings_check": (None, OtherSections((), {})),
    "person_match": (CANDIDATE, FACTS),
    "person_erase": (WHO, FACTS),
    "person_holds": (WHO, FACTS),
    "act_check": (MADE,),
    "act_effects": (MADE,),
    "request_match": (Wanted(category="雪", place=WHERE), FACTS),
    "request_route": (SUBJECT, "snow", FACTS),
    "ladder_next": (LATE, FACTS),
    "points_for_act": (MADE,),
    "publication_audience": (SUBJECT, FACTS),
    "act_done": (ACT, None),
}
FIRST = ("request_match", "request_route", "ladder_next")
SEVERAL = (
    "person_match", "person_erase", "person_holds", "act_check", "act_effects", "points_for_act",
    "publication_audience",
)  # fmt: skip


class Objects(Refusal, says="{plugin} objects"):
    plugin: str


class ObjectsAgain(Refusal, says="{plugin} objects again"):
    plugin: str


@cache  # a Write equals itself alone
def _answers(name: str) -> Mapping[str, Any]:
    """What a plugin of this name answers each hook: two answers where there may be several."""
    write = Write(_INSERT, {}, name)
    return {
        "person_match": [Match(person=WHO, why=say(name)), Match(person=WHERE, why=say(name))],
        "person_erase": [write, write],
        "person_holds": [Hold(what=say(name)), Hold(what=say(f"{name} again"))],
        "act_check": [Objects(plugin=name), ObjectsAgain(plugin=name)],
        "act_effects": [OpenOrder(workflow=name, move="open", place=WHERE), Change(write=write)],
        "request_match": Matched(service=name, rule=name),
        "request_route": Route(seat=Seat(role=name, at=WHERE), rule=name),
        "ladder_next": Escalation(seat=Seat(role=name, at=WHERE), rung=name),
        "points_for_act": [Award(person=WHO, points=n, rule=f"{name}:{n}") for n in (1, 2)],
        "publication_audience": [
            Audience(place=WHERE, channel=name),
            Audience(place=WHO, channel=name),
        ],
    }


class Full:
    """A plugin that implements every hook, and says in `asked` that it was asked."""

    def __init__(self, name: str, asked: list[str], **instead: Any) -> None:
        self.name, self.asked = name, asked
        self.answers = {**_answers(name), **instead}

    def _answer(self, hook: str) -> Any:
        self.asked.append(f"{self.name}.{hook}")
        answer = self.answers[hook]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def PLUGIN(self) -> Plugin:
        return Plugin(name=self.name, subscribes=("toy.*",))

    @hookimpl
    def settings_check(self, settings: Any, rest: OtherSections) -> Iterable[Problem]:
        return cast(Iterable[Problem], self._answer("settings_check"))

    @hookimpl
    def person_match(self, candidate: Candidate, facts: Facts) -> Iterable[Match]:
        return cast(Iterable[Match], self._answer("person_match"))

    @hookimpl
    def person_erase(self, person: UUID, facts: Facts) -> Iterable[Write]:
        return cast(Iterable[Write], self._answer("person_erase"))

    @hookimpl
    def person_holds(self, person: UUID, facts: Facts) -> Iterable[Hold]:
        return cast(Iterable[Hold], self._answer("person_holds"))

    @hookimpl
    def act_check(self, t: AnyAct) -> Any:
        return self._answer("act_check")

    @hookimpl
    def act_effects(self, t: AnyAct) -> Any:
        yield from self._answer("act_effects")

    @hookimpl
    def request_match(self, wanted: Wanted, facts: Facts) -> Any:
        return self._answer("request_match")

    @hookimpl
    def request_route(self, subject: StoredSubject, service: str, facts: Facts) -> Any:
        return self._answer("request_route")

    @hookimpl
    def ladder_next(self, late: OverdueClock, facts: Facts) -> Any:
        return self._answer("ladder_next")

    @hookimpl
    def points_for_act(self, t: AnyAct) -> Any:
        yield from self._answer("points_for_act")

    @hookimpl
    def publication_audience(self, publication: StoredSubject, facts: Facts) -> Any:
        return self._answer("publication_audience")

    @hookimpl
    def act_done(self, act: Act, district: Any) -> None:
        self._answer("act_done")


def _full(name: str, asked: Any = None, **instead: Any) -> Full:
    more = {"settings_check": [Problem(where=name, what=say("wrong"))], "act_done": None}
    return Full(name, [] if asked is None else asked, **{**more, **instead})


def _plugins(order: tuple[str, ...], **extra: object) -> Plugins:
    return Plugins(order, extra)


def _ask(plugins: Plugins, hook: str, plugin: str = "one") -> Any:
    """Ask a hook through the door; the two that are asked of one plugin, of `plugin`."""
    first = (plugin,) if hook in ("settings_check", "act_done") else ()
    return getattr(plugins, hook)(*first, *GIVEN[hook])


# --- what comes out, and in what order ----------------------------------------------------------------


def test_this_page_knows_every_hook() -> None:
    assert list(GIVEN) == list(SPECIFIED)
    assert {hook: len(given) for hook, given in GIVEN.items()} == {h: len(a) for h, a in SPECIFIED.items()}


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_the_whole_output_of_every_hook_is_in_the_order_of_the_configuration(order: tuple[str, ...]) -> None:
    asked: list[str] = []
    plugins = _plugins(order, two=_full("two", asked), one=_full("one", asked))
    found = {hook: _ask(plugins, hook) for hook in GIVEN}
    both = {hook: [Answer(name, one) for name in order for one in _answers(name)[hook]] for hook in SEVERAL}
    first = {hook: Answer(order[0], _answers(order[0])[hook]) for hook in FIRST}
    alone = {"settings_check": [Problem(where="one", what=say("wrong"))], "act_done": None}
    assert found == both | first | alone
    assert asked == [
        f"{name}.{hook}"
        for hook in GIVEN
        for name in (("one",) if hook in alone else order[:1] if hook in FIRST else order)
    ]


@pytest.mark.parametrize("hook", FIRST)
def test_who_answers_none_lets_the_next_plugin_answer(hook: str) -> None:
    asked: list[str] = []
    plugins = _plugins(("one", "two"), one=_full("one", asked, **{hook: None}), two=_full("two", asked))
    assert _ask(plugins, hook) == Answer("two", _answers("two")[hook])
    assert asked == [f"one.{hook}", f"two.{hook}"]


@pytest.mark.parametrize("hook", SEVERAL)
@pytest.mark.parametrize("nothing", [None, (), []])
def test_no_opinion_is_nothing_none_or_an_empty_list(hook: str, nothing: Any) -> None:
    if nothing is None and hook in ("act_effects", "points_for_act"):
        nothing = ()  # these two are generators here
    plugins = _plugins(("one",), one=_full("one", **{hook: nothing}))
    assert _ask(plugins, hook) == []


def test_the_built_in_plugins_come_after_those_of_the_district() -> None:
    plugins = _plugins(("one",), one=_full("one"))
    assert list(plugins.declarations) == ["one", "register", "dispatch", "award", "publish"]


def test_a_plugin_that_is_named_twice_is_asked_once() -> None:
    asked: list[str] = []
    _ask(_plugins(("one", "one"), one=_full("one", asked)), "act_check")
    assert asked == ["one.act_check"]


class Shovelling(Workflow[NoRecord], name="shovelling"):
    move = Moves(NoRecord)
    asked = State(ends=True)
    ask = move.opening(asked)


def test_whether_a_workflow_is_there_is_told_by_its_name() -> None:
    PLUGIN = Plugin(name="snow", workflows=(Shovelling,))

    plain, snowy = Plugins(()), Plugins((), extra={"snow": SimpleNamespace(PLUGIN=PLUGIN)})
    assert [one.has_workflow("shovelling") for one in (plain, snowy)] == [False, True]
    assert plain.has_workflow("request"), "those of the built-in plugins too"


def test_only_who_hears_a_verb_and_implements_act_done_hears_it() -> None:
    deaf = SimpleNamespace(PLUGIN=Plugin(name="deaf", subscribes=("*",)))
    plugins = _plugins(("two", "deaf", "one"), one=_full("one"), two=_full("two"), deaf=deaf)
    assert plugins.hearers("toy.open") == ["two", "one"]
    assert plugins.hearers("task.take") == []


# --- failures name the plugin, and never what it said --------------------------------------------------


@pytest.mark.parametrize("hook", list(GIVEN))
def test_a_failure_names_the_plugin_the_hook_and_the_line_but_no_personal_data(hook: str) -> None:
    plugins = _plugins(("two", "one"), one=_full("one", **{hook: ValueError(SECRET)}), two=_full("two"))
    if hook in FIRST:
        plugins = _plugins(("one", "two"), one=_full("one", **{hook: ValueError(SECRET)}), two=_full("two"))
    with pytest.raises(PluginError) as caught:
        _ask(plugins, hook)
    assert re.fullmatch(
        rf"plugin 'one' failed in {hook}: ValueError \(test_plugins_door\.py:\d+\); "
        + ("the act itself stands" if hook == "act_done" else "nothing was stored"),
        str(caught.value),
    )


def test_a_sentence_of_ours_is_passed_on() -> None:
    plugins = _plugins(
        ("one",), one=_full("one", act_check=LinliError(say("no tariff for {unit}", unit="km")))
    )
    with pytest.raises(PluginError, match="plugin 'one' failed in act_check: no tariff for km; nothing was"):
        _ask(plugins, "act_check")


def test_a_generator_that_fails_after_its_first_answer_fails_as_a_whole() -> None:
    def half() -> Iterable[Award]:
        yield Award(person=WHO, points=1, rule="one:first")
        raise KeyError(SECRET)

    plugins = _plugins(("one",), one=_full("one", points_for_act=half()))
    with pytest.raises(PluginError, match=r"plugin 'one' failed in points_for_act: KeyError \(test_"):
        _ask(plugins, "points_for_act")


@pytest.mark.parametrize("hook", [*SEVERAL, *FIRST, "settings_check"])
def test_an_answer_of_another_type_is_refused_by_its_type_alone(hook: str) -> None:
    wrong = SECRET if hook in FIRST else [SECRET]
    plugins = _plugins(("one",), one=_full("one", **{hook: wrong}))
    with pytest.raises(PluginError) as caught:
        _ask(plugins, hook)
    said = rf"plugin 'one' answered {hook} with a str, not with [A-Z][\w, ]+; see docs/hooks/{hook}\.md"
    assert re.match(said, str(caught.value))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("hook", [hook for hook in SEVERAL if hook not in ("act_effects", "points_for_act")])
def test_one_answer_returned_instead_of_yielded_is_told_so(hook: str) -> None:
    answer = _answers("one")[hook][0]
    plugins = _plugins(("one",), one=_full("one", **{hook: answer}))
    with pytest.raises(PluginError) as caught:
        _ask(plugins, hook)
    kind = type(answer).__name__
    assert str(caught.value) == f"plugin 'one' answered {hook} with one {kind}; yield it, or return a list"


def test_a_check_that_answers_with_a_bare_sentence_is_refused() -> None:
    plugins = _plugins(("one",), one=_full("one", act_check=[say("not today")]))
    with pytest.raises(PluginError, match="answered act_check with a Text, not with Refusal"):
        _ask(plugins, "act_check")


def test_a_check_that_returns_a_string_is_refused() -> None:
    plugins = _plugins(("one",), one=_full("one", act_check="not today"))
    with pytest.raises(PluginError, match="answered act_check with a str"):
        _ask(plugins, "act_check")


def test_what_a_failing_plugin_said_is_neither_in_the_record_nor_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(act: Act, district: object) -> None:
        raise ValueError(SECRET)

    plugin = SimpleNamespace(PLUGIN=Plugin(name="one", subscribes=("request.*",)), act_done=hookimpl(fails))
    with make_district(tmp_path, plugins={"one": plugin}) as district:
        place = district.register.place("compound", "锦绣花园", district.register.root())
        reporter = somebody(district, None, place)
        district.dispatch.submit(place, "漏水", "水管漏水", reporter=reporter.person)
        assert district.worker.run_once() == 1
        assert district.worker.did.failed == 1
        with district.store.reading() as connection:
            kept = " ".join(str(row) for row in connection.execute(t.delivery.select()).all())
    assert "ValueError (test_plugins_door.py:" in kept
    assert "张三" not in kept + caplog.text
    assert "13800000000" not in kept + caplog.text


@pytest.mark.parametrize("hook", ["act_check", "act_effects", "points_for_act"])
def test_where_a_plugin_fails_within_an_act_nothing_is_stored(tmp_path: Path, hook: str) -> None:
    def fails(t: AnyAct) -> Iterable[Any]:
        raise ValueError(SECRET)

    plugin = SimpleNamespace(PLUGIN=Plugin(name="one"), **{hook: hookimpl(fails)})
    with make_district(tmp_path, plugins={"one": plugin}) as district:
        place = a_place(district, "锦绣花园")
        before = snapshot(district)
        with pytest.raises(PluginError, match=f"plugin 'one' failed in {hook}: ValueError"):
            district.dispatch.submit(place, "漏水", "水管漏水", reporter=None)
        assert snapshot(district) == before


# --- slips of the plugin's author ----------------------------------------------------------------------


def _slip(**marked: object) -> str:
    plugin = SimpleNamespace(PLUGIN=Plugin(name="one"), **marked)
    with pytest.raises(PluginError) as caught:
        _plugins(("one",), one=plugin)
    return str(caught.value)


def test_a_misspelt_hook_is_refused_with_the_nearest_one() -> None:
    said = _slip(act_chek=hookimpl(lambda t: ()))
    assert said == "plugin 'one': linli has no hook act_chek; did you mean act_check?"


def test_a_hook_that_is_like_no_other_is_refused_with_all_that_there_are() -> None:
    said = _slip(zzz=hookimpl(lambda: ()))
    assert said.startswith("plugin 'one': linli has no hook zzz; it has: settings_check, ")


def test_an_argument_that_the_hook_does_not_have_is_refused() -> None:
    said = _slip(person_erase=hookimpl(lambda person, weather: ()))
    assert said == (
        "plugin 'one': person_erase takes weather, which linli does not give; it gives: person, facts"
    )


class NoVerb(Refusal, says="no {verb}"):
    verb: str


def test_fewer_arguments_are_fine() -> None:
    def check() -> Iterable[object]:
        yield NoVerb(verb="any")

    plugin = SimpleNamespace(PLUGIN=Plugin(name="one"), act_check=hookimpl(check))
    answers = _plugins(("one",), one=plugin).act_check(MADE)
    assert [str(answer.value) for answer in answers] == ["no any"]


@pytest.mark.parametrize("option", ["tryfirst", "trylast", "hookwrapper", "wrapper"])
def test_an_order_of_its_own_is_refused(option: str) -> None:
    given: dict[str, Any] = {option: True}

    def act_check(t: AnyAct) -> Any:
        yield

    said = _slip(act_check=hookimpl(**given)(act_check))
    assert said == (
        f"plugin 'one': act_check is marked {option}; take that away: "
        "plugins are asked in the order of [plugins] enabled"
    )


def test_a_hook_without_its_mark_is_refused() -> None:
    module = ModuleType("one")
    exec(  # noqa: S102
        "from linli import Plugin\nPLUGIN = Plugin(name='one')\ndef act_check(t): return ()\n",
        vars(module),
    )
    with pytest.raises(PluginError) as caught:
        _plugins(("one",), one=module)
    assert str(caught.value) == "plugin 'one': act_check is not marked; write @hookimpl above it"


class Night(Refusal, says="it is night"): ...


def test_a_hook_of_another_name_can_be_given_by_specname() -> None:
    @hookimpl(specname="act_check")
    def nobody_at_night(t: AnyAct) -> Iterable[object]:
        yield Night()

    plugin = SimpleNamespace(PLUGIN=Plugin(name="one"), nobody_at_night=nobody_at_night)
    answers = _plugins(("one",), one=plugin).act_check(MADE)
    assert [str(answer.value) for answer in answers] == ["it is night"]


# --- entry points --------------------------------------------------------------------------------------

GOOD = "from linli import Plugin, hookimpl\nPLUGIN = Plugin(name='snow')\n"
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution of one module: its text, and the entry points that name it."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def put(
        text: str, *, module: str = "snow_of_a_test", name: str = "snow", dist: str = "linli-snow"
    ) -> None:
        (site / f"{module}.py").write_text(text, encoding="utf-8")
        info = site / f"{dist.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.2\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(f"[linli.plugins]\n{name} = {module}\n", encoding="utf-8")
        monkeypatch.delitem(sys.modules, module, raising=False)

    return put


def _refusal(*enabled: str) -> str:
    """What both who opens a district and who lists its plugins are told, in one line."""
    with pytest.raises(PluginError) as caught:
        Plugins(enabled or ("snow",))
    said = str(caught.value)
    assert "\n" not in said
    listed = {status.name: status.problem for status in survey(enabled or ("snow",))}
    assert said in listed.values()
    assert listed["register"] is None, "the others are listed all the same"
    return said


def test_an_installed_plugin_is_found_by_its_entry_point(install: Install) -> None:
    install(GOOD)
    assert Plugins(("snow",)).declarations["snow"] == Plugin(name="snow")
    found = {status.name: (status.version, status.enabled, status.problem) for status in survey(())}
    assert found["snow"] == ("1.2", False, None)


def test_a_plugin_that_is_not_enabled_is_not_even_imported(install: Install) -> None:
    install("raise RuntimeError('imported')")
    assert "snow" not in Plugins(()).declarations


def test_a_plugin_that_is_not_installed_is_one_clear_line(install: Install) -> None:
    install(GOOD)
    said = _refusal("snwo")
    assert said.startswith("plugin 'snwo' is enabled but not installed; installed: ")
    assert "snow" in said.partition("installed: ")[2]
    assert said.endswith("; install it or take it out of [plugins] enabled")


def test_a_plugin_that_is_installed_twice_is_one_clear_line(install: Install) -> None:
    install(GOOD)
    install(GOOD, module="other_snow_of_a_test", dist="other-snow")
    said = "plugin 'snow' is installed twice, by linli-snow, other-snow; uninstall one of them"
    assert _refusal() == said


def test_a_plugin_that_cannot_be_imported_is_one_clear_line(install: Install) -> None:
    install("import no_such_library\n")
    assert _refusal() == (
        "plugin 'snow' (snow_of_a_test) cannot be imported: "
        "ModuleNotFoundError: No module named 'no_such_library' (snow_of_a_test.py:1)"
    )


def test_a_plugin_with_a_mistake_of_syntax_is_one_clear_line(install: Install) -> None:
    install("PLUGIN = (\n")
    assert _refusal().startswith("plugin 'snow' (snow_of_a_test) cannot be imported: SyntaxError: ")


def test_a_plugin_of_another_name_is_one_clear_line(install: Install) -> None:
    install(GOOD.replace("'snow'", "'sleet'"))
    assert _refusal() == ("plugin 'snow': PLUGIN must be a Plugin with this name, not one of 'sleet'")


def test_a_plugin_that_is_something_else_is_one_clear_line(install: Install) -> None:
    install("PLUGIN = {'name': 'snow'}\n")
    assert _refusal() == "plugin 'snow': PLUGIN must be a Plugin with this name, not a dict"


def test_a_plugin_that_fails_when_it_is_made_is_one_clear_line(install: Install) -> None:
    install("PLUGIN = 1 / 0\n")
    assert _refusal() == (
        "plugin 'snow' (snow_of_a_test) cannot be imported: "
        "ZeroDivisionError: division by zero (snow_of_a_test.py:1)"
    )


def test_a_plugin_that_brings_nothing_is_one_clear_line(install: Install) -> None:
    install("")
    assert _refusal() == "plugin 'snow' has no PLUGIN; every plugin says what it brings"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "@hookimpl\ndef act_chek(t): return ()\n",
            "plugin 'snow': linli has no hook act_chek; did you mean act_check?",
        ),
        (
            "@hookimpl\ndef act_check(t, weather): return ()\n",
            "plugin 'snow': act_check takes weather, which linli does not give; it gives: t",
        ),
        (
            "def act_check(t): return ()\n",
            "plugin 'snow': act_check is not marked; write @hookimpl above it",
        ),
    ],
)
def test_a_slip_in_an_installed_plugin_is_one_clear_line(install: Install, more: str, said: str) -> None:
    install(GOOD + more)
    assert _refusal() == said


def test_a_district_with_a_broken_plugin_stays_closed(install: Install, tmp_path: Path) -> None:
    install("import no_such_library\n")
    write_district(tmp_path, enabled=("snow",))
    with pytest.raises(PluginError, match="plugin 'snow'"):
        linli.open(tmp_path)
    assert not (tmp_path / "linli.db").exists(), "nothing was made"


# --- what a hook has to do with ---------------------------------------------------------------------------


def _act(verb: str, settings: Any) -> Any:
    act = SimpleNamespace(verb=verb, kind=verb.partition(".")[0])
    return SimpleNamespace(act=act, verb=verb, settings=settings)


def _few(act_check: Any) -> Plugins:
    PLUGIN = Plugin(name="few")

    return Plugins((), {"few": SimpleNamespace(PLUGIN=PLUGIN, act_check=act_check)})


def test_a_hook_that_says_what_it_is_about_is_asked_of_nothing_else() -> None:
    class Urging(Refusal, says="urged enough"): ...

    @hookimpl
    @about(RequestFlow.urge, TaskFlow, "points.award", by=lambda of: of(str))
    def act_check(t: AnyAct) -> Iterable[Refusal]:
        yield Urging()

    plugins = _few(act_check)

    def settings(kind: object) -> tuple[str, ...]:
        return ("gift.hand_over",)

    verbs = (
        "request.urge",
        "task.late",
        "points.award",
        "gift.hand_over",
        "request.rate",
        "points.reverse",
        "gift.offer",
    )
    asked = [verb for verb in verbs if plugins.act_check(_act(verb, settings))]
    assert asked == ["request.urge", "task.late", "points.award", "gift.hand_over"]


def test_pluggy_asks_each_implementation_as_it_was_wrapped_once() -> None:
    @hookimpl
    def act_check() -> Iterable[Refusal]:
        return ()

    plugins = _few(act_check)
    (asked,) = [one for one in plugins.manager.hook.act_check.get_hookimpls() if one.plugin_name == "few"]
    assert inspect.unwrap(asked.function) is act_check
