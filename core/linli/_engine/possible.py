"""What can really be done with a subject where it stands: what a refusal offers instead."""

from linli._base.errors import PluginError, Refused
from linli._base.i18n import Text, say
from linli._engine.step import TransitionRun
from linli._engine.turn import UnitOfWork
from linli._model.access import ENGINE, Actor
from linli._model.acts import new_id
from linli._model.compiled import Move, Workflow
from linli._model.subjects import StoredSubject


def possible(turn: UnitOfWork, flow: Workflow, subject: StoredSubject, actor: Actor) -> list[Text]:
    """The moves that people can make of a subject now, by whoever may: without those that a check refuses in any case."""
    moves = (one for one in flow.moves_from(subject.state) if not one.by_itself and one.by != ENGINE)
    return [
        say(one.label or one.name)
        for one in moves
        if not _asks_for_words(one) or not _Trial.refused(turn, flow, one, subject, actor)
    ]


def _asks_for_words(move: Move) -> bool:
    """Whether all that it asks for is text: what else could be given decides whether a check refuses it."""
    return all(one.type is str and not (one.many or one.choices) for one in move.fields if one.required)


class _Trial(TransitionRun):
    """A move that is only looked at: the turn that it is tried in is refused anyway."""

    @classmethod
    def refused(
        cls, turn: UnitOfWork, flow: Workflow, move: Move, subject: StoredSubject, actor: Actor
    ) -> bool:
        """Whether checks refuse it."""
        if move.by.own and subject.person:
            actor = Actor(person=subject.person)
        values = {one.name: "-" for one in move.fields if one.required}
        try:
            step = cls(turn, flow, move, subject, actor, new_id(), new=False)
            step.take(values)
            after = step._after(move.to, turn.facts.at)
            act = step._act(after)
            step._check(after, move.typed.transition(act, subject, after, turn.facts, step.inputs))
        except (Refused, PluginError):
            return True
        return False

    def _judged(self) -> str:
        return "own" if self.move.by.own else "console"
