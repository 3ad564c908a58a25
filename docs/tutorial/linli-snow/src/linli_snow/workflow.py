"""Shovelling as a workflow: asked for, taken, cleared, confirmed."""

from zoneinfo import ZoneInfo

import attrs

from linli import ANYONE, Act, Ask, Facts, Move, State, Subject, Workflow, has_post, say
from linli.i18n import Text
from linli_snow.settings import Snow

STEWARD = has_post("steward", "clerk")


@attrs.frozen(kw_only=True)
class Path:
    """What is kept with a path: no personal data.

    Attributes:
        where: which path, in a few words: "3栋门前".
    """

    where: str


def not_before_dawn(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody scrapes a shovel over stone while others sleep."""
    first = facts.settings(Snow).first_hour
    if act.at.astimezone(ZoneInfo(facts.calendar.timezone)).hour < first:
        return say("others are asleep; begin at {first} o'clock", first=first)
    return None


def by_who_took_it(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever has taken a path clears it."""
    if facts.is_among(act.actor, before.hands.moves.get("take", ())):
        return None
    return say("somebody else has taken this path; take another one")


SHOVELLING = Workflow(
    name="shovelling",
    label="snow shovelling",
    record=Path,
    states=(
        State("asked", "asked for"),
        State("taken", "taken"),
        State("cleared", "cleared"),
        State("confirmed", "confirmed", ends=("confirmed",)),
        State("melted", "melted by itself", ends=("melted",)),
    ),
    moves=(
        Move(
            name="ask",
            label="ask",
            sources=(),
            to="asked",
            by=ANYONE | STEWARD,
            asks=(Ask(name="where", help="which path, in a few words", longest=40),),
        ),
        Move(name="take", label="take", sources=("asked",), to="taken", by=ANYONE),
        Move(
            name="clear",
            label="clear",
            sources=("taken",),
            to="cleared",
            by=ANYONE,
            checks=(not_before_dawn, by_who_took_it),
        ),
        Move(
            name="confirm",
            label="confirm",
            sources=("cleared",),
            to="confirmed",
            by=STEWARD,
            apart_from=("take", "clear"),
        ),
        Move(
            name="melt",
            label="melted by itself",
            sources=("asked", "taken"),
            to="melted",
            by=STEWARD,
            asks=(Ask(name="reason", help="why nobody needs to clear it", private=True),),
        ),
    ),
)
