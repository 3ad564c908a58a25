"""What a plugin declares of itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._base.i18n import Several, listed
from linli._base.refusals import NotFoundHere, Refusal
from linli._model.compiled import Workflow
from linli._model.compiling import AnyFlow, all_as_run
from linli._model.compiling import direct_acts as looked_at
from linli._model.constants import StandIn
from linli._model.direct import DirectAct, verb_of
from linli._model.giving import PostRule

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from linli._hooks.channels import Channel
    from linli._hooks.importers import Importer
    from linli._hooks.pages import MatterPage
    from linli._model.figures import Figure
    from linli._model.moves import Move
    from linli._model.workflows import Workflow as Declared


@attrs.frozen
class Purpose:
    """What is published with a person's consent.

    Attributes:
        code: as the record has it; with "/*" at its end, the purpose always has a number there.
        label: what people read of it, in English; the catalogues have the other languages.
    """

    code: str
    label: str


def _verbs(acts: "Iterable[Move[Any, Any] | type[Declared[Any]] | DirectAct[Any] | str]") -> tuple[str, ...]:
    return tuple(map(verb_of, acts))


@attrs.frozen(kw_only=True)
class Plugin:
    """What a plugin brings. Empty is fine for all but the name.

    Attributes:
        name: as in the entry point and in the district's [plugins] list.
        settings: an attrs class declared with `linli._config.setting`; the table of the plugin's
            name in the district's file fills it.
        subscribes: moves, workflows and direct acts whose acts `act_done` is called for; "request.*" for all of a kind.
        channels: by name, what carries publications and messages to their readers.
        importers: by kind, what takes rows of files into the record.
        table_readers: by file ending, functions from (path, columns, mapping) to tables.
        problem_writers: by file ending, functions from (path, problems, tables) that write rows to be put right.
        direct_acts: what is not a workflow's move: points given by hand, a shift put on a rota.
        post_rules: who gives, confirms and ends the posts that the plugin's rules name.
        periodic: what the worker does about once an hour with the open district: what is due by the
            calendar and hangs on no act. Each must be able to be done again, and by two workers at once.
        purposes: what the plugin publishes with a person's consent. Nobody can consent to what no plugin declares.
        tables: the plugin's own tables, and `migrations`, the package of alembic scripts for them.
        reports: the module that has them, in its REPORTS: "linli_bank.reports"; it is loaded when one is asked for.
        pages: by name, what a web front end shows; see docs.
        peers: kinds of other plugins that may not be enabled, and that this one names all the same, in
            `subscribes`, a figure or a part. Every other name must be that of something.
        public_pages: by workflow, what gives the public page of one of its subjects: (district, number) ->
            page; None where it has none yet. The board links to it from all that is published about it.
    """

    name: str
    settings: type | None = None
    workflows: tuple[AnyFlow, ...] = ()
    figures: tuple["Figure", ...] = ()
    subscribes: tuple[str, ...] = attrs.field(default=(), converter=_verbs)
    channels: Mapping[str, Callable[[Any], "Channel"]] = attrs.field(factory=dict)
    importers: tuple["Importer", ...] = ()
    table_readers: Mapping[str, Callable[..., Any]] = attrs.field(factory=dict)
    problem_writers: Mapping[str, Callable[..., int]] = attrs.field(factory=dict)
    direct_acts: tuple[DirectAct[Any], ...] = attrs.field(default=(), converter=looked_at)
    post_rules: tuple[PostRule, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    periodic: tuple[Callable[[Any], object], ...] = ()
    tables: "MetaData | None" = None
    migrations: str | None = None
    migrates_after: str | None = None
    peers: tuple[str, ...] = ()
    reports: str | None = None
    pages: Mapping[str, str] = attrs.field(factory=dict)
    public_pages: Mapping[str, Callable[[Any, UUID], "MatterPage | None"]] = attrs.field(factory=dict)

    @property
    def all_direct_acts(self) -> Iterator[DirectAct[Any]]:
        """Its direct acts, those by which files are taken among them."""
        yield from self.direct_acts
        yield from (importer.act for importer in self.importers)

    @property
    def flows(self) -> tuple[Workflow, ...]:
        """The workflows as the engine runs them."""
        return all_as_run(self.workflows)


def purposes_of(declarations: Iterable[Plugin]) -> Mapping[str, str]:
    """By purpose, what people read of what somebody can consent to."""
    return {purpose.code: purpose.label for one in declarations for purpose in one.purposes}


def declared(purpose: str) -> str:
    """A purpose as it is declared: with its number as "/*"."""
    head, mark, _ = purpose.partition("/")
    return f"{head}/*" if mark else purpose


class NoSuchPurpose(NotFoundHere, says="nothing is published for this purpose; there are: {known}"):
    known: Several


class PurposeMistyped(NotFoundHere, says="nothing is published for this purpose; did you mean {near}?"):
    near: str


def unknown_purpose(purpose: str, declarations: Iterable[Plugin]) -> Refusal | None:
    """Why nobody can consent to a purpose: nothing publishes for it; None where something does."""
    known = purposes_of(declarations)
    if declared(purpose) in known:
        return None
    near = get_close_matches(declared(purpose), known, n=1, cutoff=0.5)
    if near:
        return PurposeMistyped(near=near[0])
    return NoSuchPurpose(known=listed(sorted(known)))
