"""`linli vault`: the keys of personal data."""

from datetime import datetime, timedelta

import click

from linli._base.errors import Refused
from linli._base.i18n import say, translate
from linli._base.refusals import Refusal
from linli._cli.shared import minute, pass_district, show, table
from linli._district.district import District
from linli._proof.retiring import GRACE


@click.group(
    help=f"""{translate("the keys of personal data: replace the one of limited age, show which there are")}

\b
linli vault rotate
linli vault status
linli vault clean
"""
)
def vault() -> None:
    pass


@vault.command(
    help=translate(
        "replace the key of limited age now: what erasures have left in the database, its log and copies becomes unreadable"
    )
)
@click.option(
    "--at-once", is_flag=True, help=translate("nobody else has the database open: destroy the old key now")
)
@pass_district
def rotate(district: District, at_once: bool) -> None:
    alone = at_once or district.store.file is not None
    done = district.retiring.rotate(grace=timedelta(0) if alone else GRACE)
    click.echo(str(say("{count} keys were wrapped anew", count=done.rewrapped)))
    if done.waits:
        click.echo(
            str(
                say(
                    "the old key is destroyed by the worker in {minutes} minutes, when nobody can be writing under it",
                    minutes=GRACE // timedelta(minutes=1),
                )
            )
        )
    click.echo(
        str(say("copy {file} anew to where its copy is kept, and destroy the old copy", file=_file(district)))
    )


@vault.command(help=translate("show which keys of limited age there are, and what waits for a new one"))
@pass_district
def status(district: District) -> None:
    ages = district.rules.vault.keyring.ages
    rows = [(age.number, _told(district, age.since)) for age in (ages.all() if ages else ())]
    table(["number", "since"], rows, False)
    erased = district.retiring.pending()
    if erased:
        show(
            {
                "erased": _told(district, erased),
                "unreadable by": _told(district, district.retiring.by(erased)),
            },
            False,
        )


class DatabaseInUse(
    Refusal, says="somebody is reading still; end what has the database open, then try again"
): ...


@vault.command(help=translate("empty the log of an embedded database, where an erasure could not"))
@pass_district
def clean(district: District) -> None:
    if not district.store.clean():
        raise Refused(DatabaseInUse())


def _told(district: District, moment: datetime) -> str | None:
    return minute(district, moment)


def _file(district: District) -> str:
    ages = district.rules.vault.keyring.ages
    return str(ages.file) if ages else "-"
