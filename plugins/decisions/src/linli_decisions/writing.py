"""Disclosure 1 is written for the public by the meeting's secretary, and looked at by somebody else."""

from collections.abc import Iterable, Mapping
from typing import Any

from linli import ENGINE, HOLDER, Act, Ask, Assign, Facts, Limit, Move, Subject, has_post, say
from linli.deadlines import by_working_day
from linli.i18n import Text, listed
from linli.publish.files import KeptFile, as_files, plain, whole
from linli_decisions.disclosures import RESOLUTION, made_public, publishes
from linli_decisions.executing import to_executor
from linli_decisions.settings import DecisionSettings
from linli_decisions.steps import acts_in_one_step
from linli_meetings.api import secretary

WRITER = HOLDER | has_post("meeting_secretary", "officer", "district_officer")
FILE = (
    Ask(name="paper_name", help="which paper it is: a name of the catalogue, or another", longest=40),
    Ask(name="file", help="what the record keeps of its content", type=Mapping),
    Ask(name="attachments", type=tuple, required=False, computed=True),
    Ask(name="papers", type=tuple, required=False, computed=True),
)


def with_file(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The matter's files with another one, which replaces one of its name, and its paper ticked."""
    given = values.get("file")
    if given is None:
        return {}
    (new,) = as_files([given])
    others: list[KeptFile] = [one for one in subject.record.attachments if one.name != new.name]
    papers = dict.fromkeys((*subject.record.papers, str(values.get("paper_name"))))
    return {"attachments": plain([*others, new]), "papers": tuple(papers)}


def as_attached(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody gives by hand what linli works out."""
    values: dict[str, Any] = {"file": act.value("file"), "paper_name": act.value("paper_name")}
    right = with_file(before, values, facts)
    if plain(subject.record.attachments) == right["attachments"] and subject.record.papers == right["papers"]:
        return None
    return say("{name} is worked out by linli; leave it out", name="attachments")


def to_secretary(act: Act, subject: Subject, facts: Facts) -> Iterable[Assign]:
    """The secretary of the meeting that filed it writes what is disclosed."""
    yield Assign(holder=secretary(subject.record.tier, subject.place, facts))


def _secretary_first(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Who is above the secretary writes it when the secretary's time is over."""
    clock = before.clocks.get("writing")
    if act.seat is None or clock is None or clock.step:
        return None
    holding = facts.seats(before.holder, before.place) if before.holder else ()
    if not holding or any(one.is_had_by(act.seat) for one in holding):
        return None
    return say("the meeting's secretary writes it first; when their time is over, you can")


def _has_them(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Only files that are there are made public, and they are as they were given."""
    known, wanted = {one.name for one in before.record.attachments}, act.value("public") or ()
    missing = [name for name in wanted if name not in known]
    if missing:
        return say(
            "the matter has no file {files}; it has: {known}",
            files=listed(missing),
            known=listed(sorted(known)),
        )
    return whole(made_public(act, before), facts)


def writing_limit(subject: Subject, facts: Facts) -> Limit:
    """How long the secretary has."""
    return by_working_day(facts.settings(DecisionSettings).write_days, facts)


def moves() -> Iterable[Move]:
    """From the filing to the disclosure of the resolution."""
    yield Move(
        name="add_file",
        label="add a file",
        sources=("filed",),
        to=None,
        by=WRITER,
        asks=FILE,
        fills=(with_file,),
        checks=(acts_in_one_step, as_attached),
    )
    yield Move(
        name="write",
        label="write what was decided for the public",
        sources=("filed",),
        to="on_notice",
        by=WRITER,
        asks=(
            Ask(
                name="text",
                help="what was decided, in words for everybody; it is made public",
                longest=20_000,
            ),
            Ask(
                name="public",
                help="names of the matter's files that are made public with it",
                type=tuple,
                required=False,
            ),
        ),
        checks=(acts_in_one_step, _secretary_first, _has_them),
        effects=(to_executor, publishes("resolution", RESOLUTION)),
    )
    yield Move(
        name="rewrite",
        label="to be written again",
        sources=("on_notice",),
        to="filed",
        by=ENGINE,
        effects=(to_secretary,),
    )
