"""Reading what people wrote in a matter: that it was read, and why, is kept."""

from collections.abc import Mapping
from uuid import UUID

import click

from linli._base.i18n import translate
from linli._cli.shared import actor_of, as_option, identifier, json_option, minute, pass_district, table
from linli._district.district import District
from linli._model.acts import Act


def reading() -> click.Command:
    """The command `read`."""

    @click.command(name="read", help=translate("read what was written; that it was read, and why, is kept"))
    @click.argument("number")
    @click.option("--reason", required=True, help=translate("why it is read; it is kept"))
    @as_option
    @json_option
    @pass_district
    def command(district: District, number: str, reason: str, who: str | None, as_json: bool) -> None:
        texts = district.read(identifier(number), reason, actor=actor_of(district, who))
        acts = _acts_by_what_they_say(district, identifier(number))
        rows = [
            (
                *_said(district, acts.get(one.said_in)),
                one.field if as_json else translate(one.field),
                one.text,
            )
            for one in texts
        ]
        table(["when", "what", "asked", "text"], rows, as_json)

    return command


def _acts_by_what_they_say(district: District, number: UUID) -> Mapping[UUID, Act]:
    """The acts of a tree by their numbers, and those that opened something by its number."""
    history = district.history(district.tree(number)[0].root)
    return {act.subject: act for act in reversed(history)} | {act.id: act for act in history}


def _said(district: District, act: Act | None) -> tuple[object, object]:
    """When it was said, and with which act."""
    return (minute(district, act.at), district.rules.called(act.verb)) if act else (None, None)
