"""Who acted where in a matter, across its parts and what is one matter with it: a gate, and what waits for it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, select

from linli._base import codec
from linli._base.refusals import NotPermitted
from linli._engine.turn import UnitOfWork
from linli._model.subjects import Participants, StoredSubject
from linli._store import Read
from linli._store import tables as t

_s = t.subject.c
_OF_TREE = Read(
    select(_s.kind, _s.record, _s.hands).where(
        _s.district == bindparam("district"), _s.root == bindparam("root")
    )
)
_hands = codec.decoder(Participants)


class ActedAlready(NotPermitted, says="you have already acted in this matter; somebody else must do it"): ...


def acted_elsewhere(turn: UnitOfWork, subject: StoredSubject, person: UUID, verbs: Iterable[str]) -> bool:
    """Whether somebody made one of `verbs` ("opinion.approve") anywhere in the matter that a subject is of."""
    apart, who = frozenset(verbs), turn.facts.survivor(person)
    for kind, hands in _everybody(turn, subject):
        for move, people in hands.moves.items():
            if f"{kind}.{move}" in apart and who in {turn.facts.survivor(one) for one in people}:
                return True
    return False


def _everybody(turn: UnitOfWork, subject: StoredSubject) -> Iterable[tuple[str, Participants]]:
    """The hands of every part of the matter, by kind."""
    seen: set[UUID] = set()
    flow = turn.rules.workflow(subject.kind)
    waiting = {subject.root, *_ids(getattr(subject.record, name) for name in flow.one_with)}
    while waiting:
        root = waiting.pop()
        seen.add(root)
        for kind, record, hands in turn.facts.rows(_OF_TREE, root=root):
            yield kind, _hands(hands)
            names = turn.rules.workflow(kind).one_with
            known = codec.decode(record) if names else {}
            waiting |= _ids(known.get(name) for name in names) - seen


def _ids(named: Iterable[object]) -> set[UUID]:
    return {UUID(str(one)) for one in named if one}
