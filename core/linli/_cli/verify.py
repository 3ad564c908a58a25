"""`linli verify`: seal the journal and check that nothing was changed."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Several, Text, say, sentences, translate
from linli._base.refusals import FileUnreadable, Invalid, NotAsRecorded
from linli._cli.shared import json_option, pass_district, progress, show
from linli._district.district import District
from linli._proof.heads import head_from
from linli._proof.looking import Proof, prove
from linli._proof.sealing import Head, Verdict

_MOST_TOLD = 5
# What the lines of the answer are called, for the catalogues.
WORDS = (
    "sealed", "not yet sealed", "head", "heads kept", "compared", "subjects", "posts", "postings", "texts",
    "brought by a file", "erased", "not compared",
)  # fmt: skip


@click.command(
    help=f"""{translate("seal the journal and check that nothing was changed")}

{translate("FILE is a head that was written down before, or a file of them: nothing up to it may have changed since.")}

\b
linli verify                    {translate("compute every seal again, and compare the record with the journal")}
linli verify --head head.json   {translate("and write the head down, to publish it or to keep it elsewhere")}
linli verify head.json          {translate("check against a head that was published")}
linli verify --journal          {translate("the journal alone: not what is shown")}
"""
)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--head", "target", type=click.Path(dir_okay=False, path_type=Path), help=translate("write the head here")
)
@click.option(
    "--journal", "alone", is_flag=True, help=translate("do not compare the record with the journal")
)
@json_option
@pass_district
def verify(district: District, file: Path | None, target: Path | None, alone: bool, as_json: bool) -> None:
    sealing, heads = district.sealing, district.heads
    given = _read(file) if file else []
    # Before anything is sealed: what was taken away is not to look like what was never sealed.
    _refuse(heads.file.name, heads.problems())
    before = sealing.head().number
    sealing.seal(everything=True)
    older = heads.older(before)
    with progress(translate("verifying"), sealing.head().number) as told:
        verdict = sealing.verify(told)
    _refuse_misfit(verdict)
    for one in given:
        _refuse(str(file), _unlike(district, one))
    proof = None if alone else _proved(district)
    kept = heads.keep()
    head = kept or heads.signed(sealing.head())
    if target:
        target.write_text(codec.encode(head) + "\n", encoding="utf-8")
    _tell_older(older)
    show(_found(district, verdict, head, proof), as_json)


def _found(district: District, verdict: Verdict, head: Head, proof: Proof | None) -> dict[str, object]:
    found: dict[str, object] = {
        "sealed": verdict.sealed,
        "not yet sealed": verdict.unsealed,
        "head": head.hash,
        "heads kept": len(district.heads.lines()),
    }
    if proof is None:
        return {**found, "compared": translate("the journal only")}
    compared = {
        "subjects": proof.subjects,
        "posts": proof.posts,
        "postings": proof.postings,
        "texts": proof.texts,
    }
    left = {"brought by a file": proof.by_file, "erased": proof.erased}
    left_out = translate("figures, places, organisations, people, ties and consents")
    return {**found, **compared, **left, "not compared": left_out}


def _proved(district: District) -> Proof:
    with progress(translate("comparing the record with the journal"), None) as told:
        proof = prove(district, told)
    _refuse(translate("the record"), proof.problems)
    return proof


def _unlike(district: District, head: Head) -> list[Text]:
    problem = district.sealing.check(head)
    if problem is None and head.mac and district.heads.signed(head).mac != head.mac:
        problem = say("it is no head that this district's key made; somebody changed it")
    return [problem] if problem else []


def _tell_older(count: int) -> None:
    if count:
        what = say(
            "{count} acts were sealed now that are older than the last head that was kept: they were put in or restored"
            " since, or their seals had been taken away; find out which",
            count=count,
        )
        click.echo(str(what), err=True)


class NotAsItWas(NotAsRecorded, says="{file} is not as it was: {problem}"):
    file: str
    problem: Several


class MuchNotAsItWas(NotAsRecorded, says="{file} is not as it was: {problem}; and {count} more"):
    file: str
    problem: Several
    count: int


def _refuse(where: str, problems: Sequence[Text]) -> None:
    if problems:
        told = sentences(problems[:_MOST_TOLD])
        more = len(problems) - _MOST_TOLD
        if more > 0:
            raise Refused(MuchNotAsItWas(file=where, problem=told, count=more))
        raise Refused(NotAsItWas(file=where, problem=told))


class DoesNotFit(
    NotAsRecorded,
    says="number {number} (act {act}) does not fit: {what}; the {fitting} before it do; compare with a backup",
):
    number: int
    act: UUID | str
    what: Text
    fitting: int


def _refuse_misfit(verdict: Verdict) -> None:
    if verdict.misfit:
        misfit = verdict.misfit
        raise Refused(
            DoesNotFit(number=misfit.number, act=misfit.act or "-", what=misfit.what, fitting=verdict.sealed)
        )


class NoHead(Invalid, says="{file} is no head of a journal; write one with: linli verify --head FILE"):
    file: str
    field: str = "file"


def _read(file: Path) -> list[Head]:
    """The head in a file, or the heads in its lines."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Refused(FileUnreadable(file=str(file), why=translate(error.strerror or "?"))) from error
    whole = head_from(text)
    found = [whole] if whole else [head_from(line) for line in text.splitlines() if line.strip()]
    if not found or None in found:
        raise Refused(NoHead(file=str(file)))
    return [head for head in found if head]
