"""Two streets with three compounds, a seat of every kind, and somebody with every post at one of the places."""

import os
import traceback
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from uuid import UUID, uuid4

import attrs

from everybody import values
from everybody.table import MOVES, POSTS, Line, line_of
from linli._base.errors import Altered, NotAllowed, Refused
from linli._base.refusals import Refusal
from linli._engine.afterwards import LATE_ENTRY
from linli._engine.orders import MoveOrder, OpenOrder, Order
from linli._model.access import Actor, Post, Role, Seat
from linli._model.acts import new_id
from linli._model.compiled import Move, Workflow
from linli._model.direct import ActResult, DirectOrder
from linli._model.facts import Facts
from linli._model.subjects import ClockState, StoredSubject, opened
from linli._testing.people import _store, who
from linli.testing import Moment, make_district, somebody

PLUGINS = (
    "party", "three_lists", "volunteers", "bank", "decisions", "meetings", "owners_vote", "reporting", "board",
    "stewards", "centres", "brief", "tabular",
)  # fmt: skip
_SETTINGS = """
[board]
base_url = "https://b.example/"

[award]
expiry = [{ unit = "points", period = "year" }]

[[bank.ledgers]]
unit = "points"
lists = ["points"]
"""
SLOW = bool(os.environ.get("LINLI_SLOW"))
SEED = int(os.environ.get("LINLI_SEED", "0")) or SystemRandom().randrange(10**6)
# What people are called who are in the vault.
NAME = "欧阳密文"
# How rights refuse; what else stops an act, it had passed them.
_REFUSALS = (
    "you may not do this here",
    "only somebody who is registered, and whose record has not ended",
    "for yourself, not for somebody else",
)
# Sentences of `assert`s about what stands in the record, which a matter that was made up here does not keep.
_MADE_UP = (
    "what is filed was resolved by a joint meeting",
    "what is certified was counted",
    "not enough values to unpack (expected at least 1, got 0)",
    "what was written here has been shredded, or nothing was ever written",
    "the file was erased with whoever reported it",
    "Invalid base64-encoded string",
    "'x'",  # a word that no move lets anybody say
)


@attrs.frozen(kw_only=True)
class Scene:
    """Where and whose something is: what the table is asked about."""

    place: UUID
    holder: Seat | None = None
    person: UUID | None = None
    opened: bool = False


class World:
    """A district with every plugin, its people, and matters that stand wherever a test wants them."""

    def __init__(self, folder: Path, chance: Random, *, url: str = "sqlite:///linli.db") -> None:
        self.chance, self.clock, self.folder = chance, Moment(), folder
        self.tries = self.refusals = self.made_up = self.named = 0
        self.done = False
        self.matters: dict[UUID, StoredSubject] = {}
        self.homes: dict[UUID, UUID] = {}
        self.buildings: list[UUID] = []
        # What stands for a matter in a call: the person of an account, the place of a bank.
        self.stands_for: dict[UUID, StoredSubject] = {}
        self.seated: set[UUID] = set()  # places with a steward
        self.district = make_district(folder, enabled=PLUGINS, url=url, clock=self.clock, more=_SETTINGS)
        self._places()
        self._people()
        self.posts = self._posts()
        self.paths = {place: self._path(place) for place in self.places}
        self.counted = {place: self.district.register.node(place).reporting_place for place in self.places}

    def _places(self) -> None:
        register = self.district.register
        self.root = register.root()
        streets = [register.place("street", f"{n}街道", parent=self.root) for n in "甲乙"]
        communities = [
            register.place("community", f"{n}社区", parent=streets["甲甲乙".index(n) // 2]) for n in "甲乙"
        ]
        self.compounds = [
            register.place("compound", f"{n}园", parent=communities[k // 2], record={"kind": "old"})
            for k, n in enumerate("甲乙丙")
        ]
        self.places = [self.root, *streets, *communities, *self.compounds]
        self.body = register.organisation("property_company", "甲物业", self.compounds[0])

    def _people(self) -> None:
        """Two with every post that the table names, neighbours without one, and those who are not there any more."""
        register, home = self.district.register, self.compounds[0]
        self.people: list[Actor] = []
        roles = sorted({post for line in MOVES.values() for post in line.posts})
        # One above some of the places, one at one of them.
        for role in roles:
            for among in (self.places[:3], self.compounds):
                self.people.append(somebody(self.district, role, self.chance.choice(among)))
        self.people.append(somebody(self.district, "property_manager", home, at=self.body))
        self.people += [somebody(self.district, None, place) for place in self.compounds]
        ended, gone = somebody(self.district, "clerk", home), somebody(self.district, "clerk", home)
        register.end_post(register.posts(person=who(ended))[0].id)
        register.end(who(gone), "moved_away")
        # Whoever was merged is who they became, with all posts of both.
        merged, stays = (self.resident(place, "clerk") for place in self.compounds[:2])
        register.merge(who(merged), who(stays))
        self.now: dict[UUID, UUID] = {who(merged): who(stays)}
        self.people += [ended, gone, merged, stays, Actor(person=uuid4())]
        self.gone = {gone.person, self.people[-1].person}
        self.registered = [who(one) for one in self.people[:-1] if one is not gone]

    def resident(self, place: UUID, role: str | None = None) -> Actor:
        """Somebody at home there, whose name and phone are in the vault."""
        self.named += 1
        number = f"1380000{self.named:04}"
        person = self.district.register.person(name=NAME, phone=number, home=place)
        self.homes[person] = place
        if role:
            self.district.register.post(person, role, place)
        return Actor(person=person)

    def _posts(self) -> dict[UUID, tuple[Post, ...]]:
        """The posts that people have now: what somebody was let do may have given some."""
        found = {self.is_now(who(one)): tuple[Post, ...]() for one in self.people}
        for one in self.district.register.posts():
            post = Post(role=one.role, at=one.at, place=one.place)
            found[one.person] = (*found.get(one.person, ()), post)
        return found

    def _path(self, place: UUID) -> tuple[UUID, ...]:
        with self.district.register._facts() as facts:
            return facts.place(place).path

    @property
    def seats(self) -> list[Seat]:
        """The seats that somebody has now: for an empty one others stand in."""
        return [Seat(role=post.role, at=post.at) for held in self.posts.values() for post in held]

    def is_now(self, person: UUID) -> UUID:
        """Who somebody is since their records were merged."""
        return self.now.get(person, person)

    def holders(self, role: str) -> list[Actor]:
        """Those who have a post now."""
        roles = {one.person: {post.role for post in self.posts.get(who(one), ())} for one in self.people}
        return [one for one in self.people if role in roles[one.person]]

    @property
    def known(self) -> list[UUID]:
        """Numbers that somebody might give for one of anything: places, people, a company, the last matters."""
        return [*self.places, self.body, *self.registered, *list(self.matters)[-20:]]

    # --- what the table says ----------------------------------------------------------------------------------

    def may(self, line: Line, actor: Actor, scene: Scene) -> bool:
        """Whether somebody may, by the table and by what the record says of them."""
        if actor.person is None or actor.person in self.gone:
            return False
        me = self.is_now(actor.person)
        posts = self.posts[me]
        if any(post.role in line.posts and post.place in self.paths[scene.place] for post in posts):
            return True
        holder = scene.holder
        held = holder and any(post.at == holder.at and holder.role in (None, post.role) for post in posts)
        if "holder" in line.flags and held:
            return True
        if "own" in line.flags and scene.person is not None and self.is_now(scene.person) == me:
            return True
        return "anyone" in line.flags and (not scene.opened or scene.person in (None, me, actor.person))

    def may_see(self, actor: Actor, scene: Scene) -> bool:
        """Whether somebody has a post at a place or above, a seat that holds the matter, or it is their own."""
        if actor.person is None or actor.person in self.gone:
            return False
        me = self.is_now(actor.person)
        near = any(
            post.place in self.paths[scene.place] or (scene.holder and post.at == scene.holder.at)
            for post in self.posts[me]
        )
        return near or (scene.person is not None and self.is_now(scene.person) == me)

    def any_matter(self) -> StoredSubject:
        """A matter at some place."""
        scene = Scene(place=self.chance.choice(self.compounds))
        return self.matters[self.matter(self.district.rules.workflow("request"), scene)]

    # --- what linli does ---------------------------------------------------------------------------------------

    def somewhere(self, actor: Actor) -> Scene:
        """A place, a seat and a person, by chance: somebody's own now and then."""
        holder = self.chance.choice(self._seats_for(actor)) if self.chance.random() < 0.6 else None
        mine = self.chance.random() < 0.3 and actor.person not in self.gone
        person = self.is_now(who(actor)) if mine else self.is_now(self.chance.choice(self.registered))
        return Scene(place=self.chance.choice(self.places), holder=holder, person=person)

    def _seats_for(self, actor: Actor) -> Sequence[Seat]:
        """Any seats, or their own: among so many they would hardly ever hold what they try."""
        posts = () if actor.person in self.gone else self.posts.get(self.is_now(who(actor)), ())
        own = [Seat(role=post.role, at=post.at) for post in posts]
        return own if own and self.chance.random() < 0.5 else self.seats

    def matter(
        self,
        flow: Workflow,
        scene: Scene,
        states: tuple[str, ...] = (),
        ident: UUID | None = None,
        above: UUID | None = None,
        **said: Any,
    ) -> UUID:
        """A matter that stands in one of some states, below one of the kind that it is a part of.

        Args:
            said: what its record says, where any value would not do.
        """
        ident = ident or new_id()
        whole = self.matters[above] if above else self._above(flow, scene.place)
        state = self.chance.choice(states or tuple(flow.by_state))
        subject = StoredSubject(
            id=ident, root=whole.root if whole else ident, parent=whole.id if whole else None,
            key="1" if whole else None, kind=flow.name, state=state, place=scene.place,
            compound=self.counted[scene.place],
            holder=scene.holder, person=scene.person, opened_at=self.clock.now,
            # A state that comes after it was accepted is of one that was accepted.
            accepted_at=self.clock.now if state in flow.once_accepted else None,
            record=attrs.evolve(_standing(flow, scene.place), **said),
            clocks=dict.fromkeys((clock.name for clock in flow.clocks), self._running()),
            # Its number by turn, beside those that are drawn: of so many, two would be drawn alike.
            number=len(self.matters) + 1,
        )  # fmt: skip
        self.matters[ident] = subject
        _store(self.district, opened(self.district.code, subject))
        return ident

    def _running(self) -> ClockState:
        day = timedelta(days=1)
        return ClockState(
            span=day.total_seconds(), service=False, since=self.clock.now, due=self.clock.now + day
        )

    def _above(self, flow: Workflow, place: UUID) -> StoredSubject | None:
        if flow.name == LATE_ENTRY:
            # A part of whatever was entered late, which no workflow has to declare.
            return self.matters[self.matter(self.district.rules.workflow("request"), Scene(place=place))]
        for one in self.district.rules.workflows.values():
            if one is not flow and any(part.workflow == flow.name for part in one.parts):
                return self.matters[self.matter(one, Scene(place=place))]
        return None

    def let_through(self, do: Callable[[], object], *, any_refusal: bool = False) -> bool:
        """Whether the rights let it through, whatever refuses it afterwards; anything but a refusal is a fault.

        Whether it was done as well, `done` says.

        Args:
            any_refusal: whether whoever judges says it in words of its own.
        """
        self.tries += 1
        self.done = False
        try:
            do()
            self.done, self.posts = True, self._posts()
        except NotAllowed as refusal:
            said = (refusal.text, *refusal.reasons)
            refused = any_refusal or any(one.message.startswith(_REFUSALS) for one in said)
            self.refusals += refused
            return not refused
        except Refused:
            return True
        except Exception as fault:
            # What never went out cannot be shown: of publications the journal is asked.
            if not isinstance(fault, Altered) and not _of_what_cannot_be(fault):
                raise
            self.made_up += 1
        return True

    def try_move(self, flow: Workflow, move: Move, actor: Actor, *, with_values: bool = True) -> None:
        """Let somebody try a move at a place of their own or of others, and hold what happens against the table."""
        line, scene = MOVES[f"{flow.name}.{move.name}"], self.somewhere(actor)
        given = values.tried(move.fields, self.chance, self.known) if with_values else {}
        if move.sources:
            number = self.matter(flow, scene, move.sources)
            allowed = self.let_through(lambda: self.district.make(number, move.name, given, actor=actor))
        else:
            person = scene.person if self.chance.random() < 0.7 else None
            scene = attrs.evolve(scene, holder=None, opened=True, person=person)
            allowed = self.let_through(
                lambda: self.district.start(
                    flow.name, move.name, scene.place, given, person=scene.person, actor=actor
                )
            )
        self.hold(f"{flow.name}.{move.name}", allowed, self.may(line, actor, scene), scene)

    def try_verb(self, verb: str, actor: Actor) -> None:
        """Let somebody try an act that is no workflow's move."""
        scene = attrs.evolve(self.somewhere(actor), holder=None)
        direct = next(one for one in self.district.rules.direct_acts if one.verb == verb)
        order = DirectOrder(act=direct, work=_stopped, place=scene.place, person=scene.person)
        allowed = self.let_through(lambda: self.district.perform(order, actor=actor))
        self.hold(verb, allowed, self.may(line_of(verb), actor, scene), scene)

    @property
    def verbs(self) -> list[str]:
        """The direct acts that people do."""
        permissions = self.district.rules.permissions
        return sorted(verb for verb, role in permissions.items() if by_people(role))

    # --- posts ---------------------------------------------------------------------------------------------------

    def may_give(self, role: str, actor: Actor, seat: UUID, tried: frozenset[str] = frozenset()) -> bool:
        """Whether somebody may give or end a post, by the table."""
        if actor.person is None or actor.person in self.gone:
            return False
        line, path = POSTS[role], self.paths[self.reach(seat)]
        for post in self.posts[self.is_now(actor.person)]:
            above = post.place != path[-1] or len(path) == 1
            here = post.at == seat if "body" in line.flags else "above" not in line.flags
            if post.role in line.posts and post.place in path and (above or here):
                return True
        tried = tried | {role}
        return any(self.may_give(one, actor, seat, tried) for one in line.posts - tried)

    def reach(self, seat: UUID) -> UUID:
        """The place that a post reaches."""
        return self.compounds[0] if seat == self.body else seat

    def try_giving(self, role: str, actor: Actor) -> None:
        """Let somebody give a post to somebody who has none, or to themselves."""
        seat, mine = self.chance.choice([*self.places, self.body]), self.chance.random() < 0.1
        person = who(actor) if mine else who(somebody(self.district, None, self.root))
        allowed = self.let_through(
            lambda: self.district.register.post(person, role, seat, actor=actor), any_refusal=True
        )
        wanted = not mine and self.may_give(role, actor, seat)
        self.hold(f"giving {role}", allowed, wanted, Scene(place=self.reach(seat)))

    def try_ending(self, role: str, actor: Actor) -> None:
        """Let somebody end a post of somebody else's."""
        seat = self.chance.choice([*self.places, self.body])
        person = who(somebody(self.district, role, self.reach(seat), at=seat))
        (post,) = self.district.register.posts(person=person)
        allowed = self.let_through(
            lambda: self.district.register.end_post(post.id, actor=actor), any_refusal=True
        )
        self.hold(f"ending {role}", allowed, self.may_give(role, actor, seat), Scene(place=self.reach(seat)))

    def hold(self, what: str, allowed: bool, wanted: bool, scene: Scene) -> None:
        """Hold what linli did against what the table says."""
        where = "above" if len(self.paths[scene.place]) < 3 else "below"
        assert allowed == wanted, f"{what} ({where}): the table says {wanted}, linli {allowed}"

    # --- of an order ---------------------------------------------------------------------------------------------

    def asked_of(self, order: Order) -> tuple[str, Scene]:
        """The act that an order is for, and where and whose it is, as this world made it."""
        if isinstance(order, MoveOrder):
            one = self.matters[order.subject]
            scene = Scene(place=one.place, holder=one.holder, person=one.person)
            return f"{one.kind}.{order.move}", scene
        if isinstance(order, OpenOrder):
            scene = Scene(place=order.place, person=order.person, opened=True)
            return f"{order.workflow}.{order.move}", scene
        assert isinstance(order, DirectOrder), "nobody but linli says that something is late"
        return order.verb, Scene(place=order.place or self.root, person=order.person)


def _of_what_cannot_be(fault: Exception) -> bool:
    """Whether a fault comes of a matter that was made up here: it says what it has not, or has no history."""
    cause = fault.__cause__ or fault
    last = traceback.extract_tb(cause.__traceback__)[-1].line or ""
    return str(cause).startswith(_MADE_UP) or ".history(" in last


class LetThrough(Refusal, says="the rights let it through"): ...


def _stopped(facts: Facts) -> ActResult:
    """What is done once rights have let it through: nothing."""
    raise Refused(LetThrough())


def by_people(role: Role) -> bool:
    """Whether anybody but linli itself may."""
    return bool(role.posts or role.holder or role.own or role.anyone)


def moves_of(world: World) -> list[tuple[Workflow, Move]]:
    """Every move that people may make."""
    flows = world.district.rules.workflows.values()
    return [(flow, move) for flow in flows for move in flow.by_move.values() if by_people(move.by)]


def summary(world: World, calls: int) -> str:
    """What was tried, for the printout."""
    told: dict[str, Any] = {
        "calls": calls, "people": len(world.people), "tries": world.tries, "refusals": world.refusals,
        "of matters that cannot be": world.made_up, "seed": SEED,
    }  # fmt: skip
    return ", ".join(f"{name} {count}" for name, count in told.items())


__all__ = ["PLUGINS", "SEED", "SLOW", "Scene", "World", "by_people", "line_of", "moves_of", "summary"]


def _standing(flow: Workflow, place: UUID) -> Any:
    """Some record, in which each number is that of something that is there."""
    made = values.record(flow.record)
    numbers = [one.name for one in attrs.fields(flow.record) if isinstance(getattr(made, one.name), UUID)]
    return attrs.evolve(made, **dict.fromkeys(numbers, place))
