"""Reports on a vote: itself, its roll, keepers, ballots, result, contests and papers."""

from typing import Annotated, Any
from uuid import UUID

import attrs

from linli import (
    Asked,
    Card,
    District,
    Input,
    NoInputs,
    Page,
    PlaceId,
    Shown,
    StoredSubject,
    Table,
    Text,
    Workflow,
    plain,
    report,
    say,
)
from linli.cli import state_of
from linli.query import subjects
from linli_owners_vote.api import Votes
from linli_owners_vote.arithmetic import Line, square_metres
from linli_owners_vote.contests import ContestFlow
from linli_owners_vote.disputes import DisputeFlow
from linli_owners_vote.elsewhere import ElsewhereFlow
from linli_owners_vote.notices import MAJORITIES, OUTCOMES, SECRET, WAYS
from linli_owners_vote.papers import PaperFlow
from linli_owners_vote.views import Outturn
from linli_owners_vote.workflow import KeeperFlow, VoteFlow


@attrs.frozen(kw_only=True)
class OfVote:
    """A vote."""

    number: UUID


@attrs.frozen(kw_only=True)
class OfPart(OfVote):
    """A vote, and a part of somebody's."""

    part: Annotated[PlaceId, Input("a number or a path of names: 锦绣花园/1栋/1单元/101")]


_NUMBER = ("number",)


def _parts(ask: Asked[OfVote], flow: type[Workflow[Any]]) -> list[StoredSubject]:
    """What there is of one kind in the tree of a vote."""
    return [one for one in ask.district.tree(ask.given.number) if one.kind == flow.name]


def _state(flow: type[Workflow[Any]], one: StoredSubject) -> Shown:
    return Shown(one.state, state_of(flow, one))


def _word(code: str | None) -> Shown:
    return Shown(code, code and say(code))


# --- the vote and its roll -----------------------------------------------------------------------------------


@report("vote.show", "show a vote", OfVote, arguments=_NUMBER)
def vote(ask: Asked[OfVote]) -> Card:
    """A vote as people read it; its result is a report of its own."""
    known = ask.district.subject(ask.given.number)
    about = {"id": known.id, "state": known.state, "outcome": known.outcome, "place": known.place}
    records = about | plain(known.record)
    return Card(_told(ask.district, known) if known.kind == VoteFlow.name else records, records)


def _told(district: District, known: StoredSubject) -> dict[str, object]:
    record = known.record
    found: dict[str, object] = {
        "id": known.id,
        "topic": record.topic,
        "state": say(VoteFlow.state(known.state).label),
        "outcome": OUTCOMES.get(known.outcome or "", known.outcome),
        "place": district.register.name_path(known.place),
        "majority": MAJORITIES[record.majority],
        "ballots": SECRET[record.ballots],
        "matter": record.matter,
        "organiser": _named(district, record.organiser),
        "stands_in_for": say(record.stands_in_for) if record.stands_in_for else None,
        "opens_from": record.opens_from,
        "until": record.until,
        "due_at": known.due_at,
        "roll_parts": record.roll_parts,
    }
    if record.roll_area is not None:
        found |= {"on the roll": f"{square_metres(record.roll_area)} m²", "roll_heads": record.roll_heads}
    return {name: value for name, value in found.items() if value is not None}


def _named(district: District, body: UUID | None) -> str | None:
    return district.register.organisation_record(body).name if body else None


@report(
    "vote.contests",
    "list the contested parts of vote NUMBER; each is settled by its own number",
    OfVote,
    arguments=_NUMBER,
)
def contests(ask: Asked[OfVote]) -> Table:
    """Contested parts of the roll."""
    rows = [
        (one.id, one.record.part, _state(ContestFlow, one), one.opened_at) for one in _parts(ask, ContestFlow)
    ]
    return Table(("id", "part", "state", "opened"), rows)


@report(
    "vote.roll",
    "show the roll of vote NUMBER: frozen since it opened, before that as the register is",
    OfVote,
    arguments=_NUMBER,
)
def roll(ask: Asked[OfVote]) -> Table:
    """Parts, with their areas and their owners' numbers."""
    found = Votes(ask.district).roll(ask.given.number)
    rows = [
        (
            one.path,
            square_metres(one.area) if one.area is not None else None,
            one.head,
            say("contested") if one.contested else one.problem,
        )
        for one in found
    ]
    records = [plain(one) | {"problem": str(one.problem) if one.problem else None} for one in found]
    return Table(("part", "m²", "owner no.", "problem"), rows, records)


@report("vote.result", "show the result of vote NUMBER with its arithmetic", OfVote, arguments=_NUMBER)
def result(ask: Asked[OfVote]) -> Page:
    """The topic, and the lines of the arithmetic."""
    found = Votes(ask.district).result(ask.given.number, actor=ask.actor)
    return Page((f"{found.topic}\n", *map(str, found.text)), _plain(found))


def _plain(found: Outturn) -> dict[str, object]:
    return plain(found) | {
        "area_unit": "0.01 m²",
        "lines": [_plain_line(line) for line in found.lines],
        "text": [str(line) for line in found.text],
    }


def _plain_line(line: Line) -> dict[str, object]:
    left, right = line.products
    return {
        "name": line.name,
        "part": line.part,
        "whole": line.whole,
        "share": str(line.share),
        "needed": "more_than" if line.more else "at_least",
        "left": left,
        "right": right,
        "holds": line.holds,
    }


@report(
    "vote.verify",
    "check that the roll and the box of vote NUMBER are as they were frozen and counted",
    OfVote,
    arguments=_NUMBER,
)
def verify(ask: Asked[OfVote]) -> Page:
    """What is not as it was."""
    problems = [str(one) for one in Votes(ask.district).verify(ask.given.number)]
    return Page(problems or [str(say("all is as it was"))], {"problems": problems}, fails=bool(problems))


# --- keepers and phones ----------------------------------------------------------------------------------------


@report(
    "vote.keepers",
    "list the keepers of vote NUMBER; each takes its code by its own number",
    OfVote,
    arguments=_NUMBER,
)
def keepers(ask: Asked[OfVote]) -> Table:
    """Organisations that keep a code."""
    found = Votes(ask.district).keepers(ask.given.number)
    rows = [(one.id, one.record.organisation, _state(KeeperFlow, one)) for one in found]
    return Table(("id", "organisation", "state"), rows)


@report(
    "vote.phones",
    "list every change of an owner's phone since vote NUMBER was announced",
    OfVote,
    arguments=_NUMBER,
)
def phones(ask: Asked[OfVote]) -> Page:
    """Changes of phones, and whether files were taken in meanwhile."""
    found = Votes(ask.district).phones_changed(ask.given.number, actor=ask.actor)
    verbs = ask.district.rules.called
    rows = [
        (line.path, line.person, line.at, verbs(line.how), line.actor or say("console"))
        for line in found.lines
    ]
    told: list[Table | Text | str] = [Table(("part", "person", "when", "what", "who"), rows)]
    if found.files:
        told.append(
            say("Meanwhile files with people were taken in; look through what they brought: linli import")
        )
    return Page(told, plain(found))


# --- ballots --------------------------------------------------------------------------------------------------


@report("vote.voted", "say whether your own part has voted in vote NUMBER", OfPart, arguments=_NUMBER)
def voted(ask: Asked[OfPart]) -> Page:
    """Yes or no."""
    found = Votes(ask.district).voted(ask.given.number, ask.given.part, actor=ask.actor)
    return Page((say("yes") if found else say("no"),), {"voted": found})


@report(
    "vote.named",
    "show how each part voted in vote NUMBER, which was announced as one by name",
    OfVote,
    arguments=_NUMBER,
)
def named(ask: Asked[OfVote]) -> Table:
    """Parts and their choices."""
    found = Votes(ask.district).named(ask.given.number, actor=ask.actor)
    return Table(("part", "choice"), [(one.path, _word(one.choice)) for one in found])


@report(
    "vote.turnout",
    "show which parts have voted in vote NUMBER, to tellers; never how",
    OfVote,
    arguments=_NUMBER,
)
def turnout(ask: Asked[OfVote]) -> Page:
    """Ballots, and what they weigh."""
    found = Votes(ask.district).turnout(ask.given.number, actor=ask.actor)
    rows = [
        (one.ballot, one.path, WAYS[one.way], say("yes") if one.checked else say("to be checked"))
        for one in found.ballots
    ]
    weights = [
        say("{what}: {area} m², {heads} owners", what=what, area=square_metres(one.area), heads=one.heads)
        for what, one in ((say("on the roll"), found.roll), (say("took part"), found.voted))
    ]
    return Page((Table(("number", "part", "way", "counts"), rows), "", *weights), plain(found))


@attrs.frozen(kw_only=True)
class OfReceipt(OfVote):
    """A vote, and the receipt of a ballot."""

    receipt: str


@report(
    "vote.receipt",
    "say whether the ballot of RECEIPT is in the box of vote NUMBER, and was counted",
    OfReceipt,
    arguments=("number", "receipt"),
)
def receipt(ask: Asked[OfReceipt]) -> Page:
    """How a ballot stands."""
    found = Votes(ask.district).standing(ask.given.number, ask.given.receipt)
    if not found.in_box:
        said = say("no ballot in this box has this receipt")
    elif found.counted:
        said = say("it is in the box, and was counted")
    else:
        said = say("it is in the box")
    return Page((said,), plain(found))


@report(
    "vote.receipts",
    "list the receipts of all ballots of vote NUMBER, once it was counted",
    OfVote,
    arguments=_NUMBER,
)
def receipts(ask: Asked[OfVote]) -> Page:
    """Receipts, a line each."""
    found = Votes(ask.district).receipts(ask.given.number)
    return Page(tuple(found), found)


# --- contests of a result, papers, votes held elsewhere ---------------------------------------------------------


@report("vote.disputes", "list the contests of the result of vote NUMBER", OfVote, arguments=_NUMBER)
def disputes(ask: Asked[OfVote]) -> Table:
    """Contests of a result."""
    headings = ("id", "asked by", "paper", "number of parts", "state", "opened")
    rows = [
        (
            one.id,
            _word(one.record.asked_by),
            one.record.paper,
            len(one.record.contested),
            _state(DisputeFlow, one),
            one.opened_at,
        )
        for one in _parts(ask, DisputeFlow)
    ]
    return Table(headings, rows)


@report(
    "vote.openings",
    "list for whom the ballot of your own part in vote NUMBER was opened after the count",
    OfPart,
    arguments=_NUMBER,
)
def openings(ask: Asked[OfPart]) -> Table:
    """When, for whom, by which paper."""
    found = Votes(ask.district).openings(ask.given.number, ask.given.part, actor=ask.actor)
    rows = [(one.at, _word(one.asked_by), one.paper) for one in found]
    return Table(("when", "asked by", "paper"), rows)


@report("vote.papers", "show where the papers of vote NUMBER are stored", OfVote, arguments=_NUMBER)
def papers(ask: Asked[OfVote]) -> Table:
    """Papers, and their places."""
    rows = [
        (one.id, one.record.number, one.record.stored_at, _state(PaperFlow, one))
        for one in _parts(ask, PaperFlow)
    ]
    return Table(("id", "number of papers", "stored_at", "state"), rows)


@report("vote.list_elsewhere", "list the votes that were held outside linli", NoInputs)
def elsewhere(ask: Asked[NoInputs]) -> Table:
    """Votes, by their certified results."""
    rows = [
        (
            one.id,
            one.record.topic,
            one.record.by,
            one.record.ended_on,
            _state(ElsewhereFlow, one.kept),
            _word(one.outcome),
        )
        for one in ask.get(subjects(ElsewhereFlow, most=50))
    ]
    return Table(("id", "topic", "held by", "last day", "state", "outcome"), rows)


REPORTS = (
    *(vote, contests, roll, result, verify, keepers, phones),
    *(voted, named, turnout, receipt, receipts),
    *(disputes, openings, papers, elsewhere),
)
