"""Shovelling as a workflow: asked for, taken, cleared, confirmed."""

from typing import Annotated

import attrs

from linli import ANYONE, Input, Moves, Reason, Refusal, State, Transition, Workflow, has_post
from linli_snow.settings import Snow

STEWARD = has_post("steward", "clerk")


@attrs.frozen(kw_only=True)
class Path:
    """What is kept with a path, and what is asked of whoever asks for it: no personal data.

    Attributes:
        where: which path: "3栋门前".
    """

    where: Annotated[str, Input("which path, in a few words", longest=40)]


@attrs.frozen(kw_only=True)
class Melted:
    """Why nobody needs to clear it."""

    reason: Annotated[Reason, Input("why nobody needs to clear it")]


class BeforeDawn(Refusal, says="others are asleep; begin at {first} o'clock"):
    first: int


def not_before_dawn(t: Transition[Path, object]) -> Refusal | None:
    """Nobody scrapes a shovel over stone while others sleep."""
    first = t.settings(Snow).first_hour
    return BeforeDawn(first=first) if t.local.hour < first else None


class NotYourPath(Refusal, says="somebody else has taken this path; take another one"): ...


def by_who_took_it(t: Transition[Path, object]) -> Refusal | None:
    """Whoever has taken a path clears it."""
    if t.is_among(t.before.made(Shovelling.take)):
        return None
    return NotYourPath()


class Shovelling(Workflow[Path], name="shovelling", label="snow shovelling"):
    """Paths to be cleared of snow."""

    move = Moves(Path)
    asked = State("asked for")
    taken = State("taken")
    cleared = State("cleared")
    confirmed = State("confirmed", ends=True)
    melted = State("melted by itself", ends=True)
    ask = move.opening(asked, Path, by=ANYONE | STEWARD)
    take = move(asked.to(taken), by=ANYONE)
    clear = move(taken.to(cleared), by=ANYONE, needs=[not_before_dawn, by_who_took_it])
    confirm = move(cleared.to(confirmed), by=STEWARD, not_by=[take, clear])
    melt = move((asked | taken).to(melted), Melted, label="melted by itself", by=STEWARD)
