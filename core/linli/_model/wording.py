"""What people call an act: its verb in words, put together from its workflow's label and its move's."""

from collections.abc import Mapping

from linli._base.i18n import Text, Word, say
from linli._model.compiled import Workflow


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
