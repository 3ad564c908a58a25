"""Publications (公开) as a workflow: approved where the district says so, withdrawn only visibly."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from linli.access import ENGINE, has_post
from linli.acts import Act
from linli.effects import Effect, Make, Tell
from linli.facts import Facts
from linli.i18n import Text, say
from linli.publish.records import Publication, PublishSettings
from linli.subjects import Subject
from linli.workflow import Ask, Move, State, Workflow

PUBLISHER = has_post("clerk", "officer", "publisher")
APPROVER = has_post("officer", "approver")


def _approved_where_needed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if before.state == "draft" and facts.settings(PublishSettings).approval:
        return say("this district approves before it publishes; have it approved first")
    return None


def _carried(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """One delivery per channel, to those of the settings and of the plugins."""
    answers = facts.plugins.publication_audience(subject, facts)
    channels = {*facts.settings(PublishSettings).channels, *(answer.value.channel for answer in answers)}
    for channel in sorted(channels):
        payload = {"publication": subject.id, "event": act.verb}
        yield Tell(recipient=f"channel:{channel}", kind="channel", payload=payload)


def _marks_the_old(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    if subject.record.corrects:
        yield Make(subject=subject.record.corrects, move="correct", values={"corrected_by": subject.id})


PUBLICATION = Workflow(
    name="publication",
    label="publication",
    record=Publication,
    accepted_in="published",
    states=(
        State("draft", "draft"),
        State("approved", "approved"),
        State("published", "published"),
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
                Ask(name="title", help="one line", longest=120),
                Ask(name="body", help="plain text; an empty line parts paragraphs", longest=100_000),
                Ask(name="series", help="what it continues", default="notice", longest=80),
                Ask(name="about", help="the matter it is about", type=UUID, required=False),
                Ask(name="stage", help="which of its disclosures", type=int, required=False),
                Ask(
                    name="personal",
                    help="salted hashes of consented personal data",
                    type=Mapping,
                    required=False,
                ),
                Ask(name="corrects", help="the publication that it corrects", type=UUID, required=False),
            ),
        ),
        Move(
            name="approve",
            label="approve",
            sources=("draft",),
            to="approved",
            by=APPROVER,
            apart_from=("draft",),
        ),
        Move(
            name="publish",
            label="publish",
            sources=("draft", "approved"),
            to="published",
            by=PUBLISHER | ENGINE,
            checks=(_approved_where_needed,),
            effects=(_carried, _marks_the_old),
        ),
        Move(name="discard", label="discard", sources=("draft", "approved"), to="discarded", by=PUBLISHER),
        Move(
            name="withdraw",
            label="withdraw",
            sources=("published",),
            to="withdrawn",
            by=PUBLISHER,
            asks=(Ask(name="reason", help="why; it is shown in place of the text", longest=400),),
            effects=(_carried,),
        ),
        Move(
            name="correct",
            sources=("published",),
            to=None,
            by=ENGINE,
            asks=(Ask(name="corrected_by", type=UUID),),
            effects=(_carried,),
        ),
    ),
)
