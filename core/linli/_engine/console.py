"""The console: whoever sits at the machine that linli runs on. It sets up and repairs; it is nobody's second pair of eyes.

In a district for trials it may do everything.
"""

from uuid import UUID

from linli._base.errors import NotAllowed
from linli._base.refusals import NotPermitted
from linli._engine.rules import Rules
from linli._model.access import Actor, Seat
from linli._model.acts import Act
from linli._model.compiled import Move, Workflow
from linli._model.lookups import root_id

# Acts that show or decide something of people: they need somebody's name.
_NAMED = frozenset(("person.reveal", "person.erase", "person.merge", "person.move", "person.consent"))


class NameNeeded(NotPermitted, says="this needs somebody's name; say who does it: --as PERSON"): ...


def refuse_unnamed(rules: Rules, actor: Actor, verb: str) -> None:
    """Refuse the console what only a named person does; in a district for trials nothing."""
    if actor.posts and not actor.person and not rules.trial and verb in _NAMED:
        raise _unnamed(rules, verb)


def refuse_deciding(rules: Rules, actor: Actor, flow: Workflow, move: Move) -> None:
    """Refuse the console a step that another checks or is checked by, that hands something out, or that unmasks."""
    if actor.posts and not actor.person and not rules.trial and _decides(flow, move):
        raise _unnamed(rules, f"{flow.name}.{move.name}")


def _decides(flow: Workflow, move: Move) -> bool:
    checked = {name for other in flow.moves for name in other.not_by}
    return bool(move.not_by or move.by.not_own or move.spends or move.name in checked or move.name == "read")


def _unnamed(rules: Rules, verb: str) -> NotAllowed:
    return NotAllowed(NameNeeded(), doing=rules.called(verb))


def told_of(rules: Rules, act: Act) -> str | None:
    """Who hears of an act of the console: whoever has the district's own posts; None where nobody need."""
    if rules.trial or not (act.acting_as or "").startswith("console"):
        return None
    root: UUID = root_id(rules.district)
    return f"seat:{Seat(role='administrator', at=root)}"
