"""`linli init`: make a district's folder."""

from pathlib import Path
from uuid import UUID

import click

from linli._base.errors import Refused
from linli._base.i18n import say, translate
from linli._base.refusals import Invalid
from linli._cli.shared import json_option, print_json
from linli._config.district import DistrictSettings
from linli._district.district import District, open_district
from linli._district.opening import configured
from linli._district.profiles import PLAIN, new_folder


@click.command(
    help=f"""{translate("make a district's folder from a profile")}

\b
linli init mydistrict
linli init mydistrict --profile NAME
"""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--profile", default=PLAIN, show_default=True, help=translate("what it begins with"))
@click.option("--seed", default=1, show_default=True, help=translate("what sample people are made up from"))
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.01, 1000),
    help=translate("how many sample people"),
)
@click.option(
    "--administrator",
    "administrators",
    multiple=True,
    metavar='"NAME PHONE"',
    help=translate("who may give the district's posts; name two persons"),
)
@json_option
def init(
    folder: Path, profile: str, seed: int, scale: float, administrators: tuple[str, ...], as_json: bool
) -> None:
    named = [_named(text) for text in administrators]
    samples = new_folder(folder, profile, seed=seed, scale=scale)
    with open_district(folder) as district:
        keepers = [_keeper(district, name, phone) for name, phone in named]
    if as_json:
        files = [str(path) for path in samples]
        print_json({"folder": str(folder), "profile": profile, "files": files, "administrators": keepers})
        return
    click.echo(
        say("{folder} is a district now; its file is {file}", folder=folder, file=folder / "district.toml")
    )
    click.echo(
        say("keep a copy of {key}: without it nobody can read personal data again", key=folder / "vault.key")
    )
    if len(keepers) < 2:
        click.echo(
            say(
                "the district is in set-up until two persons who give its posts have acted under their names;"
            )
        )
        click.echo(
            say(
                "name them: linli person add …, linli post add PERSON administrator {place}",
                place=_name(folder),
            )
        )
    click.echo(say("go on with:"))
    for path in samples:
        click.echo(f'  linli --district "{folder}" import "{path}"')
    click.echo(f'  linli --district "{folder}" doctor')


class NoAdministrator(
    Invalid, says='write who gives the posts as a name and a phone: --administrator "NAME PHONE"'
):
    field: str = "administrator"


def _named(text: str) -> tuple[str, str]:
    name, _, phone = text.strip().rpartition(" ")
    if not name.strip():
        raise Refused(NoAdministrator())
    return name.strip(), phone


def _keeper(district: District, name: str, phone: str) -> UUID:
    """Register somebody who gives the district's posts."""
    root = district.register.root()
    person = district.register.person(name=name, phone=phone)
    district.register.post(person, "administrator", root)
    return person


def _name(folder: Path) -> str:
    return configured(folder).section(DistrictSettings).name
