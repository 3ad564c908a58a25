"""`linli init`: make a district's folder."""

from pathlib import Path

import click

from linli.cli.shared import json_option, print_json
from linli.district import open_district
from linli.i18n import say, translate
from linli.profiles import PLAIN, new_folder


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
@json_option
def init(folder: Path, profile: str, seed: int, scale: float, as_json: bool) -> None:
    samples = new_folder(folder, profile, seed=seed, scale=scale)
    open_district(folder).close()
    if as_json:
        print_json({"folder": str(folder), "profile": profile, "files": [str(path) for path in samples]})
        return
    click.echo(
        say("{folder} is a district now; its file is {file}", folder=folder, file=folder / "district.toml")
    )
    click.echo(
        say("keep a copy of {key}: without it nobody can read personal data again", key=folder / "vault.key")
    )
    click.echo(say("go on with:"))
    for path in samples:
        click.echo(f'  linli --district "{folder}" import "{path}"')
    click.echo(f'  linli --district "{folder}" doctor')
