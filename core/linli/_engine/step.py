"""One move of one subject: may it happen, and what is it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli._base import codec
from linli._base.errors import NotAllowed, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.records import evolve
from linli._base.refusals import Invalid, NotPermitted
from linli._engine import afterwards, asked, conflicts, console, quotas
from linli._engine.beginning import at_ended_place
from linli._engine.counting import add, counted
from linli._engine.files import Filed
from linli._engine.following import follow_move, open_parts
from linli._engine.refusing import ask_which, not_allowed
from linli._engine.turn import UnitOfWork
from linli._model import deadlines
from linli._model.access import Actor, PermissionContext, Post, Seat, acting_as
from linli._model.acts import Act
from linli._model.compiled import Move, Workflow
from linli._model.subjects import Participants, StoredSubject

if TYPE_CHECKING:
    from linli._model.contexts import Transition
    from linli._model.running import Typed


class ForAnother(
    NotPermitted, says="for yourself, not for somebody else; that is done by who works there"
): ...


class AboutThemselves(NotPermitted, says="it is about you; somebody else must do it"): ...


class NoOutcome(Invalid, says="outcome must be one of {choices}"):
    choices: Several
    field: str = "outcome"


class TransitionRun:
    """One move of one subject in a turn: whoever may not make it cannot make one."""

    def __init__(
        self,
        turn: UnitOfWork,
        flow: Workflow,
        move: Move,
        subject: StoredSubject,
        actor: Actor,
        ident: UUID,
        *,
        new: bool,
    ) -> None:
        self.turn, self.flow, self.move, self.actor, self.new = turn, flow, move, actor, new
        self.before = subject
        self.ident = ident
        self._acted_for = self._body_before(actor.person) if actor.person else None
        self._posts = self._posts_of(actor.person) if actor.person else ()
        self.acting_as = self._judged()

    def take(self, values: Mapping[str, object]) -> None:
        """Look at what was given: the values, and when that began and ended which begins and ends with the move.

        An opening ends nothing: it counts from when it was, as a whole.
        """
        values = afterwards.on_the_clock(self.move, values, self.turn.facts)
        said = () if self.actor.engine else values
        self._refuse_computed(values)
        given = asked.given(self.move, values, said)
        if self.move.files:
            self._files = Filed(self.move, given, self.ident, self.turn.facts)
            given = self._files.given
        self.told = afterwards.told(self.move, given, self.before, self.turn, self.actor.source)
        self._work_out(self.move.typed, given)
        self._begins = self.told.since or self.turn.facts.at
        self._ends = self.turn.facts.at if self.move.sources else self._begins

    def _work_out(self, typed: "Typed", given: Any) -> None:
        """Add what linli works out to what was given: what the record keeps of it, in the open and in the vault."""
        scene = (self.turn.facts, self.ident, self.actor.person, self.acting_as)
        typed.fetch(self.before, given, scene)
        self.inputs = typed.completed(self.before, given, scene)
        self.private = typed.private_values(self.inputs)
        self.open: dict[str, Any] = {
            **typed.open_values(self.inputs),
            **typed.computed(self.before, self.inputs, scene),
        }

    def made(self, values: Mapping[str, object]) -> Act:
        """Do it all; the act."""
        self.take(values)
        if self.new:
            # Its record begins with what was given; checks of the move then see it whole.
            self.before = evolve(self.before, record=self._first_record(), opened_at=self._begins)
            if self.before.id == self.before.root:
                self.turn.put(self.before, new=True)
        if self.move.not_by:
            self._not_decided_elsewhere()
        target, lack = quotas.taken(self.turn, self.flow, self.move, self.before)
        if self.move.back:
            target = self.before.hands.came_from.get(self.before.state, target)
        after = self._after(target, self._ends)
        act = self._act(after)
        transition = self.move.typed.transition(act, self.before, after, self.turn.facts, self.inputs)
        self._check(after, transition)
        if lack:
            # Only now: whoever may not do it at all is told so, and not how much they would need.
            raise Refused(lack, doing=self._doing)
        self.turn.put(after, new=self.new)
        act = transition.act = self._count(act, after, target)
        self.turn.record(act)
        if self.flow.quotas:
            quotas.posted(self.turn, self.flow, self.move, after, act, emptied=target == self.move.when_empty)
        self._seal(act, after)
        open_parts(self.turn, self.flow, self.before, after)
        follow_move(self.turn, act, transition, self.move)
        return act

    def _refuse_computed(self, values: Mapping[str, object]) -> None:
        """Nobody gives what linli works out, and nobody but linli itself what it alone gives."""
        if self.move.computed:
            asked.refuse_computed(self.move, values, self.move.computed)
        if self.move.by_engine and not self.actor.engine:
            asked.refuse_computed(self.move, values, self.move.by_engine)

    def _judged(self) -> str:
        console.refuse_deciding(self.turn.rules, self.actor, self.flow, self.move)
        scene = self._scene((self.before.holder,) if self.before.holder else ())
        found = self._as(scene)
        if found is None and self.move.by.holder and self.before.holder:
            # Only now: the seat may be empty, so that somebody stands in for it.
            seats = self.turn.facts.seats(
                self.before.holder, self.before.place, self._barred() | self._about()
            )
            found = self._as(self._scene(seats))
        if found is None:
            raise self._refused(scene)
        if self.actor.asked:
            ask_which(self._doing, self.move.by, self.actor, self._posts, scene, found)
        if self.new and found in ("person", "own") and self.before.person not in (None, self.actor.person):
            raise NotAllowed(ForAnother(), doing=self._doing)
        about = self._about()
        if about and self.turn.facts.is_among(self.actor.person, about):
            raise NotAllowed(AboutThemselves(), doing=self._doing)
        if self._acted_before():
            raise NotAllowed(conflicts.ActedAlready(), doing=self._doing)
        return found

    @property
    def _doing(self) -> Text:
        return say(self.move.label or self.move.name)

    def _barred(self) -> frozenset[UUID]:
        """Who may not make the move because of what they did before in this matter: it goes up where that is everybody."""
        if not self.move.not_by:
            return frozenset()
        return frozenset(person for name in self.move.not_by for person in self._makers(name))

    def _makers(self, move: str) -> tuple[UUID, ...]:
        """Who made a move of this subject or, as "whistle.blow", of the whole that it is a part of."""
        kind, _, name = move.rpartition(".")
        if kind not in ("", self._whole().kind):
            return ()
        return (self._whole().hands if kind else self._hands()).moves.get(name, ())

    def _about(self) -> frozenset[UUID]:
        """Who may not make the move since it is about them: nobody where the role does not say so."""
        if not self.move.by.not_own:
            return frozenset()
        one = self.before
        root = one if one.root == one.id else self.turn.subject(one.root)
        return frozenset(person for person in (one.person, root.person) if person)

    def _refused(self, scene: PermissionContext) -> NotAllowed:
        """The refusal, which knows of posts that do not count in this matter."""
        person = self.actor.person
        posts = self.turn.facts.posts(person) if person else ()
        body = self._acted_for
        kept = None if body is None else next((post for post in posts if post.at == body), None)
        return not_allowed(
            self._doing,
            self.move.by,
            self.actor,
            self._posts,
            scene,
            first=kept if len(posts) > len(self._posts) else None,
        )

    def _acted_before(self) -> bool:
        """Whether the actor made one of the moves in this matter that somebody else must have made."""
        barred = self._barred()
        # Whoever acted before by another number of theirs is the same person.
        return bool(barred) and self.turn.facts.is_among(self.actor.person, barred)

    def _not_decided_elsewhere(self) -> None:
        """Refuse whoever made one of the moves in another part of the matter, or of what is one with it."""
        person, known = self.actor.person, ("", self._whole().kind)
        verbs = [verb for verb in self.move.not_by if verb.rpartition(".")[0] not in known]
        if person and verbs and conflicts.acted_elsewhere(self.turn, self.before, person, verbs):
            raise NotAllowed(conflicts.ActedAlready(), doing=self._doing)

    def _scene(self, seats: tuple[Seat, ...]) -> PermissionContext:
        path = self.turn.spot(self.before.place).path
        if self.before.ended_at is not None and self.move.to is None:
            # What has ended is still read where it happened: at every part of a place that was split.
            path = (*path, *self.turn.came_after(self.before.id))
        return PermissionContext(path=path, seats=seats, person=self.before.person)

    def _as(self, scene: PermissionContext) -> str | None:
        if self.actor.only is None and self._acted_for:
            # What somebody began for a body is the body's, not their own.
            found = acting_as(evolve(self.move.by, own=False), self.actor, self._posts, scene)
            if found:
                return found
        return acting_as(self.move.by, self.actor, self._posts, scene)

    def _posts_of(self, person: UUID) -> tuple[Post, ...]:
        """The actor's posts; in one matter they act for one organisation, the first they acted for."""
        posts = self.turn.facts.posts(person)
        first = self._acted_for
        if first is None or not any(post.of_body for post in posts):
            return posts
        if all(post.at != first for post in posts):
            first = self.turn.facts.body_now(first)
        return tuple(post for post in posts if not post.of_body or post.at == first)

    def _body_before(self, person: UUID) -> UUID | None:
        """The organisation that somebody acted for before in this matter."""
        if self.new and self.before.parent is None:
            return None
        tree = self.turn.tree_of(self.before.root)
        acted = {who: body for one in tree.subjects.values() for who, body in one.hands.bodies.items()}
        if not acted:
            return None
        known = self.turn.facts.identities(person) if acted.keys() - {str(person)} else (person,)
        return next((acted[str(one)] for one in (person, *known) if str(one) in acted), None)

    def _hands(self) -> Participants:
        """Who did what in the whole matter: the root's hands and the subject's own."""
        root = self._whole()
        if root.id == self.before.id:
            return self.before.hands
        return Participants(moves=dict(root.hands.moves) | dict(self.before.hands.moves))

    def _whole(self) -> StoredSubject:
        """What it is a part of, at the top; itself where it is a part of nothing."""
        new = self.new and self.before.parent is None
        return self.before if new else self.turn.subject(self.before.root)

    def _first_record(self) -> Any:
        names = self.flow.fields
        return self.flow.record(**{n: v for n, v in self.open.items() if n in names})

    def _count(self, act: Act, after: StoredSubject, target: str | None) -> Act:
        """Count it; where an earlier moment would count otherwise, let somebody above confirm that."""
        before = None if self.new else self.before
        if self._ends == self._begins:
            return add(self.turn, act, counted(self.turn, self._at(act, self._begins), before, after))
        then = self._after(target, self._begins)
        ways = afterwards.Ways(
            after=after,
            then=then,
            counts=tuple(counted(self.turn, act, before, after)),
            counts_then=tuple(counted(self.turn, self._at(act, self._begins), before, then)),
        )
        afterwards.wait(self.turn, act, ways, self._begins, self._posts)
        return add(self.turn, act, ways.counts)

    def _at(self, act: Act, moment: datetime) -> Act:
        return act if moment == act.at else evolve(act, at=moment)

    def _after(self, target: str | None, ends: datetime) -> StoredSubject:
        """The subject as the move leaves it, where what it ends has ended at a moment."""
        subject, facts = self.before, self.turn.facts
        state = self.flow.by_state[target or subject.state]
        entered = target is not None and target != subject.state
        after = evolve(
            subject,
            state=state.name,
            record=subject.record if self.new else asked.recorded(self.flow, subject.record, self.open),
            outcome=self._outcome(state.ends) if entered or self.new else subject.outcome,
            ended_at=ends if state.ends and entered else (subject.ended_at if state.ends else None),
            accepted_at=subject.accepted_at
            or (self._begins if state.name == self.flow.accepted_in else None),
            hands=self._hands_after(state.name if entered else None),
        )
        reason = self.open.get("reason") or self.move.name
        facts = facts if ends == facts.at else facts.as_of(ends)
        return deadlines.moved(self.flow, after, facts, reason, self.move.resets, begins=self._begins)

    def _outcome(self, ends: tuple[str, ...]) -> str | None:
        if len(ends) < 2:
            return ends[0] if ends else None
        chosen = self.open.get("outcome", ends[0])
        if chosen not in ends:
            raise Refused(NoOutcome(choices=listed(ends)))
        return str(chosen)

    def _hands_after(self, entered: str | None) -> Participants:
        hands, person = self.before.hands, self.actor.person
        moves, rounds, bodies = hands.moves, hands.rounds, hands.bodies
        if person:
            known = moves.get(self.move.name, ())
            moves = moves if person in known else {**moves, self.move.name: (*known, person)}
            body = self._body()
            bodies = {**bodies, str(person): body} if body else bodies
        if entered and any(part.opens_in == entered for part in self.flow.parts):
            rounds = {**rounds, entered: rounds.get(entered, 0) + 1}
        return evolve(
            hands,
            moves=moves,
            rounds=rounds,
            bodies=bodies,
            came_from=self._came_from(entered),
            afterwards=self._entered_afterwards(entered),
        )

    def _entered_afterwards(self, entered: str | None) -> tuple[str, ...]:
        known = self.before.hands.afterwards
        if not entered or not (known or self.told.source):
            return known
        # When it was accepted stays as it was, however often it comes back to the desk.
        others = tuple(one for one in known if one != entered or one == self.flow.accepted_in)
        return tuple(dict.fromkeys((*others, entered))) if self.told.source else others

    def _came_from(self, entered: str | None) -> Mapping[str, str]:
        """Where a state was entered from that a move leads back out of; of others nobody asks."""
        known = self.before.hands.came_from
        if entered is None or self.move.back or entered not in self.flow.led_back_from:
            return known
        return {**known, entered: self.before.state}

    def _body(self) -> UUID | None:
        """The organisation that the actor acts for; None where it is a place's post, or none."""
        found = (post.at for post in self._posts if post.of_body and str(post) == self.acting_as)
        return next(found, None)

    def _act(self, after: StoredSubject) -> Act:
        commit = self.turn.rules.vault.keyring.commit
        marks = {n: commit(text, f"{self.ident} {n}") for n, text in self.private.items()}
        body: dict[str, Any] = {"from": self.before.state, "to": after.state}
        values = asked.kept(self.open, marks)
        if values:
            body["values"] = values
        if self.told.source:
            body["afterwards"] = self.told.source
        if self.told.since:
            body["since"] = codec.plain(self.told.since)
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

    def _check(self, after: StoredSubject, transition: "Transition[Any, Any]") -> None:
        reasons = [reason for need in self.move.typed.needs if (reason := need(transition))]
        if self.new and after.parent is None and (ended := at_ended_place(self.flow, after, self.turn.facts)):
            reasons.append(ended)
        reasons += [answer.value for answer in self.turn.rules.plugins.act_check(transition)]
        if reasons:
            raise Refused(*reasons, doing=self._doing)

    def _seal(self, act: Act, after: StoredSubject) -> None:
        opened = self.new and after.id == after.root
        for name, text in self.private.items():
            # What a subject is opened with is the subject's; what is said later belongs to the act.
            keeper = after.id if self.new else act.id
            self.turn.seal(after.root, keeper, name, text, new_owner=opened)
        if self.move.files:
            self._files.seal(self.turn, after.root, opened=opened)
