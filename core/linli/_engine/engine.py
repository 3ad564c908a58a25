"""The engine: every change of the record goes through `perform`, and nothing else writes."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import attrs

from linli._base.errors import Conflict, LinliError, Refused
from linli._base.refusals import ChangedMeanwhile, Invalid, Refusal
from linli._engine import direct, lateness, moves, repeating
from linli._engine.asking import present
from linli._engine.orders import MoveOrder, OpenOrder, Order, Overdue, at_version
from linli._engine.rules import Rules
from linli._engine.shortage import shortage
from linli._engine.turn import Attempt, UnitOfWork
from linli._model.access import Actor
from linli._model.acts import ACT_BY_ID, Act, act_from, new_id, now
from linli._model.awards import AlreadyPaid
from linli._model.direct import DirectOrder
from linli._model.facts import Facts
from linli._model.lookups import PLACE, POSTS_OF
from linli._model.subjects import TREE
from linli._store import Store
from linli._store.failures import Broken, Contended, StoreAway, translated
from linli._store.store import Question

TRIES = 8
RACES = 3
PATIENCE_SECONDS = 5.0


class MomentGiven(Invalid, says="an act has the moment at which it is recorded; leave its moment out"):
    field: str = "at"


class Engine:
    """Carries out orders against a store, by a district's rules.

    Args:
        clock: what tells the present moment; another one is for tests.
    """

    def __init__(self, store: Store, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock

    def perform(
        self,
        order: Order,
        actor: Actor,
        *,
        at: datetime | None = None,
        key: UUID | None = None,
        version: int | None = None,
    ) -> Act:
        """Carry out an order in one transaction; the act that it came to, once that is stored.

        Args:
            at: when it happened, where that is not now: for linli itself, and for the console of a district for
                trials. Whoever else acts does so now; when it was so is a value of their act.
            key: the act's identifier, from whoever may have to repeat the call: an act with it is
                recorded at most once, and a call that is repeated with the same order returns it. Somebody
                else's key, or one that was used for something else, is refused.
            version: of the matter that the order is about, as the actor saw it: refused where somebody has acted
                on it since. None: whatever it is now.

        Raises: Refused (and NotAllowed, NotFound, Conflict) with nothing changed; StoreError with
            nothing changed, or where the database went away before it answered, unknown: repeat
            the call with the same key.
        """
        ident, order = key or new_id(), at_version(order, version)
        mark = repeating.mark(self.rules, order, actor, key) if key else None
        began = time.monotonic()
        for tried in range(TRIES):
            try:
                # After a few tries, take turns: where many act on one matter, somebody would lose every race.
                turns = self._root_of(order) if tried >= RACES else None
                attempt = Attempt(mark=mark, key=ident, number=tried, turns=turns)
                return self._once(order, actor, at, ident, attempt)
            except (Broken, Contended, StoreAway, Refused) as error:
                known = self._done_all_the_same(error, ident, began, repeatable=key is not None)
                if known:
                    if key:
                        repeating.check(self.rules, known, order, actor, self._earlier(actor))
                    return known
                self._give_up(error, last=tried == TRIES - 1, again=tried > 0)
            time.sleep(random.uniform(0.5, 1.5) * 0.002 * 2**tried)
        raise _too_busy()

    def _done_all_the_same(
        self, error: Exception, ident: UUID, began: float, *, repeatable: bool
    ) -> Act | None:
        """The act, where it is in the record although this call failed: by an earlier call, or before an outage."""
        if isinstance(error, StoreAway):
            return self._after_outage(ident, began)
        if isinstance(error, Broken) or (isinstance(error, Refused) and repeatable):
            return self._recorded(ident)
        return None

    def _give_up(self, error: Exception, *, last: bool, again: bool) -> None:
        """Raise what a person can act on; return where it may go better the next time."""
        if isinstance(error, Refused):
            raise error
        if isinstance(error, Broken):
            lack = shortage(self.store, self.rules.district, error, again=again)
            if lack:
                raise Refused(lack)
            _explain(error.constraint, last=last, again=again)

    def _root_of(self, order: Order) -> UUID | None:
        """The matter that an order is about, whose version others take away from it; None where it has none yet."""
        match order:
            case MoveOrder(subject=subject) | Overdue(subject=subject):
                rows = self.store.ask([(TREE, {"district": self.rules.district, "id": subject})])[0]
                return rows[0][1] if rows else None
            case DirectOrder(subject=subject):
                return subject
        return order.parent

    def _once(self, order: Order, actor: Actor, at: datetime | None, ident: UUID, attempt: Attempt) -> Act:
        recorded_at = self.clock()
        self._moment(at, recorded_at, actor)
        with self.store.transaction() as transaction:
            if attempt.turns:
                transaction.hold(f"{self.rules.district} {attempt.turns}")
            facts = Facts(transaction, self.rules.constants, at or recorded_at, actor.person)
            turn = UnitOfWork(self.rules, transaction, facts, recorded_at, attempt)
            questions = _first_questions(order, actor, facts.at)
            if questions:
                facts.all(questions)
            who = present(actor, facts)
            act = self._made(turn, _of_now(order, actor, who), who, ident)
            moves.settle(turn)
            turn.settle_debts()
            try:
                with translated():
                    transaction.commit(turn.writes())
            except Broken as broken:
                broken.debits = turn.debits()
                raise
        return act

    def _moment(self, at: datetime | None, now: datetime, actor: Actor) -> None:
        """Refuse a moment from whoever acts: rights, clocks and figures go by when it was recorded."""
        if at is None or actor.engine or (actor.posts and self.rules.trial):
            return
        if at != now:
            raise Refused(MomentGiven())

    def _made(self, turn: UnitOfWork, order: Order, actor: Actor, ident: UUID) -> Act:
        if isinstance(order, DirectOrder):
            return direct.carry_out(turn, order, actor, ident)
        if isinstance(order, Overdue):
            return lateness.record(turn, order, actor, ident)
        return moves.carry_out(turn, order, actor, ident)

    def _earlier(self, actor: Actor) -> Iterator[UUID]:
        """The other numbers of who acts, where records of theirs were merged; asked for only where it matters."""
        if actor.person:
            with self.store.transaction(writes=False) as transaction:
                facts = Facts(transaction, self.rules.constants, self.clock())
                yield from facts.identities(facts.survivor(actor.person))

    def _recorded(self, ident: UUID) -> Act | None:
        rows = self.store.ask([(ACT_BY_ID, {"district": self.rules.district, "id": ident})])[0]
        return act_from(rows[0]) if rows else None

    def _after_outage(self, ident: UUID, since: float) -> Act | None:
        """Whether the act was stored before the database went away; waits for it, within reason."""
        while True:
            try:
                return self._recorded(ident)
            except StoreAway:
                if time.monotonic() - since > PATIENCE_SECONDS:
                    raise
                time.sleep(0.2)


class ContradictsTheRecord(
    Refusal, says="this contradicts what is in the record ({constraint}); nothing was changed"
):
    constraint: str


def _explain(constraint: str, *, last: bool, again: bool) -> None:
    """Say in a person's words which invariant would have broken, unless a race may have been the cause."""
    if constraint == "pk_posting" and again:
        raise Refused(AlreadyPaid())
    if constraint == "pk_act" and last:
        raise _too_busy()
    if constraint == "foreign key" or last:
        raise Refused(ContradictsTheRecord(constraint=constraint))


def _first_questions(order: Order, actor: Actor, at: datetime) -> list[Question]:
    """What is needed in any case, to be read in one round trip."""
    questions: list[Question] = []
    match order:
        case MoveOrder(subject=subject) | Overdue(subject=subject):
            questions.append((TREE, {"id": subject}))
        case OpenOrder(place=place, parent=parent):
            questions.append((TREE, {"id": parent}) if parent else (PLACE, {"id": place}))
        case DirectOrder(place=UUID() as where):
            questions.append((PLACE, {"id": where}))
    if actor.person:
        questions.append((POSTS_OF, {"at": at, "person": actor.person}))
    return questions


def _of_now(order: Order, actor: Actor, who: Actor) -> Order:
    """What somebody orders for themselves by the number of a record of theirs that was merged is for who they became."""
    if who is not actor and isinstance(order, OpenOrder | DirectOrder) and order.person == actor.person:
        return attrs.evolve(order, person=who.person)
    return order


class TooBusy(ChangedMeanwhile, says="many are acting on this at once; nothing was changed; try again"): ...


def _too_busy() -> LinliError:
    return Conflict(TooBusy())
