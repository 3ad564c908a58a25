"""Making a move: may it happen, what is it, what follows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs

from linli import deadlines
from linli.access import ENGINE_ACTOR, Actor, Scene, Seat, acting_as
from linli.acts import Act, new_id
from linli.award.ledger import cap_write
from linli.award.rules import Award
from linli.effects import Assign, Change, Effect, MakeMove, OpenSubject, Tell, Transfer
from linli.engine import asked, quotas
from linli.engine.orders import Make, Start
from linli.engine.turn import Turn, round_suffix
from linli.errors import Conflict, NotAllowed, Refused
from linli.figures import Cell
from linli.i18n import say
from linli.subjects import Hands, Subject, in_hands_of
from linli.workflow import Move, Part, PartKey, Workflow


def start(turn: Turn, order: Start, actor: Actor, ident: UUID) -> Act:
    """Open a subject and make its first move."""
    flow = turn.rules.workflow(order.workflow)
    move = _move(flow, order.move)
    if move.sources:
        raise Refused(say("{kind} is not opened by {move}", kind=flow.name, move=move.name))
    subject_id = order.id or new_id()
    parent = turn.subject(order.parent) if order.parent else None
    subject = Subject(
        id=subject_id,
        root=parent.root if parent else subject_id,
        parent=order.parent,
        key=order.key,
        kind=flow.name,
        state="",
        place=order.place,
        holder=order.holder,
        person=order.person,
        opened_at=turn.facts.at,
        record=None,
    )
    return _Step(turn, flow, move, subject, actor, order.values, ident, new=True).made()


def make(turn: Turn, order: Make, actor: Actor, ident: UUID) -> Act:
    """Make a move of a subject that there is."""
    tree = turn.tree_of(order.subject)
    if order.version is not None and order.version != tree.version:
        raise Conflict(say("somebody has acted on this since you saw it; look at it again"))
    subject = tree.subjects[order.subject]
    flow = turn.rules.workflow(subject.kind)
    move = _move(flow, order.move)
    if flow.by_state[subject.state].name not in move.sources:
        raise Refused(_not_from_here(flow, move, subject))
    return _Step(turn, flow, move, subject, actor, order.values, ident, new=False).made()


def _move(flow: Workflow, name: str) -> Move:
    move = flow.by_move.get(name)
    if move is None:
        raise Refused(
            say(
                "{kind} has no move {name}; it has: {known}",
                kind=flow.name,
                name=name,
                known=", ".join(flow.by_move),
            )
        )
    return move


def _not_from_here(flow: Workflow, move: Move, subject: Subject) -> Any:
    state = flow.by_state[subject.state]
    possible = [say(m.label or m.name) for m in flow.moves_from(state.name) if m.when is None]
    return say(
        "{kind} is {state}, so it cannot be done: {move}; possible now: {possible}",
        kind=say(flow.label),
        state=say(state.label or state.name),
        move=say(move.label or move.name),
        possible=", ".join(map(str, possible)) or "-",
    )


class _Step:
    """One move of one subject in a turn."""

    def __init__(
        self,
        turn: Turn,
        flow: Workflow,
        move: Move,
        subject: Subject,
        actor: Actor,
        values: Mapping[str, object],
        ident: UUID,
        *,
        new: bool,
    ) -> None:
        self.turn, self.flow, self.move, self.actor, self.new = turn, flow, move, actor, new
        self.before = subject
        self.ident = ident
        self.acting_as = self._judged()
        self.given = asked.given(move, self._filled(values))

    def made(self) -> Act:
        """Do it all; the act."""
        if self.new:
            # Its record begins with what was given; checks of the move then see it whole.
            self.before = attrs.evolve(self.before, record=self._first_record())
            if self.before.id == self.before.root:
                self.turn.put(self.before, new=True)
        target = quotas.taken(self.turn, self.flow, self.move, self.before)
        after = self._after(target)
        act = self._act(after)
        self._check(act, after)
        self.turn.put(after, new=self.new)
        self.turn.record(act)
        quotas.posted(self.turn, self.flow, self.move, after, act, emptied=target == self.move.when_empty)
        self._seal(act, after)
        tally(self.turn, act, None if self.new else self.before, after)
        _open_parts(self.turn, self.flow, self.before, after)
        follow(self.turn, act, after, self.move)
        return act

    def _filled(self, values: Mapping[str, object]) -> Mapping[str, object]:
        for fill in self.move.fills:
            values = {**fill(self.before, values, self.turn.facts), **values}
        return values

    def _judged(self) -> str:
        scene = self._scene((self.before.holder,) if self.before.holder else ())
        found = self._as(scene)
        if found is None and self.move.by.holder and self.before.holder:
            # Only now: the seat may be empty, so that somebody stands in for it.
            found = self._as(self._scene(self.turn.facts.seats(self.before.holder, self.before.place)))
        if found is None:
            raise NotAllowed(
                say(
                    "{move}: you may not do this here; it is for: {role}",
                    move=say(self.move.label or self.move.name),
                    role=self.move.by,
                )
            )
        if self.actor.person and in_hands_of(self.actor.person, self._hands(), self.move.apart_from):
            raise NotAllowed(
                say(
                    "{move}: you have already acted in this matter; somebody else must do it",
                    move=say(self.move.label or self.move.name),
                )
            )
        return found

    def _scene(self, seats: tuple[Seat, ...]) -> Scene:
        return Scene(path=self.turn.spot(self.before.place).path, seats=seats, person=self.before.person)

    def _as(self, scene: Scene) -> str | None:
        posts = self.turn.facts.posts(self.actor.person) if self.actor.person else ()
        return acting_as(self.move.by, self.actor, posts, scene)

    def _hands(self) -> Hands:
        """Who did what in the whole matter: the root's hands and the subject's own."""
        root = self.before if self.new and self.before.parent is None else self.turn.subject(self.before.root)
        if root.id == self.before.id:
            return self.before.hands
        return Hands(moves=dict(root.hands.moves) | dict(self.before.hands.moves))

    def _first_record(self) -> Any:
        names = self.flow.fields
        return self.flow.record(**{n: v for n, v in self.given.open.items() if n in names})

    def _after(self, target: str | None) -> Subject:
        subject, at = self.before, self.turn.facts.at
        state = self.flow.by_state[target or subject.state]
        entered = target is not None and target != subject.state
        after = attrs.evolve(
            subject,
            state=state.name,
            record=subject.record if self.new else asked.recorded(subject.record, self.given),
            outcome=self._outcome(state.ends),
            ended_at=at if state.ends and entered else (subject.ended_at if state.ends else None),
            accepted_at=subject.accepted_at or (at if state.name == self.flow.accepted_in else None),
            hands=self._hands_after(state.name if entered else None),
        )
        reason = self.given.open.get("reason") or self.given.open.get("pause") or self.move.name
        return deadlines.moved(self.flow, after, self.turn.facts, reason)

    def _outcome(self, ends: tuple[str, ...]) -> str | None:
        if len(ends) < 2:
            return ends[0] if ends else None
        chosen = self.given.open.get("outcome", ends[0])
        if chosen not in ends:
            raise Refused(say("outcome must be one of {choices}", choices=", ".join(ends)))
        return str(chosen)

    def _hands_after(self, entered: str | None) -> Hands:
        hands = self.before.hands
        moves, rounds = dict(hands.moves), dict(hands.rounds)
        if self.actor.person:
            known = moves.get(self.move.name, ())
            moves[self.move.name] = known if self.actor.person in known else (*known, self.actor.person)
        if entered and any(part.opens_in == entered for part in self.flow.parts):
            rounds[entered] = rounds.get(entered, 0) + 1
        return Hands(moves=moves, rounds=rounds)

    def _act(self, after: Subject) -> Act:
        commit = self.turn.rules.vault.keyring.commit
        marks = {n: commit(text, f"{self.ident} {n}") for n, text in self.given.private.items()}
        body: dict[str, Any] = {"from": self.before.state, "to": after.state}
        values = asked.kept(self.given, marks)
        if values:
            body["values"] = values
        return Act(
            id=self.ident,
            verb=f"{self.flow.name}.{self.move.name}",
            kind=self.flow.name,
            root=after.root,
            version=self.turn.version_of(after.root, fresh=self.new and after.id == after.root),
            subject=after.id,
            place=after.place,
            person=after.person,
            actor=self.actor.person,
            acting_as=self.acting_as,
            at=self.turn.facts.at,
            recorded_at=self.turn.recorded_at,
            settings=self.turn.rules.settings,
            body=body,
        )

    def _check(self, act: Act, after: Subject) -> None:
        reasons = [
            reason for test in self.move.checks if (reason := test(act, after, self.before, self.turn.facts))
        ]
        reasons += [answer.value for answer in self.turn.rules.plugins.act_check(act, after, self.turn.facts)]
        if reasons:
            raise Refused(
                say(
                    "{move}: {reasons}",
                    move=say(self.move.label or self.move.name),
                    reasons="; ".join(map(str, reasons)),
                )
            )

    def _seal(self, act: Act, after: Subject) -> None:
        opened = self.new and after.id == after.root
        for name, text in self.given.private.items():
            # What a subject is opened with is the subject's; what is said later belongs to the act.
            keeper = after.id if self.new else act.id
            self.turn.seal(after.root, keeper, name, text, new_owner=opened)


def tally(turn: Turn, act: Act, before: Subject | None, after: Subject | None) -> None:
    for name, counts in turn.rules.counts.get(act.verb, ()):
        for count in counts(act, before, after):
            place = count.place or act.place
            if place is not None:
                day = (count.at or act.at).astimezone(turn.rules.zone).date()
                turn.count(
                    Cell(figure=name, place=turn.spot(place).figures_at, day=day), count.n, count.total
                )


def _open_parts(turn: Turn, flow: Workflow, before: Subject, after: Subject) -> None:
    for part in flow.parts:
        if part.opens_in == after.state and before.state != after.state and part.one_per:
            for key in part.one_per(after, turn.facts):
                _open_part(turn, part, after, key)


def _open_part(turn: Turn, part: Part, parent: Subject, key: PartKey) -> None:
    order = Start(
        workflow=part.workflow,
        move=part.start,
        place=parent.place,
        parent=parent.id,
        key=key.key + round_suffix(parent),
        holder=key.holder,
        person=parent.person,
        values=key.values,
    )
    start(turn, order, ENGINE_ACTOR, new_id())


def follow(turn: Turn, act: Act, subject: Subject | None, move: Move | None) -> None:
    """Carry out what follows from an act: the move's effects, the plugins', the points it earns."""
    for produce in move.effects if move else ():
        assert subject is not None
        for effect in produce(act, subject, turn.facts):
            carry_out(turn, act, effect)
    for answer in turn.rules.plugins.act_effects(act, subject, turn.facts):
        carry_out(turn, act, answer.value)
    for award in turn.rules.plugins.points_for_act(act, subject, turn.facts):
        pay(turn, act, award.value)


def carry_out(turn: Turn, act: Act, effect: Effect) -> None:
    """Carry out one effect of an act."""
    match effect:
        case OpenSubject():
            start(turn, _start(effect), ENGINE_ACTOR, new_id())
        case MakeMove():
            order = Make(subject=effect.subject, move=effect.move, values=effect.values)
            make(turn, order, ENGINE_ACTOR, new_id())
        case Assign():
            turn.put(attrs.evolve(turn.subject(effect.subject or act.subject), holder=effect.holder))
        case Transfer():
            turn.transfer(effect, act.id)
        case Tell():
            turn.deliver(
                act.id, effect.at or act.recorded_at, effect.kind, effect.recipient, dict(effect.payload)
            )
        case Change():
            turn.write(effect.write)


def _start(effect: OpenSubject) -> Start:
    return Start(
        workflow=effect.workflow,
        move=effect.move,
        place=effect.place,
        parent=effect.parent,
        key=effect.key,
        holder=effect.holder,
        person=effect.person,
        values=effect.values,
    )


def pay(turn: Turn, act: Act, award: Award) -> None:
    """Post an award, cut to what its cap leaves."""
    points = award.points
    if award.cap:
        points = min(points, award.cap.most - turn.facts.cap_used(award.person, award.rule, award.cap.period))
        if points > 0:
            used = cap_write(
                turn.rules.district, award.person, award.rule, award.cap.period, points, award.cap.most
            )
            turn.write(used)
    if points > 0:
        turn.transfer(_payment(turn, act, award, points), act.id)


def _payment(turn: Turn, act: Act, award: Award, points: int) -> Transfer:
    issuer = award.issuer or _issuer(turn, act)
    return Transfer(
        unit=award.unit,
        amount=points,
        source=(issuer, "issued"),
        target=(award.person, "free"),
        rule=award.rule,
        cause=award.cause,
    )


def _issuer(turn: Turn, act: Act) -> UUID:
    assert act.place is not None, "an act without a place earns points only from a named issuer"
    return turn.spot(act.place).figures_at


def settle(turn: Turn) -> None:
    """Make the engine's own moves until none is left to make."""
    for _ in range(_MOST_OWN_MOVES):
        ready = _ready(turn)
        if ready is None:
            turn.set_timers()
            return
        subject, move = ready
        make(turn, Make(subject=subject.id, move=move.name), ENGINE_ACTOR, new_id())
    raise Refused(say("the rules of this district lead on and on; nothing was stored; check its workflows"))


_MOST_OWN_MOVES = 1000


def _ready(turn: Turn) -> tuple[Subject, Move] | None:
    for tree in turn.trees.values():
        for subject in tree.subjects.values():
            flow = turn.rules.workflows[subject.kind]
            for move in flow.own_moves:
                if subject.state in move.sources and move.when and move.when(subject, tree):
                    return subject, move
    return None
