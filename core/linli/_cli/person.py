"""`linli person`: who is registered, masked unless there is a reason."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from linli._base.i18n import Text, listed, say, translate
from linli._base.revealing import revealing
from linli._cli.choices import TIES, Choice, coded
from linli._cli.giving import print_consents
from linli._cli.place import as_day, as_record, day_option, set_option
from linli._cli.shared import (
    actor_of,
    as_option,
    json_option,
    minute,
    names_of,
    pass_district,
    print_json,
    recorded,
    show,
    table,
)
from linli._district.district import District
from linli._surfaces.naming import place_or_organisation
from linli._verbs.register.erasing import Erasing
from linli._verbs.register.people_changes import ENDINGS
from linli._verbs.register.ties import OWNER, OWNER_AS, OWNS_AS


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
    said = last[0].body if last else {}
    may_be, shares = said.get("may_be"), said.get("shares_phone_with")
    if said.get("erased_before") and last[0].version == 1:
        click.echo(translate("they were erased before; registered anew since you did so by hand"), err=True)
    show(
        {
            "id": ident,
            **({"may_be": str(listed(may_be))} if may_be else {}),
            **({"shares_phone_with": shares} if shares else {}),
        },
        as_json,
    )


@person.command(help=translate("show who PERSON is, masked, with ties, posts and consents"))
@_who
@json_option
@pass_district
def find(district: District, text: str, as_json: bool) -> None:
    found = district.register.find_all(text)
    if not found:
        district.register.find_one(text)
    if as_json and len(found) > 1:
        print_json([_known(district, ident) for ident in found])
        return
    for ident in found:
        _show(district, ident, as_json)


def _known(district: District, ident: UUID) -> dict[str, Any]:
    """What is shown of somebody, masked, with their ties and posts."""
    register = district.register
    known = register.person_record(ident)
    ties, posts = register.ties(person=ident), register.posts(person=ident)
    return {
        "id": ident,
        **register.masked(ident),
        "ended_by": known.ended_by,
        "ties": [{"kind": tie.kind, "at": tie.at, "since": tie.since} for tie in ties],
        "posts": [{"id": post.id, "role": post.role, "at": post.at} for post in posts],
        "consents": [
            {"purpose": purpose, "since": since, "until": until}
            for purpose, (since, until) in register.consents(ident).items()
        ],
    }


def _show(district: District, ident: UUID, as_json: bool) -> None:
    if as_json:
        show(_known(district, ident), as_json)
        return
    register = district.register
    known = register.person_record(ident)
    about: dict[str, Any] = {"id": ident, **register.masked(ident), "ended_by": known.ended_by}
    ties, posts = register.ties(person=ident), register.posts(person=ident)
    show(about, as_json)
    named = names_of(district, [*(tie.at for tie in ties), *(post.at for post in posts)])
    rows: list[tuple[object, ...]] = [
        (say("tie"), tie.kind, named.get(tie.at, tie.at), tie.since) for tie in ties
    ]
    rows += [
        (say("post"), translate(post.role), named.get(post.at, post.at), minute(district, post.since))
        for post in posts
    ]
    table(["what", "kind", "at", "since"], rows, False)
    consents = register.consents(ident)
    if consents:
        click.echo()
        print_consents(district, consents)


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
    register, wanted = district.register, [coded(_FIELDS.get(field, field), _REVEALED) for field in fields]
    found = register.reveal(register.find_one(text), wanted, reason, actor=actor_of(district, who))
    show(dict(found), as_json)


_REVEALED = ("name", "phone", "phone_2", "resident_id", "address", "political_status", "gender", "birthday")
# What `person add` calls its options.
_FIELDS = {"id": "resident_id"}


@person.command(help=translate("let DUPLICATE and INTO be one person: INTO"))
@click.argument("duplicate")
@click.argument("into")
@as_option
@pass_district
def merge(district: District, duplicate: str, into: str, who: str | None) -> None:
    register = district.register
    register.merge(_number(district, duplicate), register.find_one(into), actor=actor_of(district, who))


@person.command(
    name="ask-to-merge",
    help=translate("ask for DUPLICATE and INTO to be one person; somebody else confirms it"),
)
@click.argument("duplicate")
@click.argument("into")
@as_option
@json_option
@pass_district
def ask_to_merge(district: District, duplicate: str, into: str, who: str | None, as_json: bool) -> None:
    register = district.register
    gone, stays = _number(district, duplicate), register.find_one(into)
    show({"id": register.ask_to_merge(gone, stays, actor=actor_of(district, who))}, as_json)


@person.command(
    name="propose-removal",
    help=translate("put forward that PERSON lives at PLACE now; the old place releases them"),
)
@_who
@click.argument("place")
@as_option
@json_option
@pass_district
def propose_removal(district: District, text: str, place: str, who: str | None, as_json: bool) -> None:
    register = district.register
    home = register.find_place(place)
    ident = register.propose_removal(register.find_one(text), home, actor=actor_of(district, who))
    show({"id": ident}, as_json)


def _number(district: District, text: str) -> Any:
    """The number itself, where it is one: that of somebody merged before must not lead on."""
    from linli._verbs.register.base import as_uuid

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
@click.confirmation_option(
    prompt=translate("This cannot be undone. Erase?"), help=translate("erase without asking once more")
)
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
@click.option(
    "--owns-as",
    type=Choice(OWNS_AS),
    default=None,
    help=translate("how an owner is one, where that is not a grown-up person who can be found"),
)
@day_option
@as_option
@pass_district
def tie(
    district: District,
    text: str,
    kind: str,
    at: str,
    ends: bool,
    owns_as: str | None,
    day: datetime | None,
    who: str | None,
) -> None:
    register, kind = district.register, coded(kind, TIES)
    ident, where = _party(district, text, kind), place_or_organisation(district, at)
    record, actor = {OWNER_AS: owns_as} if owns_as else None, actor_of(district, who)
    if ends:
        register.end_tie(ident, kind, where, as_day(day), actor=actor)
    else:
        register.tie(ident, kind, where, since=as_day(day), record=record, actor=actor)
    recorded()


def _party(district: District, text: str, kind: str) -> UUID:
    """Whom a tie is of: a person; an owner can be an organisation, by its name."""
    register = district.register
    if kind == OWNER and register.find(text) is None and not revealing(text):
        return register.find_organisation(text)
    return register.find_one(text)


@person.command(
    name="prove-phone",
    help=translate(
        "record that you have seen PERSON, face to face, with the phone on record: it can open a vote then"
    ),
)
@_who
@as_option
@pass_district
def prove_phone(district: District, text: str, who: str | None) -> None:
    district.register.prove_phone(district.register.find_one(text), actor=actor_of(district, who))
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
    recorded()
