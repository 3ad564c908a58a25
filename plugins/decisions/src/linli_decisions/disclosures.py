"""Disclosures: what is made public of a matter, each with its notice period. A correction is the core's."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import (
    Clock,
    Context,
    Effect,
    Input,
    Invalid,
    KeptFile,
    Limit,
    Moves,
    Ref,
    Refusal,
    Several,
    State,
    Subject,
    Transition,
    Workflow,
    by_working_day,
    calendar_days,
    evolve,
    listed,
)
from linli.hooks import Draft, PublicationFlow, PublishSettings
from linli_decisions.objections import ObjectionFlow
from linli_decisions.records import Decision, Disclosure, Occasion
from linli_decisions.resolution_text import body_of, title_of
from linli_decisions.steps import LADDER, within

SERIES = "disclosure"


# --- notice periods ----------------------------------------------------------------------------------


def _notice(ctx: Context[Disclosure]) -> Limit | None:
    days = ctx.record.days
    if not days:
        return None
    return by_working_day(days, ctx.facts) if ctx.record.working_days else calendar_days(days, ctx.facts)


def _has_no_notice(ctx: Context[Disclosure]) -> bool:
    return ctx.record.days == 0


class DisclosureFlow(Workflow[Disclosure], name="disclosure"):
    """Drafted, out, and standing for its notice period."""

    move = Moves(Disclosure)
    drafted = State("not yet out")
    standing = accepted_in = State("notice period")
    stood = State("notice period over", ends=True)
    discarded = State("discarded", ends=True)
    draft = move.opening(drafted, Disclosure)
    go_out = move(drafted.to(standing), label="publish")
    discard = move(drafted.to(discarded))
    stand = move(standing.to(stood), label="notice period over")
    stand_at_once = move(standing.to(stood), label="no notice period", when=_has_no_notice)
    look = Clock(drafted, within(lambda s: s.look_days), ladder=LADDER)
    notice = Clock(standing, _notice, then=stand)


# --- what is disclosed -------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Said:
    """What is disclosed of a step."""

    text: Annotated[str, Input("what is disclosed; it is made public as it is", longest=20_000)]


@attrs.frozen(kw_only=True)
class SaidOfStage(Said):
    """What is disclosed of a stage."""

    name: Annotated[str, Input("what the stage is called", longest=40)]


@attrs.frozen(kw_only=True)
class Write:
    """What was decided, for everybody."""

    text: Annotated[str, Input("what was decided, in words for everybody; it is made public", longest=20_000)]
    public: Annotated[tuple[str, ...], Input("names of the matter's files that are made public with it")] = ()


def publishes(occasion: Occasion) -> Callable[[Transition[Decision, Said]], Iterable[Effect]]:
    """What lets a disclosure go out, where the district approves nothing first."""

    def effects(t: Transition[Decision, Said]) -> Iterable[Effect]:
        name = t.given.name if isinstance(t.given, SaidOfStage) else ""
        draft = _draft(t, occasion, t.given.text, name)
        at_once = None if t.settings(PublishSettings).approval else True
        return _disclosed(t, occasion, evolve(draft, at_once=at_once), name)

    return effects


def publishes_resolution(t: Transition[Decision, Write]) -> Iterable[Effect]:
    """After another person's look: it is somebody's own words, and has files."""
    files = made_public(t)
    draft = _draft(t, Occasion.RESOLUTION, t.given.text, files=files)
    return _disclosed(t, Occasion.RESOLUTION, evolve(draft, look=True, files=files))


def made_public(t: Transition[Decision, Write]) -> tuple[KeptFile, ...]:
    """The matter's files that are made public, in the order in which they are named."""
    by_name = {one.name: one for one in t.record.attachments}
    return tuple(by_name[name] for name in t.given.public)


def _draft(
    t: Transition[Decision, object],
    occasion: Occasion,
    text: str,
    stage: str = "",
    files: Sequence[KeptFile] = (),
) -> Draft:
    return Draft(
        title=title_of(t, occasion, stage),
        body=body_of(t, occasion, text, files),
        series=SERIES,
        about=t.subject.id,
        stage=occasion.stage,
        drafted_by=t.actor,
    )


def _disclosed(
    t: Transition[Decision, object], occasion: Occasion, draft: Draft, name: str = ""
) -> Iterable[Effect]:
    publication = uuid5(t.id, SERIES)
    yield PublicationFlow.draft.at(t.place, draft, id=publication)
    given = Disclosure(
        publication=publication,
        stage=occasion.stage,
        occasion=occasion,
        name=name,
        days=0 if occasion is Occasion.ABANDONED else t.record.notice_periods[occasion.stage - 1],
        working_days=t.record.working_days,
    )
    number = disclosure_of(publication)
    yield DisclosureFlow.draft.at(t.place, given, id=number, parent=t.subject.id, key=publication.hex)


def disclosure_of(publication: UUID) -> Ref[Disclosure]:
    """The number of the disclosure that a publication is."""
    return DisclosureFlow.ref(uuid5(publication, "disclosure"))


# --- what the next step waits for -------------------------------------------------------------------------


def _of_stage(ctx: Context[Decision], stage: int, *states: State) -> list[Subject[Disclosure]]:
    """The disclosures of a stage that are in one of `states`."""
    return [one for one in ctx.parts(DisclosureFlow) if one.record.stage == stage and one.state in states]


def _objected(ctx: Context[Decision]) -> bool:
    """Whether an objection waits for its answer."""
    return any(one.state is ObjectionFlow.raised for one in ctx.parts(ObjectionFlow))


def stood(stage: int) -> Callable[[Context[Decision]], bool]:
    """When a disclosure has stood for its notice period and nobody's objection is open."""
    return lambda ctx: bool(_of_stage(ctx, stage, DisclosureFlow.stood)) and not _objected(ctx)


class NotDisclosedYet(
    Refusal, says="the disclosure before this step is not out yet; approve and publish it first"
): ...


def _not_out(ctx: Context[Decision]) -> Refusal | None:
    if any(one.state is DisclosureFlow.drafted for one in ctx.parts(DisclosureFlow)):
        return NotDisclosedYet()
    return None


class ObjectionOpen(
    Refusal, says="an owner's objection has not been answered; answer it first: linli objection answer"
): ...


class NoticeNotOver(Refusal, says="the notice period of the last disclosure is not over"): ...


def nothing_pending(t: Transition[Decision, object]) -> Refusal | None:
    """The next step waits for what was disclosed before, and for whoever objected to it."""
    if _objected(t):
        return ObjectionOpen()
    if not_out := _not_out(t):
        return not_out
    if any(one.state is DisclosureFlow.standing for one in t.parts(DisclosureFlow)):
        return NoticeNotOver()
    return None


class ResolutionNotDisclosed(Refusal, says="the resolution has not been disclosed yet"): ...


def not_before_disclosed(t: Transition[Decision, object]) -> Refusal | None:
    """What is disclosed next follows a disclosure that is out."""
    out = _of_stage(t, 1, DisclosureFlow.standing, DisclosureFlow.stood)
    return _not_out(t) or (None if out else ResolutionNotDisclosed())


class WrongStage(Invalid, says="the next stage is {stage}"):
    stage: str
    field: str = "stage"


def in_order(t: Transition[Decision, SaidOfStage]) -> Refusal | None:
    """The catalogue's stages are disclosed one after the other."""
    left = _stages_left(t)
    if t.record.stages and t.given.name not in left[:1]:
        return WrongStage(stage=left[0] if left else "-")
    return None


class StagesMissing(Refusal, says="these stages have not been disclosed: {stages}"):
    stages: Several


class NoStageDisclosed(Refusal, says="no stage of the process has been disclosed"): ...


def all_stages(t: Transition[Decision, object]) -> Refusal | None:
    """No stage of the process is left undisclosed."""
    if left := _stages_left(t):
        return StagesMissing(stages=listed(left))
    if not _of_stage(t, 2, DisclosureFlow.standing, DisclosureFlow.stood):
        return NoStageDisclosed()
    return None


def _stages_left(ctx: Context[Decision]) -> list[str]:
    """The catalogue's stages that were not disclosed."""
    flow = DisclosureFlow
    known = {one.record.name for one in _of_stage(ctx, 2, flow.drafted, flow.standing, flow.stood)}
    return [name for name in ctx.record.stages if name not in known]


class NoNoticeRuns(Refusal, says="no notice period runs; the next disclosure can be objected to again"): ...


def in_notice(t: Transition[Decision, object]) -> Refusal | None:
    """Owners object while a disclosure stands."""
    standing = [one for one in t.parts(DisclosureFlow) if one.state is DisclosureFlow.standing]
    # Its timer may ring a little late.
    if any((due := one.due(DisclosureFlow.notice)) is None or t.at < due for one in standing):
        return None
    return NoNoticeRuns()
