"""`linli delivery`: what is due, what failed, sending it again."""

import click

from linli._base.errors import NotFound, Refused
from linli._base.i18n import translate
from linli._base.refusals import Missing, NotFoundHere
from linli._cli.shared import identifier, json_option, minute, pass_district, show, table
from linli._district.district import District
from linli._model.deliveries import Delivery

_COLUMNS = ["id", "state", "kind", "recipient", "attempts", "due at", "act", "error"]


@click.group(
    help=f"""{translate("what is due, what failed, sending it again")}

\b
linli delivery list --dead               {translate("what was given up, and why")}
linli delivery list --to channel:board   {translate("what goes to a channel, a plugin or a seat")}
linli delivery count                     {translate("how much there is of each")}
linli delivery retry NUMBER              {translate("send it again, once the cause is put right")}
linli delivery retry --all
"""
)
def delivery() -> None:
    pass


@delivery.command("list", help=translate("what is in the queue, the latest first"))
@click.option("--dead", "state", flag_value="dead", help=translate("only what was given up"))
@click.option("--due", "state", flag_value="due", help=translate("only what is still to be done"))
@click.option("--done", "state", flag_value="done", help=translate("only what is done"))
@click.option(
    "--to", "recipient", default=None, help=translate("seat:ROLE@NUMBER, channel:NAME, plugin:NAME")
)
@click.option("--most", default=50, show_default=True, help=translate("how many at most"))
@json_option
@pass_district
def list_(district: District, state: str | None, recipient: str | None, most: int, as_json: bool) -> None:
    found = district.deliveries.listed(state=state, recipient=recipient, most=most)
    table(_COLUMNS, [_row(district, one, as_json) for one in found], as_json)


def _row(district: District, one: Delivery, as_json: bool) -> list[object]:
    due = one.due_at if as_json else minute(district, one.due_at)
    return [one.id, one.state, one.kind, one.recipient, one.attempts, due, one.act, one.error]


@delivery.command(help=translate("how many are overdue, due later, done, dead"))
@json_option
@pass_district
def count(district: District, as_json: bool) -> None:
    show(district.deliveries.counts(), as_json)


class NothingToRetry(Missing, says="name one number, or --all; see: linli delivery list --dead"):
    field: str = "number"


class NotGivenUp(NotFoundHere, says="{number} was not given up; see: linli delivery list --dead"):
    number: str


@delivery.command(help=translate("send again what was given up"))
@click.argument("number", required=False)
@click.option("--all", "everything", is_flag=True, help=translate("all that was given up"))
@json_option
@pass_district
def retry(district: District, number: str | None, everything: bool, as_json: bool) -> None:
    if everything == (number is not None):
        raise Refused(NothingToRetry())
    sent = district.deliveries.retry(identifier(number) if number else None)
    if number and not sent:
        raise NotFound(NotGivenUp(number=number))
    show({"sent again": sent}, as_json)
