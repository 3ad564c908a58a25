"""Rows put into a sheet: formulas go on naming what they named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli_brief.forms.shifting import Gap, shifted, translated

GAP = Gap(first=5, last=7, count=3)


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("A4+A7+A8", "A4+A7+A11"),
        ("$A$8*B$9", "$A$11*B$12"),
        ("SUM(B5:B7)", "SUM(B5:B10)"),
        ("SUM(B5:B5)", "SUM(B5:B10)"),
        ("SUM(B1:B4)", "SUM(B1:B4)"),
        ("SUM(B1:B9)", "SUM(B1:B12)"),
        ("SUM(B8:B9)", "SUM(B11:B12)"),
        ("SUM($B$5:$B$6,C8)", "SUM($B$5:$B$10,C11)"),
        ("SUM(B:B)+SUM(8:9)", "SUM(B:B)+SUM(11:12)"),
        ("月报!A8+'月报'!A8+别的!A8", "月报!A11+'月报'!A11+别的!A8"),
        ('IF(A8="A8",合计,A1A)', 'IF(A11="A8",合计,A1A)'),
        ("[1]月报!A8", "[1]月报!A8"),
        ("LOG10(A8)", "LOG10(A11)"),
        ("#REF!+1", "#REF!+1"),
    ],
)
def test_a_formula_names_the_same_cells_after_rows_were_put_in(formula: str, after: str) -> None:
    assert shifted(formula, GAP, True, "月报") == after


def test_a_formula_of_another_sheet_moves_only_where_it_names_the_sheet() -> None:
    assert shifted("A8+月报!A8", GAP, False, "月报") == "A8+月报!A11"
    assert shifted("'甲''乙'!A8", GAP, False, "甲'乙") == "'甲''乙'!A11"


@given(
    start=st.integers(1, 30), length=st.integers(0, 30), first=st.integers(1, 20), ready=st.integers(0, 5),
    count=st.integers(1, 9),
)  # fmt: skip
def test_a_range_covers_what_it_covered_and_nothing_new_but_rows_of_the_list(
    start: int, length: int, first: int, ready: int, count: int
) -> None:
    gap = Gap(first=first, last=first + ready, count=count)
    begin, end = shifted(f"A{start}:A{start + length}", gap, True, "表").replace("A", "").split(":")
    covers = set(range(int(begin), int(end) + 1))
    covered = {gap.row(row) for row in range(start, start + length + 1)}
    assert covered <= covers
    assert covers - covered <= set(range(gap.first, gap.last + gap.count + 1))
    if covers - covered:
        assert covered & set(range(gap.first, gap.last + gap.count + 1)), (
            "only a range that reached the list grows"
        )


def test_a_formula_that_is_copied_down_names_its_own_row() -> None:
    assert translated("C9-$D$9", "E9", "E11") == "C11-$D$9"
