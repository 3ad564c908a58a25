"""`linli points`: what everybody has, giving, moving, taking back, expiring, and the audit."""

import re
from typing import Any
from uuid import UUID

import click

from linli._base.errors import Refused
from linli._base.i18n import Several, say, sentences, translate
from linli._base.refusals import NotAsRecorded
from linli._cli.shared import (
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
from linli._district.district import District
from linli._model.acts import Act
from linli._model.awards import POINTS
from linli._verbs.award.api import AwardDesk
from linli._verbs.award.wording import rule_label


@click.group(
    help=f"""{translate("accounts, statements, awards and reversals")}

\b
linli points balance 13800000000
linli points statement 13800000000 --limit 20
linli points award 13800000000 10 --place 锦绣花园 --rule 志愿服务 --reason "清扫楼道两小时"
linli points transfer 13800000000 13900000000 5 --rule 互助
linli points reverse ACT --rule 志愿服务 --person 13800000000 --reason "重复登记"
linli points expire
linli points audit
"""
)
def points() -> None:
    pass


class _Whole(click.ParamType):  # type: ignore[type-arg]  # older clicks have none
    """How many points: whole, and more than none."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; what is none is refused with what to write."""
        if not (text := str(value)).isdecimal() or not int(text):
            self.fail(str(say("'{text}' is not right; write a whole number from 1", text=value)), param, ctx)
        return int(text)


class _Moving(click.Command):
    """A command with an amount: "-5" is an amount that is refused, and not an option that nobody knows."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let a number below 0 be taken for what it is."""
        signed = [f"\N{MINUS SIGN}{one[1:]}" if _NEGATIVE.fullmatch(one) else one for one in args]
        return super().parse_args(ctx, signed)


_NEGATIVE = re.compile(r"-\d[\d.]*")
_WHOLE = _Whole()
_unit_option = click.option("--unit", default=POINTS, show_default=True, help=translate("what is counted"))
_place_option = click.option(
    "--place", default=None, help=translate("where: a number or a path of names: 锦绣花园/3栋")
)
_key_option = click.option(
    "--key", type=click.UUID, default=None, help=translate("the act's number, to repeat a call safely")
)


def _doing(district: District, place: str | None, who: str | None, key: UUID | None) -> dict[str, Any]:
    """How an act of the ledger is done: by whom, where, under which number."""
    found = district.register.find_place(place) if place else None
    return {"actor": actor_of(district, who), "place": found, "key": key}


@points.command(help=translate("show how many points PERSON has, and how many are held"))
@click.argument("person")
@_unit_option
@json_option
@pass_district
def balance(district: District, person: str, unit: str, as_json: bool) -> None:
    _print_account(district.award, district.register.find_one(person), unit, as_json)


@points.command(help=translate("list what came and went on PERSON's account, the newest first"))
@click.argument("person")
@_unit_option
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--before", type=int, default=None, help=translate("for the next page: the last line's number"))
@json_option
@pass_district
def statement(
    district: District, person: str, unit: str, limit: int, before: int | None, as_json: bool
) -> None:
    lines = district.award.statement(district.register.find_one(person), unit, limit, before)
    if as_json:
        print_json([plain_record(line) for line in lines])
        return
    zone = district.rules.zone
    rows = [
        (
            line.number,
            f"{line.at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{line.amount:+}",
            line.balance,
            rule_label(line.rule),
            district.rules.called(line.cause_verb) if line.cause_verb else None,
            line.cause,
        )
        for line in lines
    ]
    table(["number", "when", "amount", "balance", "rule", "for", "act"], rows, False)


@points.command(help=translate("give PERSON points by hand, and say why"), cls=_Moving)
@click.argument("person")
@click.argument("amount", type=_WHOLE)
@click.option("--rule", required=True, help=translate("by which rule, in its words"))
@click.option("--reason", required=True, help=translate("why; it is kept in the vault"))
@click.option("--place", required=True, help=translate("where: a number or a path of names: 锦绣花园/3栋"))
@_unit_option
@_key_option
@as_option
@json_option
@pass_district
def award(
    district: District,
    person: str,
    amount: int,
    rule: str,
    reason: str,
    place: str,
    unit: str,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    payee = district.register.find_one(person)
    how = _doing(district, place, who, key)
    act = district.award.award(payee, amount, rule, reason=reason, unit=unit, **how)
    _print_act(district.award, act, payee, unit, as_json)


@points.command(help=translate("move AMOUNT points from SOURCE to TARGET"), cls=_Moving)
@click.argument("source")
@click.argument("target")
@click.argument("amount", type=_WHOLE)
@click.option("--rule", required=True, help=translate("by which rule, in its words"))
@_place_option
@_unit_option
@_key_option
@as_option
@json_option
@pass_district
def transfer(
    district: District,
    source: str,
    target: str,
    amount: int,
    rule: str,
    place: str | None,
    unit: str,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    giver, taker = (district.register.find_one(text) for text in (source, target))
    act = district.award.transfer(unit, amount, giver, taker, rule, **_doing(district, place, who, key))
    _print_act(district.award, act, giver, unit, as_json)


@points.command(help=translate("take back what ACT was paid to a person by a rule: a mistake is not edited"))
@click.argument("act")
@click.option("--rule", required=True, help=translate("the rule, as the statement shows it"))
@click.option("--person", required=True, help=translate("who was paid"))
@click.option("--reason", required=True, help=translate("why; it is kept in the vault"))
@_place_option
@_key_option
@as_option
@json_option
@pass_district
def reverse(
    district: District,
    act: str,
    rule: str,
    person: str,
    reason: str,
    place: str | None,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    payee = district.register.find_one(person)
    how = _doing(district, place, who, key)
    back = district.award.reverse(identifier(act), rule, payee, reason, **how)
    _print_act(district.award, back, payee, back.value("unit"), as_json)


@points.command(help=translate("let everything expire that is due by [award] expiry"))
@as_option
@json_option
@pass_district
def expire(district: District, who: str | None, as_json: bool) -> None:
    acts = district.award.expire_due(actor=actor_of(district, who))
    rows = [(act.value("unit"), act.value("accounts"), act.value("amount"), act.id) for act in acts]
    table(["unit" if as_json else "what", "accounts", "amount", "act"], rows, as_json)


@points.command(help=translate("check that every unit sums to zero and every balance to its postings"))
@json_option
@pass_district
def audit(district: District, as_json: bool) -> None:
    found = district.award.audit()
    if as_json:
        print_json({**plain_record(found), "problems": [str(problem) for problem in found.problems]})
    else:
        show({"accounts": found.accounts, "postings": found.postings, **found.units}, False)
    if found.problems:
        first = sentences(found.problems[:3])
        raise Refused(LedgerFaults(count=len(found.problems), first=first))


class LedgerFaults(NotAsRecorded, says="the ledger has {count} faults: {first}"):
    count: int
    first: Several


def _print_act(desk: AwardDesk, act: Act, person: UUID, unit: str, as_json: bool) -> None:
    account = desk.account(person, unit)
    if as_json:
        print_json({"act": act.id, "values": act.body["values"], "account": plain_record(account)})
        return
    click.echo(
        str(say("done: {act}; free now: {free} {unit}", act=act.id, free=account.free, unit=say(unit)))
    )


def _print_account(desk: AwardDesk, person: UUID, unit: str, as_json: bool) -> None:
    account = desk.account(person, unit)
    if as_json:
        print_json(plain_record(account))
        return
    click.echo(
        str(
            say(
                "{free} {unit} free, {held} held, {spent} spent, {expired} expired, {owed} owed",
                owed=account.owed,
                free=account.free,
                held=account.held,
                spent=account.spent,
                expired=account.expired,
                unit=say(unit),
            )
        )
    )
