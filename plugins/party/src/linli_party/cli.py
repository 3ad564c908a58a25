"""`linli branch`."""

from uuid import UUID

import click

from linli import District
from linli.cli.moves import add_lists, add_moves
from linli.cli.nouns import noun
from linli.cli.openings import add_openings
from linli.cli.shared import (
    identifier,
    json_option,
    pass_district,
    plain_record,
    print_json,
    show,
    table,
)
from linli.errors import Refused
from linli.i18n import say, sentences, translate
from linli_party.api import Committee, Party, Possible
from linli_party.branches import BranchFlow
from linli_party.compounds import BRANCH_KINDS
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


def _number(district: District, text: str) -> UUID:
    """A branch by its number, or by the compound that it is the branch of."""
    try:
        return identifier(text)
    except Refused:
        return Party(district).branch_at(district.register.find_place(text)).id


@branch.command(
    help=translate("show who sits on a committee, their posts elsewhere, and when it is re-elected")
)
@click.argument("number", metavar="BRANCH")
@json_option
@pass_district
def committee(district: District, number: str, as_json: bool) -> None:
    found = Party(district).committee(_number(district, number))
    print_json(_committee(found)) if as_json else _print_committee(district, found)


def _committee(found: Committee) -> dict[str, object]:
    seats = [
        plain_record(seat) | {"elsewhere": [plain_record(one) for one in seat.elsewhere]}
        for seat in found.seats
    ]
    return plain_record(found) | {"seats": seats}


def _print_committee(district: District, found: Committee) -> None:
    term = {
        "term, counted from the first": found.number, "elected_on": found.elected_on, "due_on": found.due_on,
        "overdue": found.overdue, "postponed": found.postponed,
    }  # fmt: skip
    show(term, False)
    rows = [
        (
            seat.role,
            district.register.masked(seat.person).get("name"),
            seat.since,
            sentences(f"{translate(one.kind)} {one.name}: {translate(one.role)}" for one in seat.elsewhere),
        )
        for seat in found.seats
    ]
    table(["role", "name", "since", "posts elsewhere"], rows, False)
    if found.secretary is None:
        click.echo(str(say("nobody is its secretary now")))


@branch.command(help=translate("list which compounds could have a branch, and what the others lack"))
@_below
@json_option
@pass_district
def possible(district: District, place: str | None, as_json: bool) -> None:
    found = Party(district).possible(district.register.find_place(place) if place else None)
    if as_json:
        print_json([_possible(one) for one in found])
        return
    rows = [_possible_row(one) for one in found]
    table(["compound", "kind", "members", "branch", *BRANCH_KINDS], rows, False)


def _possible_row(one: Possible) -> tuple[object, ...]:
    known = one.compound
    lacks = [
        sentences(one.lacks[kind]) if one.lacks[kind] else translate("possible") for kind in BRANCH_KINDS
    ]
    return known.name, known.kind, known.members, known.has_branch, *lacks


def _possible(one: Possible) -> dict[str, object]:
    lacks = {kind: [str(reason) for reason in reasons] for kind, reasons in one.lacks.items()}
    return plain_record(one.compound) | {"lacks": lacks}


@branch.command(help=translate("show how many compounds have a branch"))
@_below
@json_option
@pass_district
def coverage(district: District, place: str | None, as_json: bool) -> None:
    found = Party(district).coverage(district.register.find_place(place) if place else None)
    if as_json:
        print_json(plain_record(found) | {"of_served": found.of_served, "of_all": found.of_all})
        return
    known = {
        "compounds with a branch": found.with_branch,
        "compounds with a property service": found.with_property_service,
        "compounds with both": found.with_both,
        "all compounds": found.all,
        "coverage": _percent(found.of_served),
        "coverage of all compounds": _percent(found.of_all),
    }
    show(known, False)


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"


add_openings(branch, BranchFlow)
add_lists(branch, BranchFlow)
add_moves(branch, BranchFlow)
add_moves(branch, TermFlow)
