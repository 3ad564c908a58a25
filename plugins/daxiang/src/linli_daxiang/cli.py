"""`linli demo`: see it all on sample data."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

from linli import Invalid, Refused, say, translate
from linli._cli.brief import print_brief
from linli._district.district import open_district
from linli.cli import noun_help, progress
from linli_daxiang.article import print_beside
from linli_daxiang.demo import Tale, run

MARK = ".linli-demo"


@click.command(
    help=noun_help(
        "demo",
        "run the main job of the example district on sample data",
        """
linli demo
linli demo --dir /tmp/try --seed 7 --scale 0.5
""",
    )
)
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
@click.option(
    "--seed", default=1, show_default=True, help=translate("what people and requests are made up from")
)
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.05, 100),
    help=translate("how many of them"),
)
def demo(folder: Path, seed: int, scale: float) -> None:
    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    with ExitStack() as bars:

        def bar(label: str, total: int) -> Callable[[int], object]:
            return bars.enter_context(progress(label, total))

        tale = run(folder, seed=seed, scale=scale, progress=bar)
    _tell(tale)
    with open_district(folder) as district:
        brief = district.brief(None, tale.first, tale.last)
        print_brief(district, brief)
        click.echo()
        click.echo(
            say("What was lived here was made up; beside it what the article says of the real district:")
        )
        print_beside(district, brief)
    _go_on(folder)


class FolderNotEmpty(Invalid, says="{folder} is not empty and no demo of ours; name another with --dir"):
    folder: Path
    field: str = "dir"


def _clear(folder: Path) -> None:
    """Make room for a new demo where there was one; touch nothing else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARK).exists():
        raise Refused(FolderNotEmpty(folder=folder))
    shutil.rmtree(folder)


def _tell(tale: Tale) -> None:
    for report in (tale.imported, tale.history):
        click.echo(
            say(
                "imported: {registered} rows registered, {updated} updated, {skipped} skipped as wrong",
                registered=report.total("registered"),
                updated=report.total("updated"),
                skipped=report.total("skipped"),
            )
        )
        for problem in report.problems[:3]:
            click.echo(f"  {problem}")
        for path in report.error_files:
            click.echo(say("  put right and import again: {path}", path=path))
    if tale.refused:
        click.echo(say("{count} steps were refused when their time came:", count=len(tale.refused)))
        for refusal in tale.refused[:3]:
            click.echo(f"  {refusal}")
    click.echo()


def _go_on(folder: Path) -> None:
    click.echo()
    click.echo(say("It is yours now; go on with:"))
    for command in (
        "request list --open --most 10",
        "brief --explain requests.closed",
        "gift list",
        "doctor",
        "verify",
    ):
        click.echo(f"  linli --district {folder} {command}")
    click.echo(say("The board is in {path}; open it in a browser.", path=folder / "board" / "index.html"))
