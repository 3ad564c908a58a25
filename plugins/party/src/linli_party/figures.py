"""Figures of branches, under the brief's names. Each of the two axes adds up to the total."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from linli import Act, Count, Figure, Opening, StoredSubject, Subject, Transition
from linli.query import BriefQuestion, Counted, bodies, places
from linli_party.branch import Branch
from linli_party.branches import BranchFlow
from linli_party.compounds import BRANCH, COMPANY, FUNCTIONAL, ORDINARY
from linli_party.surveys import SurveyFlow


def _noon(day: date | None) -> datetime:
    assert day, "what was in being was so from a day on"
    # The same day in every zone that a district may have.
    return datetime.combine(day, time(12), UTC)


def _in_being(test: Callable[[Branch], bool]) -> Callable[[Transition[Branch, object]], Iterable[Count]]:
    """Counts branches in being that pass a test, from the day on which they are to the one on which they end."""

    def passes(branch: Subject[Branch]) -> bool:
        return branch.state is BranchFlow.in_being and test(branch.record)

    def counts(t: Transition[Branch, object]) -> Iterable[Count]:
        n = passes(t.subject) - (not isinstance(t.move, Opening) and passes(t.before))
        if n:
            yield Count(n=n, at=_noon(t.record.until or t.record.since))

    return counts


def _overdue(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """The first time that a re-election is late; taken back when the term ends."""
    if act.verb != "branch_term.late":
        if before and before.clocks["re_election"].step:
            yield Count(n=-1)
    elif act.body["clock"] == "re_election" and act.body["step"] == 0:
        yield Count()


def _day_of(question: BriefQuestion) -> date:
    """The last day that a stock is of, in the district's zone."""
    last = question.as_of - timedelta(microseconds=1)
    return last.astimezone(question.until.tzinfo).date()


def _standing(question: BriefQuestion, *kinds: str) -> list[UUID]:
    """The compounds that there are with a body of each of these kinds: a share is of these, above its line and below it."""
    day = _day_of(question)
    having = {(one.place, one.kind) for one in question.get(bodies(BRANCH, COMPANY, on=day))}
    there = question.get(places("compound", within=question.place, on=day))
    return [one.id for one in there if all((one.id, kind) in having for kind in kinds)]


def _covered_listed(question: BriefQuestion) -> Iterable[Counted]:
    yield from _listed(question, BRANCH)


def _both_listed(question: BriefQuestion) -> Iterable[Counted]:
    yield from _listed(question, BRANCH, COMPANY)


def _listed(question: BriefQuestion, *kinds: str) -> Iterable[Counted]:
    for place in _standing(question, *kinds):
        yield Counted(at=question.as_of, what="compound", subject=place, place=place)


def _covered(question: BriefQuestion) -> int:
    return len(_standing(question, BRANCH))


def _coverage(question: BriefQuestion) -> float | None:
    served = _standing(question, COMPANY)
    return len(_standing(question, BRANCH, COMPANY)) / len(served) if served else None


def _coverage_of_all(question: BriefQuestion) -> float | None:
    compounds = _standing(question)
    return _covered(question) / len(compounds) if compounds else None


def _stock(name: str, *, help: str, label: str, test: Callable[[Branch], bool]) -> Figure:
    flow, counts = BranchFlow, _in_being(test)
    changes = (flow.approve, flow.enter, flow.recount, flow.merge, flow.dissolve)
    on = tuple(one.count(counts) for one in changes)
    return Figure(name=name, help=help, label=label, stock=True, on=on)


FIGURES = (
    _stock("branches.total", help="branches in being", label="branches", test=lambda one: True),
    _stock(
        "branches.in_old_compounds",
        help="branches in being in old compounds",
        label="in old compounds",
        test=lambda one: one.compound_kind == "old",
    ),
    _stock(
        "branches.in_commercial_compounds",
        help="branches in being in commercial compounds",
        label="in commercial compounds",
        test=lambda one: one.compound_kind == "commercial",
    ),
    _stock(
        "branches.in_courtyards",
        help="branches in being in courtyards",
        label="in courtyards",
        test=lambda one: one.compound_kind == "courtyard",
    ),
    _stock(
        "branches.ordinary",
        help="ordinary branches in being: their members belong to them",
        label="ordinary branches",
        test=lambda one: one.branch_kind == ORDINARY,
    ),
    _stock(
        "branches.functional",
        help="functional branches in being: their members keep their membership at work",
        label="functional branches",
        test=lambda one: one.branch_kind == FUNCTIONAL,
    ),
    Figure(
        name="branches.compounds_covered",
        help="compounds with a branch in being",
        label="compounds with a branch",
        stock=True,
        query=_covered,
        items=_covered_listed,
    ),
    Figure(
        name="branches.coverage",
        help="compounds with both a branch and a property service, by compounds with a property service",
        label="coverage",
        stock=True,
        share=True,
        query=_coverage,
        of=("branches.total",),
        items=_both_listed,
        shown_with=("branches.coverage_of_all",),
    ),
    Figure(
        name="branches.coverage_of_all",
        help="compounds with a branch, by all compounds",
        label="coverage of all compounds",
        stock=True,
        share=True,
        query=_coverage_of_all,
        of=("branches.total",),
        items=_covered_listed,
    ),
    Figure(
        name="branches.re_elections",
        help="committees re-elected in the period",
        label="re-elections",
        on=(BranchFlow.re_elect,),
    ),
    Figure(
        name="branches.re_elections_overdue",
        help="branches whose re-election is overdue",
        label="re-elections overdue",
        stock=True,
        on=dict.fromkeys(("branch_term.late", "branch_term.finish", "branch_term.close"), _overdue),
    ),
    Figure(
        name="party.surveys",
        help="surveys of party members that were accepted in the period",
        label="surveys of compounds",
        on=(SurveyFlow.accept,),
    ),
)
