"""Publications (公开) as a workflow: approved where the district says so, withdrawn only visibly."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import attrs

from linli._base.refusals import Refusal
from linli._model.access import ENGINE, NOBODY, has_post
from linli._model.contexts import Transition
from linli._model.effects import Effect, Tell
from linli._model.files import KeptFile
from linli._model.inputs import Input, Private
from linli._model.moves import Moves
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._verbs.publish import checks
from linli._verbs.publish.checks import Approve
from linli._verbs.publish.records import NumbersAre, Personal, Publication, PublishSettings, largest_file

PUBLISHER = has_post("clerk", "officer", "publisher")
APPROVER = has_post("officer", "approver")


@attrs.frozen(kw_only=True)
class Draft:
    title: Annotated[str, Input("one line", longest=120, public=True)]
    body: Annotated[str, Input("plain text; an empty line parts paragraphs", longest=100_000, public=True)]
    series: Annotated[str, Input("what it continues", longest=80)] = "notice"
    about: Annotated[UUID | None, Input("the matter it is about")] = None
    stage: Annotated[int | None, Input("which of its disclosures")] = None
    personal: Annotated[Mapping[str, Personal] | None, Input("commitments to consented data")] = None
    files: Annotated[
        tuple[KeptFile, ...] | None, Input("what comes with it", public=True, largest=largest_file)
    ] = None
    look: Annotated[bool | None, Input("another person looks at it first")] = None
    drafted_by: Annotated[UUID | None, Input(by_engine=True)] = None
    corrects: Annotated[UUID | None, Input("the publication that it corrects")] = None
    at_once: Annotated[bool | None, Input("publish it in the same act")] = None


@attrs.frozen(kw_only=True)
class Explain:
    numbers: Annotated[NumbersAre, Input("what the numbers are that look like identity numbers")]


@attrs.frozen(kw_only=True)
class Discard:
    reason: Annotated[Private, Input("why it does not go out")]


@attrs.frozen(kw_only=True)
class Withdraw:
    reason: Annotated[str, Input("why; it is shown in place of the text", longest=400, public=True)]


@attrs.frozen(kw_only=True)
class Correct:
    corrected_by: UUID
    corrected_at: datetime


def at_once(t: Transition[Publication, Draft]) -> Iterable[Effect]:
    if t.given.at_once:
        yield PublicationFlow.publish(t.subject.id)


def out_when_seen(t: Transition[Publication, object]) -> Iterable[Effect]:
    """What only waited for somebody's look goes out with it."""
    if t.record.look and not t.settings(PublishSettings).approval:
        yield PublicationFlow.publish(t.subject.id)


def carried(t: Transition[Publication, object]) -> Iterable[Effect]:
    """One delivery per channel: a withdrawal goes wherever the publication went."""
    for channel in sorted({one.channel for one in t.record.audience}):
        payload = {"publication": t.subject.id, "event": t.move.code}
        yield Tell(recipient=f"channel:{channel}", kind="channel", payload=payload)


def marks_the_old(t: Transition[Publication, object]) -> Iterable[Effect]:
    if t.record.corrects:
        old = PublicationFlow.ref(t.record.corrects)
        yield PublicationFlow.correct(old, Correct(corrected_by=t.subject.id, corrected_at=t.at))


class TwoPeopleNeeded(Refusal, says="say who drafts it and who explains it, two people: --as PERSON"): ...


def drafted_by_somebody(t: Transition[Publication, object]) -> Refusal | None:
    """Of what the console drafted nobody can tell whose second look it is."""
    if t.actor and t.before.made(PublicationFlow.draft):
        return None
    return TwoPeopleNeeded()


class PublicationFlow(
    Workflow[Publication], name="publication", summary_fields=("title",), readable_by=PUBLISHER | APPROVER
):
    move = Moves(Publication)
    drafted = State("draft", name="draft")
    approved = State("approved")
    published = State("published", turn=NOBODY)
    withdrawn = State("withdrawn", ends=True)
    discarded = State("discarded", ends=True)
    accepted_in = published

    draft = move.opening(
        drafted,
        Draft,
        by=PUBLISHER | ENGINE,
        needs=[checks.presentable, checks.consented, checks.corrects_what_it_may, checks.staged],
        then=[at_once],
    )
    approve = move(
        drafted.to(approved),
        Approve,
        by=APPROVER,
        not_by=[draft],
        needs=[checks.by_somebody, checks.by_another, checks.looked_at, checks.files_whole],
        then=[out_when_seen],
    )
    explain = move(
        (drafted | approved).stay(),
        Explain,
        label="explain numbers",
        by=PUBLISHER | APPROVER,
        not_by=[draft],
        needs=[drafted_by_somebody],
    )
    publish = move(
        (drafted | approved).to(published),
        by=PUBLISHER | ENGINE,
        record=checks.goes_out,
        needs=[
            checks.approved_where_needed,
            checks.files_whole,
            checks.numbers_explained,
            checks.consented,
            checks.corrects_what_it_may,
            checks.staged,
        ],
        then=[carried, marks_the_old],
    )
    discard = move((drafted | approved).to(discarded), Discard, by=PUBLISHER | APPROVER | ENGINE)
    withdraw = move(
        published.to(withdrawn),
        Withdraw,
        by=PUBLISHER | ENGINE,
        needs=[checks.presentable_reason],
        then=[carried],
    )
    correct = move(published.stay(), Correct, needs=[checks.not_corrected_yet], then=[carried])
