"""linli: a toolkit for governing residential compounds.

What plugins declare and programs call stands here. `linli.query` asks the record, `linli.hooks` has what the four verbs give to hooks,
`linli.importing` takes files in, `linli.cli` makes commands, `linli.testing` tries all of it. Everything else is private by its name.
"""

from typing import TYPE_CHECKING

from linli._base.doors import lazily
from linli._base.version import __version__ as __version__

if TYPE_CHECKING:
    from attrs import evolve

    from linli._base.calendar import Hours, ServiceHours, local_moment
    from linli._base.codes import NotACode, code_of, coded, number_of
    from linli._base.errors import (
        ConfigError,
        LinliError,
        NotAllowed,
        NotFound,
        PluginError,
        Problem,
        Refused,
        StoreError,
        VaultError,
    )
    from linli._base.i18n import Several, Text, listed, say, translate
    from linli._base.refusals import (
        ChangedMeanwhile,
        ForAnotherWhy,
        Invalid,
        Missing,
        NoNameRegistered,
        NotAsRecorded,
        NotBegun,
        NotFoundHere,
        NothingNumbered,
        NotPermitted,
        Refusal,
        SomebodyNeeded,
        UntilPast,
        WhomNotSaid,
    )
    from linli._config import setting
    from linli._config.district import DistrictSettings
    from linli._district.district import District
    from linli._district.district import open_district as open
    from linli._hooks.hookspecs import about, hookimpl
    from linli._hooks.plugin import Plugin, Purpose
    from linli._model.access import (
        ANYONE,
        ENGINE,
        ENGINE_ACTOR,
        HOLDER,
        NOBODY,
        OWN,
        Actor,
        Role,
        Seat,
        has_post,
    )
    from linli._model.acts import Act, new_id
    from linli._model.awards import POINTS, Award, Cap
    from linli._model.compiled import Limit
    from linli._model.constants import StandIn
    from linli._model.contexts import AnyAct, AnyTransition, Context, Subject, Transition
    from linli._model.deadlines import by_working_day, calendar_days, until, working_days
    from linli._model.direct import ActContext, ActResult, DirectAct, DirectOrder
    from linli._model.effects import Assign, Change, Effect, Hold, MoveOrder, OpenOrder, Tell, Transfer
    from linli._model.facts import Facts
    from linli._model.figures import Cells, Count, Figure
    from linli._model.files import PHOTOS, GivenFile, KeptFile
    from linli._model.giving import PostRule
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
    from linli._model.lateness import Lateness
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
        in_states,
        in_turn,
    )
    from linli._model.states import Path, State, States
    from linli._model.subjects import StoredSubject
    from linli._model.values import Fen, Point
    from linli._model.workflows import NoRecord, Workflow, all_parts, any_part, parent_in
    from linli._store import Write
    from linli._surfaces.reports import Asked, Below, Card, Page, Report, Shown, Table, plain, report
else:
    # Loaded when first used: a command needs little of it.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_base.calendar": "Hours ServiceHours local_moment",
            "_base.codes": "NotACode code_of coded number_of",
            "_base.errors": "ConfigError LinliError NotAllowed NotFound PluginError Problem Refused StoreError VaultError",
            "_base.i18n": "Several Text listed say translate",
            "_base.refusals": "ChangedMeanwhile ForAnotherWhy Invalid Missing NoNameRegistered NotAsRecorded NotBegun NotFoundHere NotPermitted NothingNumbered Refusal SomebodyNeeded UntilPast WhomNotSaid",
            "_config": "setting",
            "_config.district": "DistrictSettings",
            "_district.district": "District",
            "_hooks.hookspecs": "about hookimpl",
            "_hooks.plugin": "Plugin Purpose",
            "_model.access": "ANYONE Actor ENGINE ENGINE_ACTOR HOLDER NOBODY OWN Role Seat has_post",
            "_model.acts": "Act new_id",
            "_model.awards": "Award Cap POINTS",
            "_model.compiled": "Limit",
            "_model.constants": "StandIn",
            "_model.contexts": "AnyAct AnyTransition Context Subject Transition",
            "_model.deadlines": "by_working_day calendar_days until working_days",
            "_model.direct": "ActContext ActResult DirectAct DirectOrder",
            "_model.effects": "Assign Change Effect Hold MoveOrder OpenOrder Tell Transfer",
            "_model.facts": "Facts",
            "_model.figures": "Cells Count Figure",
            "_model.files": "GivenFile KeptFile PHOTOS",
            "_model.giving": "PostRule",
            "_model.inputs": "BodyId Choice Input NoInputs Occurred PersonId PlaceId Private Reading Reason Ref Why",
            "_model.ladders": "Ladder holder officer_of",
            "_model.lateness": "Lateness",
            "_model.moves": "Amount Clock Counting Move Moves Opening Part PartKey Quota in_states in_turn",
            "_model.states": "Path State States",
            "_model.subjects": "StoredSubject",
            "_model.values": "Fen Point",
            "_model.workflows": "NoRecord Workflow all_parts any_part parent_in",
            "_store": "Write",
            "_surfaces.reports": "Asked Below Card Page Report Shown Table plain report",
            "_district.district:open_district": "open",
            "_base.records": "evolve",
        },
    )

__all__ = [
    "ANYONE",
    "ENGINE",
    "ENGINE_ACTOR",
    "HOLDER",
    "NOBODY",
    "OWN",
    "PHOTOS",
    "POINTS",
    "Act",
    "ActContext",
    "ActResult",
    "Actor",
    "Amount",
    "AnyAct",
    "AnyTransition",
    "Asked",
    "Assign",
    "Award",
    "Below",
    "BodyId",
    "Cap",
    "Card",
    "Cells",
    "Change",
    "ChangedMeanwhile",
    "Choice",
    "Clock",
    "ConfigError",
    "Context",
    "Count",
    "Counting",
    "DirectAct",
    "DirectOrder",
    "District",
    "DistrictSettings",
    "Effect",
    "Facts",
    "Fen",
    "Figure",
    "ForAnotherWhy",
    "GivenFile",
    "Hold",
    "Hours",
    "Input",
    "Invalid",
    "KeptFile",
    "Ladder",
    "Lateness",
    "Limit",
    "LinliError",
    "Missing",
    "Move",
    "MoveOrder",
    "Moves",
    "NoInputs",
    "NoNameRegistered",
    "NoRecord",
    "NotACode",
    "NotAllowed",
    "NotAsRecorded",
    "NotBegun",
    "NotFound",
    "NotFoundHere",
    "NotPermitted",
    "NothingNumbered",
    "Occurred",
    "OpenOrder",
    "Opening",
    "Page",
    "Part",
    "PartKey",
    "Path",
    "PersonId",
    "PlaceId",
    "Plugin",
    "PluginError",
    "Point",
    "PostRule",
    "Private",
    "Problem",
    "Purpose",
    "Quota",
    "Reading",
    "Reason",
    "Ref",
    "Refusal",
    "Refused",
    "Report",
    "Role",
    "Seat",
    "ServiceHours",
    "Several",
    "Shown",
    "SomebodyNeeded",
    "StandIn",
    "State",
    "States",
    "StoreError",
    "StoredSubject",
    "Subject",
    "Table",
    "Tell",
    "Text",
    "Transfer",
    "Transition",
    "UntilPast",
    "VaultError",
    "WhomNotSaid",
    "Why",
    "Workflow",
    "Write",
    "about",
    "all_parts",
    "any_part",
    "by_working_day",
    "calendar_days",
    "code_of",
    "coded",
    "evolve",
    "has_post",
    "holder",
    "hookimpl",
    "in_states",
    "in_turn",
    "listed",
    "local_moment",
    "new_id",
    "number_of",
    "officer_of",
    "open",
    "parent_in",
    "plain",
    "report",
    "say",
    "setting",
    "translate",
    "until",
    "working_days",
]  # fmt: skip
