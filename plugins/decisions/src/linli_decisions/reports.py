"""Reports on decisions: the catalogue, a matter's file, its disclosures, objections that wait."""

from collections.abc import Iterator

import attrs

from linli import Asked, Card, NoInputs, Page, StoredSubject, Table, listed, plain, report, say
from linli.cli import state_of
from linli_decisions.api import Decisions, FileStep
from linli_decisions.disclosures import DisclosureFlow
from linli_decisions.turns import turn_of
from linli_decisions.workflow import DecisionFlow

_VOTES = {"ordinary": say("ordinary matter"), "special": say("special matter")}


@attrs.frozen(kw_only=True)
class OfMatter:
    """A matter, by a number of linli's or the one under which it was filed."""

    number: str


@report("decision.catalogue", "list the matters that must go the whole way", NoInputs)
def catalogue(ask: Asked[NoInputs]) -> Table:
    """The matters of the catalogue."""
    found = Decisions(ask.district).catalogue
    rows = [
        (one.code, one.name, say(one.tier), _VOTES.get(one.vote or "", "-"), listed(one.papers))
        for one in found
    ]
    return Table(("code", "name", "filed by", "owners' vote", "papers"), rows, found)


@report(
    "decision.file",
    "show the file of matter NUMBER, as its owners may see it",
    OfMatter,
    arguments=("number",),
)
def file(ask: Asked[OfMatter]) -> Page:
    """The matter, its papers, and each step with what was written about it."""
    desk = Decisions(ask.district)
    found = desk.file(desk.find(ask.given.number), actor=ask.actor)
    one, record = found.decision, found.decision.record
    top: dict[str, object] = {
        "number": record.filing_number or one.id,
        "topic": record.topic,
        "state": state_of(DecisionFlow, one),
    }
    steps = [line for step in found.steps for line in _told(ask, step)]
    papers = [f"{say('attachments')}  {paper.name}  {paper.sha256}" for paper in found.papers]
    of_it = {"id": one.id, "state": one.state, **plain(record)}
    parts = [{"id": part.id, "kind": part.kind, "state": part.state} for part in found.parts]
    return Page(
        (Card(top), *_due(ask, one), *papers, "", *steps),
        {**of_it, "parts": parts, "steps": [_plain(step) for step in found.steps]},
    )


def _due(ask: Asked[OfMatter], decision: StoredSubject) -> list[str]:
    """What is to be done now, and until when."""
    turn = turn_of(ask.district, decision)
    until = f"  {ask.minute(turn.until)}" if turn and turn.until else ""
    return [f"{say('what is due')}  {turn.what}{until}"] if turn else []


def _told(ask: Asked[OfMatter], one: FileStep) -> Iterator[str]:
    """A step: when, what and by whom, and below it what belongs to it."""
    step = one.step
    yield f"{ask.minute(step.at)}  {step.what}" + (f"  {step.by}" if step.by else "")
    if step.publication:
        yield f"    {say('publication')}: {step.publication}"
    if step.corrected_by:
        yield f"    {say('corrected by')}: {step.corrected_by}"
    yield from (f"    {say(name)}: {text}" for name, text in one.texts.items())


def _plain(one: FileStep) -> dict[str, object]:
    step = one.step
    return {
        "at": step.at,
        "verb": step.verb,
        "what": str(step.what),
        "by": str(step.by) if step.by else None,
        "publication": step.publication,
        "corrected_by": step.corrected_by,
        "texts": one.texts,
    }


@report(
    "decision.disclosures",
    "list the disclosures of matter NUMBER, with their publications",
    OfMatter,
    arguments=("number",),
)
def disclosures(ask: Asked[OfMatter]) -> Table:
    """Disclosures, the oldest first, with what corrects them."""
    desk = Decisions(ask.district)
    found = [(one, desk.corrections(one)) for one in desk.disclosures(desk.find(ask.given.number))]
    rows = [
        (
            one.record.publication,
            one.record.stage,
            state_of(DisclosureFlow, one),
            one.due_at,
            listed(corrections),
        )
        for one, corrections in found
    ]
    records = [
        {"id": one.id, "state": one.state, "corrections": corrections, **plain(one.record)}
        for one, corrections in found
    ]
    return Table(("publication", "stage", "state", "until", "corrections"), rows, records)


@report("objection.waiting", "list the objections that wait for an answer", NoInputs)
def waiting(ask: Asked[NoInputs]) -> Table:
    """Objections of all matters."""
    found = Decisions(ask.district).objections()
    rows = [(one.id, one.root, one.opened_at, one.due_at) for one in found]
    records = [{"id": one.id, "decision": one.root, "due_at": one.due_at} for one in found]
    return Table(("number", "decision", "opened", "due at"), rows, records)


REPORTS = (catalogue, file, disclosures, waiting)
