"""A form, filled in: a copy of the file in which only what was asked for is new."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from re import Match
from uuid import UUID

import attrs
from lxml import etree  # type: ignore[import-untyped]

from linli import District, Problem, Text, listed, say
from linli_brief.forms.answers import Answers
from linli_brief.forms.errors import FormError, Unclear
from linli_brief.forms.grammar import BRACES, FigureAsked, ListAsked, WordAsked, read
from linli_brief.forms.growing import Grown, grow
from linli_brief.forms.lists import Value
from linli_brief.forms.package import Element, Package, worksheets
from linli_brief.forms.plan import Block, Plan, Single, planned
from linli_brief.forms.sheet import SharedStrings, Sheet, named
from linli_brief.writing import refuse_existing, write_new

# After these, `calcPr` stands in a workbook.
_BEFORE_CALC = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Filled:
    """What was filled in.

    Attributes:
        cells: single cells; `rows`: those of lists.
        notes: what whoever hands it in should know.
    """

    out: Path
    cells: int
    rows: int
    notes: tuple[Text, ...]


def fill(
    district: District,
    form: Path,
    out: Path,
    place: UUID | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Filled:
    """Fill in a form; see `Reports.fill`."""
    refuse_existing(out)
    answers = Answers(district, place, start, end)
    package = Package(form)
    strings = SharedStrings(package)
    parts = {part: Sheet(name, package.peek(part), strings) for name, part in worksheets(package)}
    plan = planned(list(parts.values()), package, answers)
    lists = _lists(plan, parts, answers)
    plan.problems += [problem for one in lists if (problem := one.problem(package))]
    if plan.problems:
        raise FormError(form.name, plan.problems)
    _carry_out(package, parts, plan, lists, answers)
    write_new(out, package.content())
    return Filled(
        out=out,
        cells=len(plan.singles),
        rows=sum(len(rows) for one in lists for rows in one.rows),
        notes=tuple(_notes(district, plan)),
    )


def _lists(plan: Plan, parts: Mapping[str, Sheet], answers: Answers) -> list[Grown]:
    """The lists by sheet and row, the lowest first, so that those above do not move what is below."""
    part_of = {sheet.name: part for part, sheet in parts.items()}
    found = []

    def spot(block: Block) -> tuple[str, int]:
        return block.sheet.name, -block.row

    for (name, row), blocks in groupby(sorted(plan.blocks, key=spot), key=spot):
        part, together = part_of[name], tuple(blocks)
        rows = tuple(_rows(plan, block, answers) for block in together)
        found.append(Grown(sheet=parts[part], part=part, row=-row, blocks=together, rows=rows))
    return found


def _rows(plan: Plan, block: Block, answers: Answers) -> Sequence[tuple[Value, ...]]:
    try:
        asked = block.asked
        return answers.listed(asked) if isinstance(asked, ListAsked) else answers.each(asked)
    except Unclear as problem:
        plan.problems.append(Problem(where=block.sheet.name, what=problem.text))
        return ()


def _carry_out(
    package: Package, parts: Mapping[str, Sheet], plan: Plan, lists: Sequence[Grown], answers: Answers
) -> None:
    for single in plan.singles:
        _fill_single(single, answers)
    for one in lists:
        grow(package, one, list(parts.values()))
    moved = any(one.wanted > 1 for one in lists)
    changed = {id(sheet) for sheet in (*(one.sheet for one in plan.singles), *(one.sheet for one in lists))}
    for part, sheet in parts.items():
        has_formulas = _forget_results(sheet)
        if moved or has_formulas or id(sheet) in changed:
            package.tree(part)
    _calculate_when_opened(package)
    chain = [part for kind, part in package.related(package.workbook).values() if kind == "calcChain"]
    for part in chain if moved else ():
        package.drop(part)


def _fill_single(single: Single, answers: Answers) -> None:
    if single.alone:
        single.sheet.put(single.cell, answers.figure(single.alone))
        return

    def said(match: Match[str]) -> str:
        asked = read(match[1], answers.names)
        if isinstance(asked, WordAsked):
            return answers.word(asked)
        assert isinstance(asked, FigureAsked), "a list stands in a cell of its own"
        return answers.figure_in_words(asked)

    single.sheet.rewrite(single.cell, BRACES, said)


# --- formulas --------------------------------------------------------------------------------------


def _forget_results(sheet: Sheet) -> bool:
    """Take out what formulas came to before: nobody shall read an old sum. Whether there are any."""
    found = False
    for cell in sheet.root.iter(named(sheet.root, "c")):
        if cell.find(named(cell, "f")) is not None:
            found = True
            value = cell.find(named(cell, "v"))
            if value is not None:
                cell.remove(value)
            cell.attrib.pop("t", None)
    return found


def _calculate_when_opened(package: Package) -> None:
    workbook = package.tree(package.workbook)
    rule: Element = workbook.find(named(workbook, "calcPr"))
    if rule is None:
        rule = etree.Element(named(workbook, "calcPr"))
        before = [one for one in workbook if etree.QName(one).localname in _BEFORE_CALC]
        before[-1].addnext(rule)
    rule.set("fullCalcOnLoad", "1")


# --- what to know ----------------------------------------------------------------------------------


def _notes(district: District, plan: Plan) -> Iterable[Text]:
    shown = plan.figures()
    for name in sorted(shown):
        lacking = [one for one in district.rules.figures[name].shown_with if one not in shown]
        if lacking:
            yield say(
                "{figure} misleads alone; the form should also show {others}",
                figure=name,
                others=listed(lacking),
            )
