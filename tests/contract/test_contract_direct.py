"""Direct acts: what is no workflow's move is declared, judged, looked at and recorded as moves are."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID, uuid4

import attrs
import pytest

from linli import (
    ANYONE,
    Act,
    ActContext,
    Actor,
    ActResult,
    AnyAct,
    DirectAct,
    District,
    Input,
    PersonId,
    PlaceId,
    Plugin,
    Private,
    Reason,
    about,
    has_post,
    hookimpl,
)
from linli._base.errors import NotAllowed, PluginError, Refused
from linli._base.refusals import Refusal
from linli._seeing.texts import texts_of
from linli.testing import a_place, somebody, who


@attrs.frozen(kw_only=True)
class Lend:
    tool: Annotated[str, Input("which", longest=20)]
    days: Annotated[int, Input("how long", least=1, most=30)] = 7
    code: Annotated[str | None, Input("of its lock", kept=False)] = None
    reason: Reason
    also: PlaceId | None = None


def lent(ctx: ActContext[Lend]) -> ActResult:
    return ActResult(body=None if ctx.whom else {})


def elsewhere(ctx: ActContext[Lend]) -> list[UUID]:
    return [ctx.given.also] if ctx.given.also else []


class NotTheDrill(Refusal, says="the drill is not lent"): ...


LEND = DirectAct("tools.lend", Lend, label="tool lent", by=has_post("clerk"), does=lent, also_at=elsewhere)
COUNT = DirectAct("tools.count", label="tools counted", by=ANYONE, does=lambda _: ActResult(body={"n": 3}))


@hookimpl
@about(LEND)
def act_check(t: AnyAct) -> Iterable[Refusal]:
    if (lent := t.of(LEND)) and lent.given.tool == "drill":
        yield NotTheDrill()


def _plugin(*acts: DirectAct[Any], **more: Any) -> SimpleNamespace:
    PLUGIN = Plugin(name="tools", direct_acts=acts)

    return SimpleNamespace(PLUGIN=PLUGIN, **more)


@attrs.frozen
class Shed:
    district: District
    place: UUID
    clerk: Actor
    neighbour: Actor

    def lend(self, actor: Actor | None = None, key: UUID | None = None, **given: Any) -> Act:
        values = {"tool": "ladder", "reason": Private("to paint")} | given
        order = LEND(Lend(**values), place=self.place, person=who(self.neighbour))
        return self.district.perform(order, actor=actor or self.clerk, key=key)


@pytest.fixture
def shed(new_district: Callable[..., District]) -> Shed:
    district = new_district(plugins={"tools": _plugin(LEND, COUNT, act_check=act_check)})
    place = a_place(district, "锦绣花园")
    return Shed(district, place, somebody(district, "clerk", place), somebody(district, None, place))


def test_the_journal_has_what_is_kept_and_the_vault_what_is_private(shed: Shed) -> None:
    act = shed.lend(code="secret")
    values = act.body["values"]
    assert (act.verb, act.kind, act.place, act.person) == (
        "tools.lend",
        "tools",
        shed.place,
        who(shed.neighbour),
    )
    assert values == {"tool": "ladder", "days": 7, "reason": {"sealed": values["reason"]["sealed"]}}
    known = shed.district.act(act.id)
    assert known is not None
    given = LEND.given_in(known)
    assert (given.tool, given.days, given.reason) == ("ladder", 7, "")
    assert [one.text for one in texts_of(shed.district, who(shed.neighbour)) if one.field == "reason"] == [
        "to paint"
    ]


def test_each_is_a_matter_of_its_own_unless_it_is_about_one(shed: Shed) -> None:
    act = shed.lend()
    assert (act.subject, act.root, act.version) == (act.id, act.id, 1)
    first, second = (
        shed.district.perform(COUNT(subject=act.id, place=shed.place), actor=shed.neighbour) for _ in "ab"
    )
    assert (first.subject, first.version, second.version) == (act.id, 2, 3)
    assert second.body == {"n": 3}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"days": 31}, "days"), ({"days": 0}, "days"), ({"tool": "x" * 21}, "tool"), ({"reason": ""}, "reason")],
)
def test_inputs_are_refused_with_the_code_and_the_field_that_moves_have(
    shed: Shed, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        shed.lend(**given)
    (reason,) = refused.value.reasons
    assert reason.code == ("core.missing" if field == "reason" else "core.invalid")
    assert getattr(reason, "field", None) == field


def test_the_right_is_needed_at_its_place_and_wherever_it_touches(shed: Shed) -> None:
    with pytest.raises(NotAllowed):
        shed.lend(shed.neighbour)
    other = a_place(shed.district, "阳光苑")
    with pytest.raises(NotAllowed, match="you have that post elsewhere"):
        shed.lend(also=PlaceId(other))
    shed.lend(also=PlaceId(shed.place))


def test_who_may_not_is_told_so_before_what_they_gave_is_looked_at(shed: Shed) -> None:
    with pytest.raises(NotAllowed):
        shed.lend(shed.neighbour, days=99)


def test_hooks_are_about_it_by_the_object(shed: Shed) -> None:
    with pytest.raises(Refused, match="the drill is not lent"):
        shed.lend(tool="drill")


def test_a_key_gives_the_same_act_again_and_no_other(shed: Shed) -> None:
    key = uuid4()
    assert shed.lend(key=key).id == shed.lend(key=key).id == key
    with pytest.raises(Refused) as refused:
        shed.lend(key=key, days=3)
    assert [one.code for one in refused.value.reasons] == ["core.key_used"]
    assert len(shed.district.history(key)) == 1


def test_whom_it_is_about_must_be_said_where_it_asks(shed: Shed) -> None:
    order = LEND(Lend(tool="ladder", reason=Private("x")), place=shed.place)
    with pytest.raises(Refused, match="say whom it is about"):
        shed.district.perform(order, actor=shed.clerk)


def test_what_no_enabled_plugin_declares_nobody_does(new_district: Callable[..., District]) -> None:
    district = new_district()
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)
    with pytest.raises(NotAllowed):
        district.perform(COUNT(place=place), actor=clerk)


def test_a_context_is_of_its_act_alone() -> None:
    def seen(ctx: ActContext[object]) -> int | None:
        found = ctx.of(LEND)
        return found.given.days if found else None

    order = LEND(Lend(tool="ladder", days=3, reason=Private("x")), person=PersonId(uuid4()))
    given = Lend(tool="ladder", days=3, reason=Private("x"))
    facts: Any = SimpleNamespace(district="x", actor=None)
    assert seen(ActContext(facts, order, given, uuid4(), "engine")) == 3
    assert seen(ActContext(facts, COUNT(), given, uuid4(), "engine")) is None


# --- slips ---------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Other:
    days: int


def of_others(ctx: ActContext[Other]) -> ActResult:
    return ActResult()


@attrs.define(kw_only=True)
class Thawed:
    days: int


@attrs.frozen(kw_only=True)
class Odd:
    days: complex


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: DirectAct("lend", label="x"), "a verb is a kind and what is done"),
        (lambda: DirectAct("tools.Lend", label="x"), "a verb is a kind and what is done"),
        (lambda: DirectAct("tools.lend ", label="x"), "a verb is a kind and what is done"),
        (
            lambda: DirectAct("a.b", Lend, label="x", does=of_others),  # type: ignore[arg-type]
            "of_others is written for Other, not for Lend",
        ),
        (lambda: DirectAct("a.b", Thawed, label="x"), "Thawed must be frozen"),
        (lambda: DirectAct("a.b", Odd, label="x"), "Odd.days: complex can be no input"),
    ],
)
def test_what_is_wrong_with_one_is_told_with_its_line_when_it_is_loaded(
    make: Callable[[], DirectAct[Any]], told: str
) -> None:
    with pytest.raises(PluginError) as slip:
        Plugin(name="tools", direct_acts=(make(), make()))
    lines = str(slip.value).splitlines()[1:]
    assert len(lines) == 2
    assert all(told in line for line in lines)
    assert all(line.startswith("test_contract_direct.py:") for line in lines)


@pytest.mark.parametrize("verb", ["tools.lent", "tool.lend", "points.awarded", "persons.*", "person.mrege"])
def test_a_misspelt_verb_in_what_a_hook_is_about_is_found(
    new_district: Callable[..., District], verb: str
) -> None:
    @hookimpl
    @about(verb)
    def act_check(t: AnyAct) -> Iterable[Refusal]:
        return ()

    with pytest.raises(PluginError, match=f"there is no verb '{verb.replace('*', '.')}"):
        new_district(plugins={"tools": _plugin(LEND, act_check=act_check)})


@pytest.mark.parametrize("verb", ["tools.*", "tools.lend", "person.merge", "person.*", "elsewhere.done"])
def test_a_right_one_is_not(new_district: Callable[..., District], verb: str) -> None:
    @hookimpl
    @about(verb)
    def act_check(t: AnyAct) -> Iterable[Refusal]:
        return ()

    new_district(plugins={"tools": _plugin(LEND, act_check=act_check)})


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="a direct act has no doing; it can have: by, does"):
        DirectAct("a.b", label="x", doing=of_others)  # type: ignore[call-overload]
