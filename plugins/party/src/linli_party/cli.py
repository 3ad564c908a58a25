"""`linli branch`."""

import click

from linli import translate
from linli.cli import (
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    noun,
)
from linli_party.branches import BranchFlow
from linli_party.reports import REPORTS
from linli_party.terms import TermFlow

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_below = click.option("--place", default=None, help=_PLACE_HELP)


branch = noun(
    "branch",
    "party branches of compounds",
    """
linli branch possible --place 城南街道
linli branch propose --name 锦绣花园小区党支部 --place 锦绣花园 --branch-kind functional --nominees 13800000000
linli branch approve NUMBER --since 2026-03-01
linli branch committee 锦绣花园
linli branch re-elect 锦绣花园 --committee 13800000000 --committee 13900000000
linli branch coverage
""",
)


add_openings(branch, BranchFlow)
add_lists(branch, BranchFlow)
add_moves(branch, BranchFlow)
add_moves(branch, TermFlow)
add_reports(branch, REPORTS)
