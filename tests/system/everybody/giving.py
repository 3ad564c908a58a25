"""What calls are given: values by the names and types of what they take, and a few that need more than that."""

import inspect
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs

from everybody import values
from everybody.calls import Call
from everybody.table import CALLS
from everybody.world import NAME, Scene, World
from linli import GivenFile
from linli._model.access import Actor, Seat
from linli._model.acts import new_id
from linli._model.compiled import Workflow
from linli._model.deliveries import Delivery
from linli._model.effects import MoveOrder
from linli._model.subjects import StoredSubject
from linli._testing.people import _store, a_place, an_organisation, who
from linli._verbs.dispatch.requests import RequestFlow
from linli._verbs.register.appointments import Entry
from linli.query import subjects
from linli_bank.members import account_of
from linli_brief.api import Reports
from linli_three_lists.duty import Shift, begun
from linli_three_lists.testing.pictures import picture

_PEOPLE = (
    "person",
    "agent",
    "guardian",
    "minor",
    "reporter",
    "owner",
    "payee",
    "duplicate",
    "source",
    "target",
)
_PLACES = ("place", "to", "at", "compound", "parent", "below", "home")
_LATER = datetime(2026, 3, 1, 18, tzinfo=UTC)


@attrs.frozen
class Given:
    """What a call is given, and where and whose that is."""

    positional: tuple[Any, ...]
    named: Mapping[str, Any]
    scene: Scene

    @property
    def everything(self) -> tuple[Any, ...]:
        """All of it."""
        return (*self.positional, *self.named.values())


def given(world: World, call: Call, actor: Actor) -> Given:
    """Values for a call by somebody: a matter, a place and people of places that may be their own."""
    scene = world.somewhere(actor)
    more = {
        name: one(world, scene) if callable(one) else one for name, one in MORE.get(call.name, {}).items()
    }
    positional, named = [], dict[str, Any]()
    for one in list(inspect.signature(call.function).parameters.values())[1:]:
        if one.name in more:
            value = more.pop(one.name)
        elif one.name == "actor":
            value = actor
        elif one.kind is one.VAR_KEYWORD:
            named |= {"actor": actor} | more
            continue
        elif one.default is not one.empty or one.kind is one.VAR_POSITIONAL:
            continue
        else:
            value = _value(world, call, one, scene)
        if one.kind is one.KEYWORD_ONLY:
            named[one.name] = value
        else:
            positional.append(value)
    asked = next((found for one in (*positional, *named.values()) if (found := _matter(world, one))), None)
    if asked:
        scene = Scene(place=asked.place, holder=asked.holder, person=asked.person)
    return Given(tuple(positional), named, scene)


def _matter(world: World, value: object) -> StoredSubject | None:
    return (world.matters.get(value) or world.stands_for.get(value)) if isinstance(value, UUID) else None


def _value(world: World, call: Call, one: inspect.Parameter, scene: Scene) -> Any:
    kind, name = _kind(call, one), one.name
    flow = _flow_called(world, call, name) if kind in (UUID, StoredSubject, None) else None
    if flow:
        number = world.matter(flow, scene, _sources(call, flow))
        return world.matters[number] if kind is not UUID else number
    if name in _PEOPLE:
        return scene.person
    if kind is not UUID:
        return values.some(kind)
    return scene.place if name in _PLACES else world.chance.choice(world.known)


def _sources(call: Call, flow: Workflow) -> tuple[str, ...]:
    """The states in which the acts of the call can be made of such a matter."""
    moves = [flow.by_move.get(verb.removeprefix(f"{flow.name}.")) for verb in sorted(CALLS[call.name].acts)]
    return next((move.sources for move in moves if move and move.sources), ())


def _kind(call: Call, one: inspect.Parameter) -> Any:
    """The type of what is taken, where its name is known at all when the program runs."""
    if not isinstance(one.annotation, str):
        return one.annotation
    try:
        return eval(one.annotation, vars(sys.modules[call.function.__module__]))
    except NameError:
        return None


def _flow_called(world: World, call: Call, name: str) -> Workflow | None:
    """The workflow that a number's name speaks of: "vote" of an owners' vote, "ballot" of a ballot of one."""
    flows = world.district.rules.workflows
    name = {"old": "publication"}.get(name, name)
    fitting = [one for one in flows if one == name or one.endswith(f"_{name}")]
    return flows[min(fitting, key=len)] if fitting else None


# --- what needs more than that ---------------------------------------------------------------------------------------

Built = Callable[[World, Scene], Any]


def of(verb: str, above: UUID | None = None, **said: Any) -> Built:
    """The number of a matter of which an act can be made, or which is in some state: "request.accept", "session.under_way"."""
    name, _, what = verb.partition(".")

    def built(world: World, scene: Scene) -> UUID:
        flow = world.district.rules.workflow(name)
        states = flow.by_move[what].sources if what in flow.by_move else (what,) if what else ()
        return world.matter(flow, scene, states, above=above, **said)

    return built


def whole_of(verb: str) -> Built:
    """The number of what has such a part."""
    return lambda world, scene: world.matters[of(verb)(world, scene)].parent


def numbered(flow: str, number: Callable[[UUID], UUID], about: str, state: str) -> Built:
    """A place or a person who has the one matter of this kind that they can have."""

    def built(world: World, scene: Scene) -> UUID:
        asked = getattr(scene, about)
        if number(asked) not in world.matters:
            ours = attrs.evolve(scene, holder=None)
            world.matter(world.district.rules.workflow(flow), ours, (state,), number(asked))
        world.stands_for[asked] = world.matters[number(asked)]
        return asked  # type: ignore[no-any-return]

    return built


def _at(world: World, scene: Scene) -> UUID:
    return scene.place


def _whose(world: World, scene: Scene) -> UUID | None:
    return scene.person


def _club(world: World, scene: Scene) -> UUID:
    """An organisation that may end or move: nobody has a post in it."""
    club = an_organisation(world.district, "association", scene.place)
    world.homes[club] = scene.place
    return club


def _plot(world: World, scene: Scene) -> UUID:
    """A building that may end, move and be part of another one: nothing else is there."""
    above = scene.place if scene.place in world.compounds else world.chance.choice(world.compounds)
    plot = a_place(world.district, f"{new_id()}", kind="building", parent=above)
    world.paths[plot] = (*world.paths[above], plot)
    return plot


def _held(world: World, scene: Scene) -> Scene:
    return attrs.evolve(scene, holder=scene.holder or world.seats[0])


def _post(world: World, scene: Scene) -> UUID:
    return world.chance.choice(world.district.register.posts()).id


def _filed(world: World, scene: Scene) -> UUID:
    """A request that somebody filed, with what they wrote."""
    act = world.district.dispatch.submit(scene.place, "general", f"{NAME}家漏水", reporter=scene.person)
    world.matters[act.subject] = world.district.subject(act.subject)
    return act.subject


def _member(world: World, scene: Scene) -> UUID | None:
    """Somebody who reported in."""
    number = of("membership_report.active")(world, scene)
    if scene.person:
        world.stands_for[scene.person] = world.matters[number]
    return scene.person


def _report(world: World, scene: Scene) -> Any:
    return Reports(world.district).make(scene.place)


def _list(world: World, scene: Scene) -> tuple[Path, ...]:
    """A file of people of a place."""
    file = world.folder / "people.csv"
    file.write_text("姓名,报到小区,报到时间,报到状态\n某人,甲园,2026-02-01,已报到\n", encoding="utf-8")
    return (file,)


def _newcomer(world: World, scene: Scene) -> UUID:
    """Somebody of whom nobody else asks: what is done to them is not done to who acts."""
    return who(world.resident(scene.place))


def _other(world: World, scene: Scene) -> UUID:
    return world.chance.choice([one for one in world.registered if one != scene.person])


def _shift(world: World, scene: Scene) -> UUID:
    person, number = _other(world, scene), new_id()
    seat = Seat(role="duty", at=scene.place)
    shift = Shift(id=number, place=scene.place, person=person, seat=seat, since=_LATER, until=_LATER)
    _store(world.district, begun(world.district.code, shift))
    return number


_ACCOUNT = numbered("bank_account", account_of, "person", "open")
_SEAT, _HERE = {"session": whole_of("seat.leave"), "person": _whose}, {"place": _at}

MORE: Mapping[str, Mapping[str, Any]] = {
    "award.award": _HERE,
    "award.hold": _HERE,
    "award.release": _HERE,
    "award.reverse": _HERE,
    "award.spend": _HERE,
    "award.transfer": _HERE | {"target": _other},
    "bank.Bank.account": {"person": _ACCOUNT},
    "bank.Bank.publish_list": {"kind": "points"},
    "bank.Bank.report_breach": {"person": _ACCOUNT},
    "bank.Bank.statement": {"person": _ACCOUNT},
    "brief.Reports.publish": {"report": _report},
    "brief.Reports.write": {"report": _report},
    "brief.Reports.written": {"report": _report, "form": "json"},
    "decisions.Decisions.attach": {"file": GivenFile(name="x.txt", content=b"x")},
    "decisions.Decisions.opine": {"decision": whole_of("opinion.approve"), "verdict": "approve"},
    "deliveries.expand": {
        "fan": lambda w, s: attrs.evolve(values.some(Delivery), payload={"kind": "x", "recipients": []})
    },
    "district.ask": {"query": lambda world, scene: subjects(RequestFlow, place=scene.place)},
    "district.ask_unchecked": {"query": lambda world, scene: subjects(RequestFlow, place=scene.place)},
    "district.make": {"subject": of("request.accept"), "move": "accept"},
    "dispatch.make": {"subject": of("request.accept"), "move": "accept"},
    "district.perform": {
        "order": lambda world, scene: MoveOrder(subject=of("request.accept")(world, scene), move="accept")
    },
    "district.read": {"ident": _filed},
    "district.see": {"ident": _filed},
    "district.start": {"workflow": "request", "move": "submit"},
    "engine.perform": {
        "order": lambda world, scene: MoveOrder(subject=of("request.accept")(world, scene), move="accept")
    },
    "importing.run": {"paths": _list},
    "reporting.Reporting.import_files": {"files": _list},
    "reporting.Reporting.check": {"file": lambda world, scene: _list(world, scene)[0]},
    "owners_vote.Votes.cast": {"choice": "agree"},
    "owners_vote.Votes.check_elsewhere": {"vote": of("vote_elsewhere.check")},
    "owners_vote.Votes.enter": {"choice": "agree"},
    "owners_vote.Votes.named": {"vote": of("owners_vote.certified", ballots="by_name")},
    "party.Surveys.call_below": {"round": lambda world, scene: f"{new_id()}"},
    "report.bank.statement": {"person": _ACCOUNT},
    "report.bank.list": {"kind": "points"},
    "report.decision.file": {"number": lambda world, scene: str(of("decision")(world, scene))},
    "report.redemption.code": {"number": of("redemption")},
    "report.report-in.done": {"person": _member},
    **{
        f"report.vote.{name}": {"number": of("owners_vote")}
        for name in ("phones", "result", "turnout", "openings", "voted")
    },
    "report.vote.named": {"number": of("owners_vote.certified", ballots="by_name")},
    "register.appoint": {
        "posts": lambda world, scene: (Entry(person=scene.person, role="clerk", at=scene.place),)
    },
    "register.choose_part": {"matter": of("request")},
    "register.confirm_merge": {"number": of("record_merge.confirm")},
    "register.back": {"person": _newcomer},
    "register.correct": {"person": _newcomer, "name": NAME},
    "register.end": {"person": _newcomer, "how": "moved_away"},
    "register.end_organisation": {"organisation": _club},
    "register.end_place": {"place": _plot},
    "register.end_post": {"post": _post},
    "register.erase": {"person": _newcomer},
    "register.merge": {"duplicate": _newcomer, "into": _newcomer},
    "register.move": {"person": _newcomer},
    "register.merge_places": {"place": _plot, "into": _plot},
    "register.move_place": {"place": _plot},
    "register.locate_place": {"place": _plot, "point": ("27.2389", "111.4672"), "source": "GPS"},
    "register.rename_place": {"place": _plot},
    "register.split_place": {"place": _plot},
    "register.move_organisation": {"organisation": _club},
    "register.person": {"name": NAME, "home": _at},
    "register.place": {"kind": "building", "parent": _at},
    "register.post": {"role": "clerk", "at": _at},
    "register.reasons": {"person": _newcomer, "reason": "because"},
    "register.reveal": {"person": _newcomer, "fields": ("name",), "reason": "because"},
    "reporting.Reporting.done": {"person": _member},
    "reporting.Reporting.announce": {"compound": _at},
    "three_lists.Needs.add_evidence": {"request": _filed, "data": picture("jpeg")},
    "three_lists.Needs.duplicates": _HERE,
    "three_lists.Needs.sees": {
        "subject": lambda world, scene: world.matters[of("request.accept")(world, scene)]
    },
    "three_lists.Rota.add": {"until": _LATER},
    "three_lists.Rota.drop": {"shift": _shift},
    "volunteers.Volunteers.certify": _HERE,
    "volunteers.Volunteers.check_in": _SEAT | {"session": whole_of("seat.check_in")},
    "volunteers.Volunteers.check_out": _SEAT | {"session": whole_of("seat.check_out")},
    "volunteers.Volunteers.code": {"session": of("session.under_way")},
    "volunteers.Volunteers.leave": _SEAT,
    "volunteers.Volunteers.seat": _SEAT,
}
