"""What a plugin declares of itself."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._model.compiling import all_as_run
from linli.access import Role
from linli.constants import StandIn
from linli.giving import PostRule
from linli.i18n import Several, listed
from linli.refusals import NotFoundHere, Refusal
from linli.workflow import Workflow

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from linli.figures import Figure
    from linli.importing.importer import Importer
    from linli.publish.channels import Channel
    from linli.publish.pages import MatterPage


@attrs.frozen(kw_only=True)
class Manifest:
    """What a plugin brings. Empty is fine for all but the name.

    Attributes:
        name: as in the entry point and in the district's [plugins] list.
        settings: an attrs class declared with `linli.config.setting`; the table of the plugin's
            name in the district's file fills it.
        hears: verbs whose acts `act_done` is called for; "request.*" for all of a kind.
        channels: by name, what carries publications and messages to their readers.
        importers: by kind, what takes rows of files into the record.
        readers: by file ending, functions from (path, columns, mapping) to tables.
        error_writers: by file ending, functions from (path, problems, tables) that write rows to be put right.
        permissions: by verb, who may do what is not a workflow's move.
        posts: who gives, confirms and ends the posts that the plugin's rules name.
        verbs: by verb, what people call an act that is no workflow's move: "points.award" -> "points given".
        chores: what the worker does about once an hour with the open district: what is due by the
            calendar and hangs on no act. Each must be able to be done again, and by two workers at once.
        consents: by purpose, what people read of it: what the plugin publishes with a person's consent. With "/*" at
            its end, the purpose always has a number there. Nobody can consent to what no plugin declares.
        tables: the plugin's own tables, and `migrations`, the package of alembic scripts for them.
        reports: the module that has them, in its REPORTS: "linli_bank.reports"; it is loaded when one is asked for.
        pages: by name, what a web front end shows; see docs.
        may_lack: kinds of other plugins that may not be enabled, and that this one names all the same, in
            `hears`, a figure or a part. Every other name must be that of something.
        matter_pages: by workflow, what gives the public page of one of its subjects: (district, number) ->
            page; None where it has none yet. The board links to it from all that is published about it.
    """

    name: str
    settings: type | None = None
    workflows: tuple[Workflow, ...] = attrs.field(default=(), converter=all_as_run)
    figures: tuple["Figure", ...] = ()
    hears: tuple[str, ...] = ()
    channels: Mapping[str, Callable[[Any], "Channel"]] = attrs.field(factory=dict)
    importers: tuple["Importer", ...] = ()
    readers: Mapping[str, Callable[..., Any]] = attrs.field(factory=dict)
    error_writers: Mapping[str, Callable[..., int]] = attrs.field(factory=dict)
    permissions: Mapping[str, Role] = attrs.field(factory=dict)
    posts: tuple[PostRule, ...] = ()
    verbs: Mapping[str, str] = attrs.field(factory=dict)
    stand_ins: tuple[StandIn, ...] = ()
    consents: Mapping[str, str] = attrs.field(factory=dict)
    chores: tuple[Callable[[Any], object], ...] = ()
    tables: "MetaData | None" = None
    migrations: str | None = None
    after: str | None = None
    may_lack: tuple[str, ...] = ()
    reports: str | None = None
    pages: Mapping[str, str] = attrs.field(factory=dict)
    matter_pages: Mapping[str, Callable[[Any, UUID], "MatterPage | None"]] = attrs.field(factory=dict)


def purposes_of(manifests: Iterable[Manifest]) -> Mapping[str, str]:
    """By purpose, what people read of what somebody can consent to."""
    return {purpose: label for one in manifests for purpose, label in one.consents.items()}


def declared(purpose: str) -> str:
    """A purpose as it is declared: with its number as "/*"."""
    head, mark, _ = purpose.partition("/")
    return f"{head}/*" if mark else purpose


class NoSuchPurpose(NotFoundHere, says="nothing is published for this purpose; there are: {known}"):
    known: Several


class PurposeMistyped(NotFoundHere, says="nothing is published for this purpose; did you mean {near}?"):
    near: str


def unknown_purpose(purpose: str, manifests: Iterable[Manifest]) -> Refusal | None:
    """Why nobody can consent to a purpose: nothing publishes for it; None where something does."""
    known = purposes_of(manifests)
    if declared(purpose) in known:
        return None
    near = get_close_matches(declared(purpose), known, n=1, cutoff=0.5)
    if near:
        return PurposeMistyped(near=near[0])
    return NoSuchPurpose(known=listed(sorted(known)))
