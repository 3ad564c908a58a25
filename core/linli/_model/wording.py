"""What people call an act, its verb in words put together from its workflow's label and its move's; and a state."""

from collections.abc import Mapping
from datetime import datetime

from linli._base.i18n import Text, Word, say
from linli._model.compiled import Workflow
from linli._model.compiling import AnyFlow, as_run
from linli._model.subjects import StoredSubject


def verb_label(verb: str, workflows: Mapping[str, Workflow], others: Mapping[str, str]) -> Text:
    """A verb in words, or a kind of subject; the verb itself where nobody has words for it.

    Args:
        others: labels of acts that are no workflow's move, by verb.
    """
    kind, _, name = verb.partition(".")
    flow = workflows.get(kind)
    move = flow.by_move.get(name) if flow else None
    if flow and move:
        return say("{kind} · {move}", kind=say(flow.label), move=Word(kind, move.label or move.name))
    if flow and name == "late":
        return say("{kind} · {move}", kind=say(flow.label), move=Word(kind, "overdue"))
    if flow and name == "counted_from":
        return say("{kind} · {move}", kind=say(flow.label), move=Word(kind, "counts from when it was so"))
    if flow and not name:
        return say(flow.label)
    return Text(others.get(verb, verb))


def state_of(flow: AnyFlow, subject: StoredSubject, now: datetime | None = None) -> Text | Word:
    """What people call the state that a subject is in.

    Args:
        now: where what waited too long is over by itself, that its time has passed is said too.
    """
    flow = as_run(flow)
    state = flow.by_state[subject.state]
    name = Word(flow.name, state.label or state.name)
    if now is None or not any(_over(subject, clock, now) for clock in flow.after_clock):
        return name
    return say("{state}, its time has passed", state=name)


def _over(subject: StoredSubject, clock: str, now: datetime) -> bool:
    """Whether a clock has passed that makes a move of linli's: it is made as soon as a worker runs."""
    running = subject.clocks.get(clock)
    return running is not None and running.due is not None and running.due <= now
