"""`linli need` and `linli service`."""

from datetime import timedelta

import click

from linli import District
from linli.cli.moves import print_act
from linli.cli.nouns import noun
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    show,
    table,
)
from linli.cli.telling import state_of
from linli.errors import NotFound
from linli.i18n import listed, say, translate
from linli.refusals import NotFoundHere
from linli_three_lists.api import Needs, Watch, time_of
from linli_three_lists.cli_evidence import evidence
from linli_three_lists.cli_rota import rota

_PLACE_HELP = translate("a number or a path of names: 锦绣花园/3栋")
_place_option = click.option("--place", default=None, help=_PLACE_HELP)


need = noun(
    "need",
    "what residents need: match it, find duplicates, see what is late, who is on duty",
    """
linli need match "厨房水管漏水" --place 锦绣花园 --category 漏水
linli need duplicates --place 锦绣花园
linli need late --place 锦绣花园
linli need rota list --place 锦绣花园
linli need evidence add NUMBER 现场.jpg
""",
)


need.add_command(rota)
need.add_command(evidence)


class NoRuleFits(
    NotFoundHere, says="no rule fits, and no service has the category; the desk names one when it accepts"
): ...


@need.command(
    help=translate("say which service DESCRIPTION would be matched to, and who would get it; nothing is kept")
)
@click.argument("description")
@click.option("--place", required=True, help=_PLACE_HELP)
@click.option("--category", default="", help=translate("what it is about, in a word or two"))
@json_option
@pass_district
def match(district: District, description: str, place: str, category: str, as_json: bool) -> None:
    found = Needs(district).match(description, district.register.find_place(place), category)
    if found is None:
        raise NotFound(NoRuleFits())
    show(
        {
            "service": found.service.code,
            "name": found.service.name,
            "rule": found.rule,
            "seat": str(found.seat) if found.seat else None,
            "route": found.route,
            "time": found.service.time if as_json else str(time_of(found.service)),
            "urgent": found.service.urgent,
        },
        as_json,
    )


@need.command(help=translate("list open requests that may be about one thing, each with the reason"))
@click.argument("number", required=False)
@_place_option
@as_option
@json_option
@pass_district
def duplicates(
    district: District, number: str | None, place: str | None, who: str | None, as_json: bool
) -> None:
    found = Needs(district).duplicates(
        district.register.find_place(place) if place else None,
        of=identifier(number) if number else None,
        actor=actor_of(district, who),
    )
    if as_json:
        print_json([{**plain_record(one), "reason": str(one.reason)} for one in found])
        return
    rows = [(one.request, one.of, one.category, one.reason) for one in found]
    table(["request", "may be the same as", "category", "reason"], rows, False)


@need.command(help=translate("close request NUMBER as a duplicate of one that goes on"))
@click.argument("number")
@click.option("--into", required=True, help=translate("the request that goes on"))
@as_option
@json_option
@pass_district
def merge(district: District, number: str, into: str, who: str | None, as_json: bool) -> None:
    act = Needs(district).merge(identifier(number), identifier(into), actor=actor_of(district, who))
    print_act(district, act, as_json)


@need.command(
    help=translate("urge request or task NUMBER: whoever holds it hears; so often a day as the district lets")
)
@click.argument("number")
@as_option
@json_option
@pass_district
def urge(district: District, number: str, who: str | None, as_json: bool) -> None:
    print_act(district, Needs(district).urge(identifier(number), actor=actor_of(district, who)), as_json)


@need.command(help=translate("list open requests past a deadline, with how long ago it passed"))
@_place_option
@json_option
@pass_district
def late(district: District, place: str | None, as_json: bool) -> None:
    found = Needs(district).overdue(district.register.find_place(place) if place else None)
    now = district.now()
    if as_json:
        print_json([{"id": one.id, "state": one.state, "due_at": one.due_at} for one in found])
        return
    flow = district.rules.workflow("request")
    rows = [
        (
            one.id,
            state_of(flow, one),
            one.record.category,
            minute(district, one.due_at),
            _hours(now - one.due_at) if one.due_at else None,
        )
        for one in found
    ]
    table(["number", "state", "category", "due at", "hours past"], rows, False)


@need.command(help=translate("show how the deadlines of request NUMBER stand, and why one stands still"))
@click.argument("number")
@json_option
@pass_district
def clocks(district: District, number: str, as_json: bool) -> None:
    found = Needs(district).watches(identifier(number))
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    table(
        ["deadline", "due at", "hours left", "stands still for", "heard"],
        [_watch(district, one) for one in found],
        False,
    )


def _watch(district: District, one: Watch) -> tuple[object, ...]:
    names = {
        "response": say("answer"),
        "handling": say("handling"),
        "task": say("task"),
        "pause": say("end of the pause"),
        "handover": say("acceptance of the handover"),
    }
    why = translate(one.paused_for) if one.paused_for else None
    return names.get(one.clock, one.clock), minute(district, one.due), _hours(one.left), why, one.heard


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f}"


service = noun(
    "service",
    "the catalogue of services: what can be done, by whom, in what time",
    """
linli service list
linli service list --json
""",
)


@service.command(
    name="list",
    help=translate("list the services, with their time standards and the rules that lead to them"),
)
@json_option
@pass_district
def list_(district: District, as_json: bool) -> None:
    needs = Needs(district)
    rules = {
        one.code: [rule.name for rule in needs.rules if rule.service == one.code] for one in needs.services
    }
    if as_json:
        print_json([{**plain_record(one), "rules": rules[one.code]} for one in needs.services])
    else:
        rows = [
            (
                one.code,
                one.name,
                one.holder,
                time_of(one),
                one.urgent,
                one.takes or say("everybody"),
                one.cost or say("nothing"),
                listed(rules[one.code]) if rules[one.code] else None,
            )
            for one in needs.services
        ]
        table(["code", "name", "role", "time", "urgent", "whom it takes", "cost", "rules"], rows, False)
