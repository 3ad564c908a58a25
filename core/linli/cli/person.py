"""`linli person`: who is registered, masked unless there is a reason."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click

from linli.cli.choices import TIES, Choice, coded
from linli.cli.place import as_day, as_record, day_option, set_option
from linli.cli.shared import (
    actor_of,
    as_option,
    json_option,
    minute,
    names_of,
    pass_district,
    recorded,
    seat,
    show,
    table,
)
from linli.district import District
from linli.i18n import Text, listed, say, translate
from linli.register.erasing import Erasing
from linli.register.people_changes import ENDINGS


@click.group(
    help=f"""{translate("register, find, merge and end people")}

{translate("PERSON is a number of linli's, a phone or an identity number.")}

\b
linli person add --name 张三 --phone 13800138000 --home 锦绣花园/3栋/2单元/501
linli person find 13800138000
linli person reveal 13800138000 phone --reason "回访诉求"
linli person merge DUPLICATE INTO
linli person move 13800138000 锦绣花园/5栋/1单元/101
linli person end 13800138000 moved_away
"""
)
def person() -> None:
    pass


_who = click.argument("text", metavar="PERSON")
_keys = (
    click.option("--name", default=None, help=translate("as on the card")),
    click.option("--phone", default=None, help=translate("a mobile, or a landline with its area code")),
    click.option("--id", "resident_id", default=None, help=translate("the identity number")),
    set_option,
)


def _with_keys(command: Any) -> Any:
    for option in reversed(_keys):
        command = option(command)
    return command


@person.command(help=translate("register a person, or find them and add what is missing"))
@_with_keys
@click.option("--home", default=None, help=translate("where they live: a number or a path of names"))
@as_option
@json_option
@pass_district
def add(
    district: District, name: str | None, phone: str | None, resident_id: str | None,
    settings: tuple[str, ...], home: str | None, who: str | None, as_json: bool,
) -> None:  # fmt: skip
    register = district.register
    ident = register.person(
        name=name,
        phone=phone,
        resident_id=resident_id,
        fields=as_record(settings),
        home=register.find_place(home) if home else None,
        actor=actor_of(district, who),
    )
    last = district.history(ident)[-1:]
    body = last[0].body if last else {}
    may_be = body.get("may_be", [])
    found = {"id": ident, **({"may_be": str(listed(may_be))} if may_be else {})}
    if body.get("erased_before") and last[0].version == 1:
        click.echo(translate("they were erased before; registered anew since you did so by hand"), err=True)
    show(found, as_json)


@person.command(help=translate("show who PERSON is, masked, with ties and posts"))
@_who
@json_option
@pass_district
def find(district: District, text: str, as_json: bool) -> None:
    register = district.register
    ident = register.find_one(text)
    known = register.person_record(ident)
    about: dict[str, Any] = {"id": ident, **register.masked(ident), "ended_by": known.ended_by}
    ties = register.ties(person=ident)
    posts = register.posts(person=ident)
    if as_json:
        about["ties"] = [{"kind": tie.kind, "at": tie.at, "since": tie.since} for tie in ties]
        about["posts"] = [{"id": post.id, "role": post.role, "at": post.at} for post in posts]
    show(about, as_json)
    if not as_json:
        named = names_of(district, [*(tie.at for tie in ties), *(post.at for post in posts)])
        rows: list[tuple[object, ...]] = [
            (say("tie"), tie.kind, named.get(tie.at, tie.at), tie.since) for tie in ties
        ]
        rows += [
            (say("post"), translate(post.role), named.get(post.at, post.at), minute(district, post.since))
            for post in posts
        ]
        table(["what", "kind", "at", "since"], rows, False)


@person.command(help=translate("put right what is recorded of PERSON"))
@_who
@_with_keys
@as_option
@pass_district
def correct(
    district: District, text: str, name: str | None, phone: str | None, resident_id: str | None,
    settings: tuple[str, ...], who: str | None,
) -> None:  # fmt: skip
    district.register.correct(
        district.register.find_one(text),
        name=name,
        phone=phone,
        resident_id=resident_id,
        fields=as_record(settings),
        actor=actor_of(district, who),
    )


@person.command(help=translate("show fields of PERSON in the clear; that you saw them, and why, is recorded"))
@_who
@click.argument("fields", metavar="FIELD...", nargs=-1, required=True)
@click.option("--reason", required=True, help=translate("why you need to see them"))
@as_option
@json_option
@pass_district
def reveal(
    district: District, text: str, fields: tuple[str, ...], reason: str, who: str | None, as_json: bool
) -> None:
    register = district.register
    show(
        dict(register.reveal(register.find_one(text), fields, reason, actor=actor_of(district, who))), as_json
    )


@person.command(help=translate("let DUPLICATE and INTO be one person: INTO"))
@click.argument("duplicate")
@click.argument("into")
@as_option
@pass_district
def merge(district: District, duplicate: str, into: str, who: str | None) -> None:
    register = district.register
    register.merge(_number(district, duplicate), register.find_one(into), actor=actor_of(district, who))


def _number(district: District, text: str) -> Any:
    """The number itself, where it is one: that of somebody merged before must not lead on."""
    from linli.register.base import as_uuid

    return as_uuid(text) or district.register.find_one(text)


@person.command(help=translate("record that PERSON lives at PLACE now"))
@_who
@click.argument("place")
@day_option
@as_option
@pass_district
def move(district: District, text: str, place: str, day: datetime | None, who: str | None) -> None:
    register = district.register
    register.move(
        register.find_one(text), register.find_place(place), as_day(day), actor=actor_of(district, who)
    )
    recorded()


@person.command(help=translate("record that PERSON has died or moved away: posts, ties and consents end"))
@_who
@click.argument("how", type=Choice(ENDINGS))
@day_option
@as_option
@pass_district
def end(district: District, text: str, how: str, day: datetime | None, who: str | None) -> None:
    register = district.register
    register.end(register.find_one(text), how, as_day(day), actor=actor_of(district, who))
    recorded()


@person.command(help=translate("record that PERSON, who had moved away, is here again"))
@_who
@as_option
@pass_district
def back(district: District, text: str, who: str | None) -> None:
    district.register.back(district.register.find_one(text), actor=actor_of(district, who))
    recorded()


@person.command(help=translate("make PERSON's data unreadable for good"))
@_who
@click.confirmation_option(prompt=translate("This cannot be undone. Erase?"))
@as_option
@pass_district
def erase(district: District, text: str, who: str | None) -> None:
    done = district.register.erase(district.register.find_one(text), actor=actor_of(district, who))
    recorded()
    for line in _told_of(district, done):
        click.echo(f"  {line}")


def _told_of(district: District, done: Erasing) -> Iterator[Text]:
    """What is to be told to whoever asked for it, and what linli cannot reach."""
    if not done.done:
        yield say(
            "locked, and not erased yet: they are still party to what is named here; then it is done by itself"
        )
        for hold in done.holds:
            until = (
                say("until {day}", day=minute(district, hold.until))
                if hold.until
                else say("until it has ended")
            )
            yield say("{what}, {until}; tell them", what=hold.what, until=until)
        return
    yield say(
        "unreadable in the database and its log by {day}, if a worker runs; at once with: linli vault rotate",
        day=_day_of(district, done.unreadable_by),
    )
    if not done.cleaned:
        yield say(
            "somebody was reading, so that the database's log could not be emptied: linli vault clean does it later"
        )
    yield say(
        "backups that are older than this have them until {day}; restoring one erases them again",
        day=_day_of(district, done.backups_until),
    )
    yield say(
        "lists that were imported, their -errors files, exports and printed sheets are not linli's: take them out there"
    )
    if done.mentioned:
        yield say("what others wrote about them stays, in: {matters}", matters=listed(done.mentioned))
    yield say("what they did stays in the journal under a number that finds nobody")


def _day_of(district: District, moment: datetime) -> date:
    return moment.astimezone(district.rules.zone).date()


@person.command(
    help=translate("record what PERSON is to PLACE or an organisation: resident, owner, volunteer")
)
@_who
@click.argument("kind")
@click.argument("at")
@click.option("--end", "ends", is_flag=True, help=translate("that they no longer are"))
@day_option
@as_option
@pass_district
def tie(
    district: District, text: str, kind: str, at: str, ends: bool, day: datetime | None, who: str | None
) -> None:
    register = district.register
    ident, where, actor = register.find_one(text), seat(district, at), actor_of(district, who)
    kind = coded(kind, TIES)
    if ends:
        register.end_tie(ident, kind, where, as_day(day), actor=actor)
    else:
        register.tie(ident, kind, where, since=as_day(day), actor=actor)
    recorded()


@person.command(help=translate("record that PERSON agrees to a purpose, such as publish_contact"))
@_who
@click.argument("purpose")
@click.option("--withdraw", is_flag=True, help=translate("that they no longer do"))
@as_option
@pass_district
def consent(district: District, text: str, purpose: str, withdraw: bool, who: str | None) -> None:
    register = district.register
    change = register.withdraw_consent if withdraw else register.consent
    change(register.find_one(text), purpose, actor=actor_of(district, who))
