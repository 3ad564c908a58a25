"""What the commands of volunteers share: whose place, moments on the district's clock, QRs, certificates."""

from datetime import date, datetime
from html import escape
from io import StringIO
from pathlib import Path
from uuid import UUID

import click
import segno

from linli import Actor, District, Invalid, Refused, say, translate
from linli._cli.meaning import OwnerNotSaid
from linli.cli import actor_of
from linli_volunteers.service_api import Hours

PLACE_HELP = translate("a number or a path of names: 锦绣花园")

for_option = click.option(
    "--for",
    "person",
    default=None,
    help=translate("whose it is: a phone, an identity number or a number; whoever acts if not given"),
)
reason_option = click.option("--reason", required=True, help=translate("why; it is kept in the vault"))
from_option = click.option(
    "--from", "since", type=click.DateTime(["%Y-%m-%d"]), help=translate("the first day: 2026-01-01")
)
to_option = click.option(
    "--to", "until", type=click.DateTime(["%Y-%m-%d"]), help=translate("the last day: 2026-12-31")
)


def whose(district: District, person: str | None, who: str | None) -> tuple[UUID, Actor]:
    """Whose place or claim is meant, and who acts."""
    actor = actor_of(district, who)
    if person:
        return district.register.find_one(person), actor
    if actor.person is None:
        raise Refused(OwnerNotSaid())
    return actor.person, actor


def day(given: datetime | None) -> date | None:
    """The day of an option."""
    return given.date() if given else None


def masked_name(district: District, person: UUID | None) -> str:
    """A name as a list may show it."""
    return district.register.masked(person).get("name", "-") if person else "-"


def draw(text: str) -> str:
    """A QR for a terminal."""
    out = StringIO()
    segno.make(text).terminal(out, compact=True)
    return out.getvalue()


class NoSuchFormat(Invalid, says="'{file}' must end in .svg, .png or .pdf"):
    file: str
    field: str = "file"


def save(text: str, file: str) -> None:
    """A QR as a picture: SVG, PNG or PDF, by the file's ending."""
    if Path(file).suffix.lower() not in (".svg", ".png", ".pdf"):
        raise Refused(NoSuchFormat(file=file))
    segno.make(text).save(file, scale=8)


# --- certificates ----------------------------------------------------------------------------------------

_STYLE = """
@page { size: A4; margin: 25mm }
body { font: 14pt/1.8 "Noto Serif CJK SC", "Songti SC", SimSun, serif; max-width: 40em; margin: auto }
h1 { text-align: center; letter-spacing: .3em }
table { border-collapse: collapse; margin: 1em auto }
th, td { border: 1px solid; padding: .2em 1em }
footer { display: flex; align-items: center; gap: 1em }
svg { width: 6em; height: 6em }
"""


def hours_and_minutes(minutes: int) -> str:
    """Minutes as people read them."""
    return str(say("{hours} hours {minutes} minutes", hours=minutes // 60, minutes=minutes % 60))


def certificate_page(district: str, name: str, said: Hours, code: str, language: str) -> str:
    """A certificate as a page to print: the one place where the name stands."""
    rows = "".join(
        f"<tr><td>{month}</td><td>{escape(hours_and_minutes(minutes))}</td></tr>"
        for month, minutes in said.by_month.items()
    )
    sentence = say(
        "{name} took part in {sessions} volunteer sessions from {since} to {until}, and served {time}.",
        name=name, sessions=said.sessions, since=said.since, until=said.until,
        time=hours_and_minutes(said.minutes),
    )  # fmt: skip
    title = translate("Certificate of service")
    picture = segno.make(code).svg_inline(omitsize=True)
    return (
        f'<!doctype html>\n<html lang="{language}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style>\n<h1>{escape(title)}</h1>\n<p>{escape(str(sentence))}</p>\n"
        f"<table><tr><th>{escape(translate('month'))}</th><th>{escape(translate('time served'))}</th></tr>"
        f"{rows}</table>\n<footer>{picture}<p>{escape(district)}<br>"
        f"{escape(str(say('to verify: linli session verify {code}', code=code)))}</p></footer>\n</html>\n"
    )
