"""`linli branch`."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

import click

from linli import District
from linli.cli.choices import Choice
from linli.cli.moves import add_lists, add_moves, print_act
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    pass_district,
    plain_record,
    print_json,
    show,
    table,
)
from linli.contract import BodyId, PersonId, Private, Ref
from linli.errors import Refused
from linli.i18n import say, sentences, translate
from linli_party.api import Committee, Party, Possible
from linli_party.branch import Branch, ProposeAgain, Recount, Release
from linli_party.branches import BranchFlow
from linli_party.compounds import BRANCH_KINDS, BranchKind
from linli_party.nouns import NOUNS

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_PERSON_HELP = translate("a phone, an identity number or a number")
_DAY = click.DateTime(["%Y-%m-%d"])
_place = click.option("--place", required=True, help=_PLACE_HELP)
_below = click.option("--place", default=None, help=_PLACE_HELP)
_kind = click.option(
    "--kind", required=True, type=Choice(BRANCH_KINDS), help=translate("ordinary or functional")
)
_secretary = click.option("--secretary", required=True, help=_PERSON_HELP)
_members = click.option("--member", "members", multiple=True, help=_PERSON_HELP)
_reason = click.option("--reason", required=True, help=translate("why; it is kept in the vault"))


@click.group(
    help=f"""{translate(NOUNS["branch"])}

\b
linli branch possible --place 城南街道
linli branch propose 锦绣花园小区党支部 --place 锦绣花园 --kind functional --secretary 13800000000
linli branch approve NUMBER --since 2026-03-01
linli branch committee 锦绣花园
linli branch re-elect 锦绣花园 --secretary 13800000000 --member 13900000000
linli branch coverage
"""
)
def branch() -> None:
    pass


def _number(district: District, text: str) -> Ref[Branch]:
    """A branch by its number, or by the compound that it is the branch of."""
    try:
        return BranchFlow.ref(identifier(text))
    except Refused:
        return BranchFlow.ref(Party(district).branch_at(district.register.find_place(text)).id)


def _people(district: District, secretary: str, members: tuple[str, ...]) -> list[UUID]:
    return [district.register.find_one(one) for one in (secretary, *members)]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@branch.command(help=translate("propose the branch NAME to the street, with its committee"))
@click.argument("name")
@_place
@_kind
@_secretary
@_members
@as_option
@json_option
@pass_district
def propose(
    district: District, name: str, place: str, kind: str, secretary: str, members: tuple[str, ...],
    who: str | None, as_json: bool,
) -> None:  # fmt: skip
    where, people = district.register.find_place(place), _people(district, secretary, members)
    act = Party(district).propose(where, name, kind, people, actor=actor_of(district, who))
    print_act(district, act, as_json)


@branch.command(name="propose-again", help=translate("propose branch NUMBER again after it was sent back"))
@click.argument("number")
@click.option("--kind", default=None, type=Choice(BRANCH_KINDS), help=translate("ordinary or functional"))
@click.option("--secretary", default=None, help=_PERSON_HELP)
@_members
@as_option
@json_option
@pass_district
def propose_again(
    district: District, number: str, kind: str | None, secretary: str | None, members: tuple[str, ...],
    who: str | None, as_json: bool,
) -> None:  # fmt: skip
    nominees = tuple(map(PersonId, _people(district, secretary, members))) if secretary else None
    given = ProposeAgain(branch_kind=cast(BranchKind | None, kind), nominees=nominees)
    order = BranchFlow.propose_again(BranchFlow.ref(identifier(number)), given)
    print_act(district, district.perform(order, actor=actor_of(district, who)), as_json)


@branch.command(help=translate("set up branch NUMBER, which was proposed"))
@click.argument("number")
@click.option("--since", type=_DAY, default=None, help=translate("the first day on which it is; else today"))
@as_option
@json_option
@pass_district
def approve(district: District, number: str, since: datetime | None, who: str | None, as_json: bool) -> None:
    act = Party(district).approve(identifier(number), _day(since), actor=actor_of(district, who))
    print_act(district, act, as_json)


@branch.command(help=translate("enter the branch NAME, which there was before this record began"))
@click.argument("name")
@_place
@_kind
@click.option("--since", type=_DAY, required=True, help=translate("the first day on which it was"))
@click.option("--elected-on", type=_DAY, default=None, help=translate("the day of the last election"))
@click.option("--secretary", default=None, help=_PERSON_HELP)
@_members
@as_option
@json_option
@pass_district
def enter(
    district: District, name: str, place: str, kind: str, since: datetime, elected_on: datetime | None,
    secretary: str | None, members: tuple[str, ...], who: str | None, as_json: bool,
) -> None:  # fmt: skip
    act = Party(district).enter(
        district.register.find_place(place),
        name,
        kind,
        since.date(),
        _people(district, secretary, members) if secretary else (),
        elected_on=_day(elected_on),
        actor=actor_of(district, who),
    )
    print_act(district, act, as_json)


@branch.command(
    name="change-committee", help=translate("let others sit on the committee for the rest of the term")
)
@click.argument("number", metavar="BRANCH")
@_secretary
@_members
@_reason
@as_option
@json_option
@pass_district
def change_committee(
    district: District, number: str, secretary: str, members: tuple[str, ...], reason: str,
    who: str | None, as_json: bool,
) -> None:  # fmt: skip
    people = _people(district, secretary, members)
    act = Party(district).change_committee(
        _number(district, number), people, reason, actor=actor_of(district, who)
    )
    print_act(district, act, as_json)


@branch.command(name="re-elect", help=translate("record the election of a committee: a new term begins"))
@click.argument("number", metavar="BRANCH")
@_secretary
@_members
@click.option("--elected-on", type=_DAY, default=None, help=translate("the day of the election; else today"))
@as_option
@json_option
@pass_district
def re_elect(
    district: District, number: str, secretary: str, members: tuple[str, ...], elected_on: datetime | None,
    who: str | None, as_json: bool,
) -> None:  # fmt: skip
    people = _people(district, secretary, members)
    act = Party(district).re_elect(
        _number(district, number), people, _day(elected_on), actor=actor_of(district, who)
    )
    print_act(district, act, as_json)


@branch.command(help=translate("postpone the re-election to a later day, once a term"))
@click.argument("number", metavar="BRANCH")
@click.option("--due-on", type=_DAY, required=True, help=translate("the last day for it: 2027-06-30"))
@click.option("--reason", required=True, help=translate("why; it is shown with the term, so no names"))
@as_option
@json_option
@pass_district
def postpone(
    district: District, number: str, due_on: datetime, reason: str, who: str | None, as_json: bool
) -> None:
    act = Party(district).postpone(
        _number(district, number), due_on.date(), reason, actor=actor_of(district, who)
    )
    print_act(district, act, as_json)


@branch.command(help=translate("let a branch lead an association of its compound"))
@click.argument("number", metavar="BRANCH")
@click.argument("association")
@as_option
@json_option
@pass_district
def lead(district: District, number: str, association: str, who: str | None, as_json: bool) -> None:
    found = district.register.find_organisation(association)
    act = Party(district).lead(_number(district, number), found, actor=actor_of(district, who))
    print_act(district, act, as_json)


@branch.command(help=translate("let a branch lead an association no more"))
@click.argument("number", metavar="BRANCH")
@click.argument("association")
@_reason
@as_option
@json_option
@pass_district
def release(
    district: District, number: str, association: str, reason: str, who: str | None, as_json: bool
) -> None:
    found = BodyId(district.register.find_organisation(association))
    order = BranchFlow.release(_number(district, number), Release(association=found, reason=Private(reason)))
    print_act(district, district.perform(order, actor=actor_of(district, who)), as_json)


@branch.command(help=translate("take over the kind of its compound after the register was corrected"))
@click.argument("number", metavar="BRANCH")
@as_option
@json_option
@pass_district
def recount(district: District, number: str, who: str | None, as_json: bool) -> None:
    order = BranchFlow.recount(_number(district, number), Recount())
    print_act(district, district.perform(order, actor=actor_of(district, who)), as_json)


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


_OWN_COMMANDS = (
    "propose_again", "approve", "change_committee", "re_elect", "lead", "release", "recount",
)  # fmt: skip
add_lists(branch, BranchFlow)
add_moves(branch, BranchFlow, leave_out=_OWN_COMMANDS)
