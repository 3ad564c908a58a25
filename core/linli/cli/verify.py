"""`linli verify`: seal the journal and check that nothing was changed."""

from pathlib import Path

import click
import msgspec

from linli import codec
from linli.cli.shared import json_option, pass_district, plain_record, progress, show
from linli.district import District
from linli.errors import LinliError
from linli.i18n import say, translate
from linli.sealing import Head, Verdict


@click.command(
    help=f"""{translate("seal the journal and check that nothing was changed")}

{translate("FILE is a head that was written down before: nothing up to it may have changed since.")}

\b
linli verify                    {translate("compute every seal again")}
linli verify --head head.json   {translate("and write the head down, to publish it or to keep it elsewhere")}
linli verify head.json          {translate("check against a head that was published")}
"""
)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--head", "target", type=click.Path(dir_okay=False, path_type=Path), help=translate("write the head here")
)
@json_option
@pass_district
def verify(district: District, file: Path | None, target: Path | None, as_json: bool) -> None:
    sealing = district.sealing
    known = _read(file) if file else None
    sealing.seal(everything=True)
    head = sealing.head()
    with progress(translate("verifying"), head.number) as told:
        verdict = sealing.verify(told)
    _refuse_misfit(verdict)
    if known and (problem := sealing.check(known)):
        raise LinliError(say("{file}: {problem}", file=str(file), problem=problem))
    if target:
        target.write_text(codec.encode(codec.plain(plain_record(head))) + "\n", encoding="utf-8")
    show({"sealed": verdict.sealed, "not yet sealed": verdict.unsealed, "head": head.hash}, as_json)


def _refuse_misfit(verdict: Verdict) -> None:
    if verdict.misfit:
        raise LinliError(
            say(
                "number {number} (act {act}) does not fit: {what}; the {fitting} before it do; compare with a backup",
                number=verdict.misfit.number,
                act=verdict.misfit.act or "-",
                what=verdict.misfit.what,
                fitting=verdict.sealed,
            )
        )


def _read(file: Path) -> Head:
    """A head from its file."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Head)
    except OSError as error:
        raise LinliError(
            say("{file} cannot be read: {why}", file=str(file), why=translate(error.strerror or "?"))
        ) from error
    except msgspec.DecodeError as error:
        what = say("{file} is no head of a journal; write one with: linli verify --head FILE", file=str(file))
        raise LinliError(what) from error
