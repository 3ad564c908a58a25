"""Disclosures: what is made public of a matter, each with its notice period. A correction is the core's."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid5

from linli import Act, Facts, Limit, Make, Start, Subject, say
from linli.contract import Clock, Context, Moves, PlaceId, Ref, State, Workflow
from linli.deadlines import by_working_day, calendar_days
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.publish.files import KeptFile, plain
from linli.publish.records import PublishSettings
from linli_decisions import reading
from linli_decisions.records import Disclosure, Occasion
from linli_decisions.settings import DecisionSettings
from linli_decisions.words import body_of, title_of

SERIES = "disclosure"
RESOLUTION, PROCESS, RESULT = 1, 2, 3
_PUBLISHED = ("standing", "stood")


def disclosure_of(publication: UUID) -> Ref[Disclosure]:
    """The number of the disclosure that a publication is."""
    return DisclosureFlow.ref(uuid5(publication, "disclosure"))


def publishes(what: str, stage: int) -> Callable[[Act, Subject, Facts], Iterable[Effect]]:
    """The effect that drafts a disclosure, and lets it go out where the district approves nothing first."""

    def effects(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
        publication = uuid5(act.id, SERIES)
        values: dict[str, object] = {
            "title": title_of(what, act, subject, facts),
            "body": body_of(what, act, subject, facts, made_public(act, subject)),
            "series": SERIES,
            "about": subject.id,
            "stage": stage,
            **({"drafted_by": act.actor} if act.actor else {}),
            **_goes_out(what, act, subject, facts),
        }
        yield Start(workflow="publication", move="draft", place=subject.place, id=publication, values=values)
        yield _part(publication, what, stage, act, subject)

    return effects


def _goes_out(what: str, act: Act, subject: Subject, facts: Facts) -> Mapping[str, object]:
    """At once, or after another person's look: the resolution is somebody's own words, and has files."""
    if what == "resolution":
        return {"look": True, "files": plain(made_public(act, subject))}
    return {} if facts.settings(PublishSettings).approval else {"at_once": True}


def made_public(act: Act, subject: Subject) -> list[KeptFile]:
    """The matter's files that an act makes public, in the order in which they are named."""
    by_name = {one.name: one for one in subject.record.attachments}
    return [by_name[name] for name in act.value("public") or ()]


def _part(publication: UUID, what: str, stage: int, act: Act, subject: Subject) -> Start:
    given = Disclosure(
        publication=publication,
        stage=stage,
        occasion=Occasion(what),
        name=act.value("name", ""),
        days=0 if what == "abandoned" else subject.record.notice_periods[stage - 1],
        working_days=subject.record.working_days,
    )
    return DisclosureFlow.draft.at(
        PlaceId(subject.place), given, id=disclosure_of(publication), parent=subject.id, key=publication.hex
    )


def follow_publication(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What becomes of a disclosure when its publication goes out, or is dropped."""
    moves = {"publication.publish": DisclosureFlow.go_out, "publication.discard": DisclosureFlow.discard}
    move = moves.get(act.verb)
    if not move or not is_disclosure(subject, facts) or subject.record.corrects is not None:
        return
    yield move(disclosure_of(subject.id))
    matter = reading.decision(facts, subject.record.about)
    if (
        move is DisclosureFlow.discard
        and subject.record.stage == RESOLUTION
        and matter
        and matter.state == "on_notice"
    ):
        yield Make(subject=matter.id, move="rewrite")


def is_disclosure(publication: Subject, facts: Facts) -> bool:
    """Whether a publication is one of a decision's disclosures, or corrects one."""
    record = publication.record
    return bool(record.series == SERIES and reading.decision(facts, record.about))


def not_by_hand(act: Act, subject: Subject, facts: Facts) -> Iterable[Text]:
    """A disclosure is made by a step of its matter, and never taken away."""
    if act.verb not in ("publication.draft", "publication.withdraw") or not is_disclosure(subject, facts):
        return
    if act.verb == "publication.withdraw":
        yield say("a disclosure is never withdrawn; correct it: linli publication correct")
    elif act.acting_as != "engine" and subject.record.corrects is None:
        yield say("a disclosure of a decision is made by its next step; see linli decision --help")


# --- notice periods ----------------------------------------------------------------------------------


def _notice(ctx: Context[Disclosure]) -> Limit | None:
    days = ctx.record.days
    if not days:
        return None
    return by_working_day(days, ctx.facts) if ctx.record.working_days else calendar_days(days, ctx.facts)


def _has_no_notice(ctx: Context[Disclosure]) -> bool:
    return ctx.record.days == 0


def _look_limit(ctx: Context[object]) -> Limit:
    return by_working_day(ctx.settings(DecisionSettings).look_days, ctx.facts)


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
    look = Clock(drafted, _look_limit)
    notice = Clock(standing, _notice, then=stand)


# --- what the next step waits for -------------------------------------------------------------------------


def of_stage(parts: Iterable[Subject], stage: int, *states: str) -> list[Subject]:
    """The disclosures of a stage that are in one of `states`, the oldest first."""
    return [
        one for one in parts if one.kind == "disclosure" and one.record.stage == stage and one.state in states
    ]


def nothing_pending(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The next step waits for what was disclosed before, and for whoever objected to it."""
    parts = reading.tree(facts, subject.root)
    if any(one.kind == "objection" and one.state == "raised" for one in parts):
        return say("an owner's objection has not been answered; answer it first: linli objection answer")
    if any(one.kind == "disclosure" and one.state == "drafted" for one in parts):
        return say("the disclosure before this step is not out yet; approve and publish it first")
    if any(one.kind == "disclosure" and one.state == "standing" for one in parts):
        return say("the notice period of the last disclosure is not over")
    return None


def not_before_disclosed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What is disclosed next follows a disclosure that is out."""
    parts = reading.tree(facts, subject.root)
    if any(one.kind == "disclosure" and one.state == "drafted" for one in parts):
        return say("the disclosure before this step is not out yet; approve and publish it first")
    if not of_stage(parts, RESOLUTION, *_PUBLISHED):
        return say("the resolution has not been disclosed yet")
    return None


def in_order(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The catalogue's stages are disclosed one after the other."""
    left = stages_left(subject, facts)
    if subject.record.stages and act.value("name") not in left[:1]:
        return say("the next stage is {stage}", stage=left[0] if left else "-")
    return None


def all_stages(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """No stage of the process is left undisclosed."""
    left = stages_left(subject, facts)
    if left:
        return say("these stages have not been disclosed: {stages}", stages=listed(left))
    if not of_stage(reading.tree(facts, subject.root), PROCESS, *_PUBLISHED):
        return say("no stage of the process has been disclosed")
    return None


def stages_left(subject: Subject, facts: Facts) -> list[str]:
    """The catalogue's stages that were not disclosed."""
    out = of_stage(reading.tree(facts, subject.root), PROCESS, "drafted", *_PUBLISHED)
    known = {one.record.name for one in out}
    return [name for name in subject.record.stages if name not in known]


def in_notice(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Owners object while a disclosure stands."""
    parts = reading.tree(facts, subject.root)
    standing = [one for one in parts if one.kind == "disclosure" and one.state == "standing"]
    # Its timer may ring a little late.
    if any(one.due_at is None or act.at < one.due_at for one in standing):
        return None
    return say("no notice period runs; the next disclosure can be objected to again")
