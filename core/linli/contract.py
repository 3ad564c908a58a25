"""The author's contract: what a plugin declares its workflows with. It becomes `linli` when every plugin is declared so."""

from typing import TYPE_CHECKING

from linli._model.contexts import AnyTransition, Context, Subject, Transition
from linli._model.files import PHOTOS, GivenFile, KeptFile
from linli._model.inputs import (
    BodyId,
    Choice,
    Input,
    NoInputs,
    Occurred,
    PersonId,
    PlaceId,
    Private,
    Reading,
    Reason,
    Ref,
    Why,
)
from linli._model.ladders import Ladder, holder, officer_of
from linli._model.moves import (
    Amount,
    Clock,
    Counting,
    Move,
    Moves,
    Opening,
    Part,
    PartKey,
    Quota,
    in_turn,
)
from linli._model.states import Path, State, States
from linli._model.values import Fen, Point
from linli._model.workflows import NoRecord, Workflow, all_parts, any_part, parent_in

if TYPE_CHECKING:
    # To a type checker, which knows the fields of a record so; when it runs, what is twice as fast.
    from attrs import evolve
else:
    from linli.records import changed as evolve

__all__ = [
    "PHOTOS",
    "Amount",
    "AnyTransition",
    "BodyId",
    "Choice",
    "Clock",
    "Context",
    "Counting",
    "Fen",
    "GivenFile",
    "Input",
    "KeptFile",
    "Ladder",
    "Move",
    "Moves",
    "NoInputs",
    "NoRecord",
    "Occurred",
    "Opening",
    "Part",
    "PartKey",
    "Path",
    "PersonId",
    "PlaceId",
    "Point",
    "Private",
    "Quota",
    "Reading",
    "Reason",
    "Ref",
    "State",
    "States",
    "Subject",
    "Transition",
    "Why",
    "Workflow",
    "all_parts",
    "any_part",
    "evolve",
    "holder",
    "in_turn",
    "officer_of",
    "parent_in",
]  # fmt: skip
