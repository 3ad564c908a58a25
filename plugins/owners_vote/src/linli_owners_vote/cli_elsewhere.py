"""`linli vote`: votes that were held outside linli, by their certified result."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import click

from linli import District, Invalid, Refused, translate
from linli.cli import (
    Choice,
    actor_of,
    as_option,
    identifier,
    json_option,
    pass_district,
    print_act,
)
from linli_owners_vote.api import Votes
from linli_owners_vote.arithmetic import Majority, Result, Weight
from linli_owners_vote.notices import MAJORITIES
from linli_owners_vote.records import NUMBERS, Held
from linli_owners_vote.roll import hundredths

_HELP: Mapping[str, str] = {
    "roll": translate("on the roll"),
    "voted": translate("took part"),
    "agreed": translate("agreed"),
    "against": translate("against"),
    "abstained": translate("abstained, or voted differently for different parts"),
}
_OF: Mapping[str, str] = {
    "parts": translate("parts"),
    "area": translate("m²"),
    "heads": translate("owners"),
}


def _numbers(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each number of the paper; areas in square metres."""
    for name in reversed(NUMBERS):
        what, _, of = name.partition("_")
        text = f"{_HELP[what]}: {_OF[of]}"
        command = click.option(f"--{what}-{of}", name, required=True, help=text)(command)
    return command


def _result(given: Mapping[str, str]) -> Result:
    found = {name: _area(text) if name.endswith("area") else _whole(text) for name, text in given.items()}
    weights = {
        what: Weight(area=found[f"{what}_area"], heads=found[f"{what}_heads"])
        for what in ("roll", "voted", "agreed", "against", "abstained")
    }
    return Result(parts=found["roll_parts"], voted_parts=found["voted_parts"], **weights)


class NoArea(Invalid, says="give an area in m² with at most two decimals: 8960.50"):
    field: str = "area"


def _area(text: str) -> int:
    found = 0 if _is_nothing(text) else hundredths(text)
    if found is None:
        raise Refused(NoArea())
    return found


def _is_nothing(text: str) -> bool:
    return not text.strip("0.")


class NoWholeNumber(Invalid, says="give a whole number"):
    field: str = "number"


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Refused(NoWholeNumber())
    return int(text)


@click.command(
    name="enter-elsewhere",
    help=translate("enter the certified result of a vote on TOPIC that was held outside linli"),
)
@click.argument("topic")
@click.option("--place", required=True, help=translate("a number or a path of names: 锦绣花园"))
@click.option(
    "--majority",
    required=True,
    type=Choice(list(MAJORITIES)),
    help=translate("ordinary or special (Civil Code art. 278)"),
)
@click.option(
    "--held", required=True, type=Choice(Held), help=translate("on the authority's platform, or on paper")
)
@click.option("--by", required=True, help=translate("whose platform, or who held it; it is made public"))
@click.option("--ended-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help=translate("its last day"))
@click.option("--paper", required=True, help=translate("the number of the paper that certifies it"))
@click.option("--matter", default=None, type=click.UUID, help=translate("the decision that waits for it"))
@_numbers
@as_option
@json_option
@pass_district
def enter_elsewhere(
    district: District,
    /,
    topic: str,
    place: str,
    majority: Majority,
    held: str,
    by: str,
    ended_on: Any,
    paper: str,
    matter: UUID | None,
    who: str | None,
    as_json: bool,
    **numbers: str,
) -> None:
    act = Votes(district).enter_elsewhere(
        district.register.find_place(place),
        topic,
        majority,
        _result(numbers),
        held=held,
        by=by,
        ended_on=ended_on.date(),
        paper=paper,
        matter=matter,
        actor=actor_of(district, who),
    )
    print_act(district, act, as_json)


@click.command(
    name="check-elsewhere",
    help=translate("check the result of vote NUMBER, held elsewhere, by reading its numbers again"),
)
@click.argument("number")
@_numbers
@as_option
@json_option
@pass_district
def check_elsewhere(
    district: District, /, number: str, who: str | None, as_json: bool, **numbers: str
) -> None:
    act = Votes(district).check_elsewhere(identifier(number), _result(numbers), actor=actor_of(district, who))
    print_act(district, act, as_json)


def add_elsewhere(group: click.Group) -> None:
    """Add the commands of this module to `linli vote`."""
    for command in (enter_elsewhere, check_elsewhere):
        group.add_command(command)
