"""Publications (公开) as a workflow: approved where the district says so, withdrawn only visibly."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from linli.access import ENGINE, NOBODY, has_post
from linli.acts import Act
from linli.effects import Effect, Make, Tell
from linli.facts import Facts
from linli.publish import checks
from linli.publish.records import Publication, PublishSettings
from linli.subjects import Subject
from linli.workflow import Ask, Move, State, Workflow

PUBLISHER = has_post("clerk", "officer", "publisher")
APPROVER = has_post("officer", "approver")


def _at_once(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    if act.value("at_once"):
        yield Make(subject=subject.id, move="publish")


def _out_when_seen(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What only waited for somebody's look goes out with it."""
    if subject.record.look and not facts.settings(PublishSettings).approval:
        yield Make(subject=subject.id, move="publish")


def _carried(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """One delivery per channel: a withdrawal goes wherever the publication went."""
    for channel in sorted({one.channel for one in subject.record.audience}):
        payload = {"publication": subject.id, "event": act.verb}
        yield Tell(recipient=f"channel:{channel}", kind="channel", payload=payload)


def _marks_the_old(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    if subject.record.corrects:
        values = {"corrected_by": subject.id, "corrected_at": act.at}
        yield Make(subject=subject.record.corrects, move="correct", values=values)


PUBLICATION = Workflow(
    name="publication",
    label="publication",
    read_by=PUBLISHER | APPROVER,
    record=Publication,
    told_by=("title",),
    accepted_in="published",
    states=(
        State("draft", "draft"),
        State("approved", "approved"),
        State("published", "published", turn=NOBODY),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
        State("discarded", "discarded", ends=("discarded",)),
    ),
    moves=(
        Move(
            name="draft",
            label="draft",
            sources=(),
            to="draft",
            by=PUBLISHER | ENGINE,
            asks=(
                Ask(name="title", help="one line", longest=120, public=True),
                Ask(
                    name="body",
                    help="plain text; an empty line parts paragraphs",
                    longest=100_000,
                    public=True,
                ),
                Ask(name="series", help="what it continues", default="notice", longest=80),
                Ask(name="about", help="the matter it is about", type=UUID, required=False),
                Ask(name="stage", help="which of its disclosures", type=int, required=False),
                Ask(name="personal", help="commitments to consented data", type=Mapping, required=False),
                Ask(name="files", help="what the record keeps of files", type=tuple, required=False),
                Ask(name="look", help="another person looks at it first", type=bool, required=False),
                Ask(name="drafted_by", type=UUID, required=False),
                Ask(name="corrects", help="the publication that it corrects", type=UUID, required=False),
                Ask(name="at_once", help="publish it in the same act", type=bool, required=False),
            ),
            checks=(
                checks.presentable,
                checks.drafted_as_it_is,
                checks.consented,
                checks.corrects_what_it_may,
                checks.staged,
            ),
            effects=(_at_once,),
        ),
        Move(
            name="approve",
            label="approve",
            sources=("draft",),
            to="approved",
            by=APPROVER,
            apart_from=("draft",),
            asks=(
                Ask(
                    name="seen",
                    help="the files of which each page was looked at: nobody's personal data is there",
                    type=tuple,
                    required=False,
                ),
            ),
            checks=(checks.by_somebody, checks.by_another, checks.looked_at, checks.files_whole),
            effects=(_out_when_seen,),
        ),
        Move(
            name="explain",
            label="explain numbers",
            sources=("draft", "approved"),
            to=None,
            by=PUBLISHER | APPROVER,
            apart_from=("draft",),
            asks=(
                Ask(
                    name="numbers",
                    help="what the numbers are that look like identity numbers",
                    choices=("credit code", "case number", "account", "other"),
                ),
            ),
            checks=(checks.drafted_by_somebody,),
        ),
        Move(
            name="publish",
            label="publish",
            sources=("draft", "approved"),
            to="published",
            by=PUBLISHER | ENGINE,
            asks=(
                Ask(name="follows", type=UUID, required=False, computed=True),
                Ask(name="audience", type=tuple, required=False, computed=True),
                Ask(name="digest", required=False, computed=True),
            ),
            fills=(checks.worked_out,),
            checks=(
                checks.approved_where_needed,
                checks.files_whole,
                checks.numbers_explained,
                checks.consented,
                checks.corrects_what_it_may,
                checks.staged,
            ),
            effects=(_carried, _marks_the_old),
        ),
        Move(
            name="discard",
            label="discard",
            sources=("draft", "approved"),
            to="discarded",
            by=PUBLISHER | APPROVER | ENGINE,
            asks=(Ask(name="reason", help="why it does not go out", private=True),),
        ),
        Move(
            name="withdraw",
            label="withdraw",
            sources=("published",),
            to="withdrawn",
            by=PUBLISHER | ENGINE,
            asks=(
                Ask(name="reason", help="why; it is shown in place of the text", longest=400, public=True),
            ),
            checks=(checks.presentable_reason,),
            effects=(_carried,),
        ),
        Move(
            name="correct",
            sources=("published",),
            to=None,
            by=ENGINE,
            asks=(Ask(name="corrected_by", type=UUID), Ask(name="corrected_at", type=datetime)),
            checks=(checks.not_corrected_yet,),
            effects=(_carried,),
        ),
    ),
)
