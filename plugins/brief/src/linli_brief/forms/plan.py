"""What a form asks for, cell by cell, and everything that is wrong in it."""

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from linli import Problem, say
from linli_brief.forms.answers import Answers
from linli_brief.forms.errors import Unclear
from linli_brief.forms.grammar import BRACES, Asked, EachAsked, FigureAsked, ListAsked, read
from linli_brief.forms.package import Element, Package
from linli_brief.forms.periods import period_named
from linli_brief.forms.sheet import Sheet, split


@attrs.frozen(kw_only=True)
class Single:
    """A cell with figures and words: alone, or within a sentence.

    Attributes:
        asked: what it asks for; `whole`: with nothing else around it.
    """

    sheet: Sheet
    cell: Element
    asked: tuple[Asked, ...]
    whole: bool

    @property
    def alone(self) -> FigureAsked | None:
        """The figure that is all of it, and makes a number of the cell."""
        first = self.asked[0]
        return first if self.whole and isinstance(first, FigureAsked) else None


@attrs.frozen(kw_only=True)
class Block:
    """A cell from which rows grow.

    Attributes:
        columns: where each of the list's columns stands, cells hidden by merging left out.
    """

    sheet: Sheet
    row: int
    columns: tuple[int, ...]
    asked: ListAsked | EachAsked


@attrs.define
class Plan:
    """What is to be done with a form, and what is wrong with it."""

    singles: list[Single] = attrs.field(factory=list)
    blocks: list[Block] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)

    def figures(self) -> set[str]:
        """The names of the figures that the form shows."""
        asked = [one for single in self.singles for one in single.asked]
        asked += [block.asked for block in self.blocks if isinstance(block.asked, EachAsked)]
        return {figure.name for one in asked for figure in _figures_in(one)}


def planned(sheets: Sequence[Sheet], package: Package, answers: Answers) -> Plan:
    """Read every cell of a form."""
    plan = Plan()
    for sheet in sheets:
        for cell, text in sheet.texts():
            if BRACES.search(text):
                _read_cell(plan, sheet, cell, text, answers)
    plan.problems += _in_shapes(package, answers)
    plan.problems += _crowded(plan.blocks)
    if not (plan.singles or plan.blocks or plan.problems):
        what = say("no cell names anything; write {example} where a figure goes", example="{requests.closed}")
        plan.problems.append(Problem(where="", what=what))
    return plan


def _read_cell(plan: Plan, sheet: Sheet, cell: Element, text: str, answers: Answers) -> None:
    where = f"{sheet.name}!{cell.get('r')}"
    found: list[Asked] = []
    for match in BRACES.finditer(text):
        try:
            found.append(_understood(match[1], answers))
        except Unclear as problem:
            plan.problems.append(Problem(where=where, what=problem.text))
    whole = BRACES.fullmatch(text.strip()) is not None
    if any(isinstance(one, ListAsked | EachAsked) for one in found):
        if not whole:
            plan.problems.append(Problem(where=where, what=say("a list stands in a cell of its own")))
        elif isinstance(found[0], ListAsked | EachAsked):
            plan.blocks.append(_block(sheet, cell, found[0]))
    elif found:
        plan.singles.append(Single(sheet=sheet, cell=cell, asked=tuple(found), whole=whole))


def _understood(inside: str, answers: Answers) -> Asked:
    """What is asked for, its periods tried. Raises: Unclear."""
    asked = read(inside, answers.names)
    for figure in _figures_in(asked):
        if figure.period:
            period_named(figure.period, answers.period)
    return asked


def _figures_in(asked: Asked) -> Iterable[FigureAsked]:
    if isinstance(asked, FigureAsked):
        yield asked
    elif isinstance(asked, ListAsked):
        yield asked.figure
    elif isinstance(asked, EachAsked):
        yield from (column for column in asked.columns if isinstance(column, FigureAsked))


# --- where a list's columns stand ------------------------------------------------------------------


def _block(sheet: Sheet, cell: Element, asked: ListAsked | EachAsked) -> Block:
    row, column = split(cell.get("r"))
    hidden = hidden_by_merging(sheet, row)
    columns: list[int] = []
    while len(columns) < len(asked.columns):
        if column not in hidden:
            columns.append(column)
        column += 1
    return Block(sheet=sheet, row=row, columns=tuple(columns), asked=asked)


def hidden_by_merging(sheet: Sheet, row: int) -> set[int]:
    """The columns of a row whose cells are covered by another one."""
    hidden: set[int] = set()
    for reference in sheet.merged():
        (top, left), (bottom, right) = (split(end) for end in reference.split(":"))
        if top <= row <= bottom:
            hidden |= set(range(left + (top == row), right + 1))
    return hidden


def _crowded(blocks: Sequence[Block]) -> Iterator[Problem]:
    """Lists whose columns are not free."""
    for block in blocks:
        for column in block.columns[1:]:
            cell = block.sheet.cell(block.row, column)
            if len(cell):
                where = f"{block.sheet.name}!{cell.get('r')}"
                yield Problem(
                    where=where,
                    what=say(
                        "is not empty, and a list of {count} columns begins left of it",
                        count=len(block.columns),
                    ),
                )


# --- what is in braces where nothing is filled in --------------------------------------------------


def _in_shapes(package: Package, answers: Answers) -> Iterator[Problem]:
    for name in package.names():
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            for text in package.peek(name).itertext():
                for match in BRACES.finditer(text):
                    if _means_something(match[1], answers):
                        what = say("stands in a text box, where nothing is filled in; write it in a cell")
                        yield Problem(where=match[0], what=what)


def _means_something(inside: str, answers: Answers) -> bool:
    try:
        _understood(inside, answers)
    except Unclear:
        return False
    return True
