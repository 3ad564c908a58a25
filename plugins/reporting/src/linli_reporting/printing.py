"""A receipt as text for the counter, and as a page to print."""

from html import escape

from linli import Text, say, translate
from linli_reporting.api import Receipt, Standing

STANDINGS: dict[Standing, Text] = {
    "valid": say("valid: the report was confirmed, and has not ended"),
    "waiting": say("waiting: the report was announced, and nobody has decided on it yet"),
    "ended": say("ended: this report counts no longer"),
    "unknown": say("unknown: no report of this district has this code"),
}
_STYLE = """
@page { size: A5 landscape; margin: 15mm }
body { font: 14pt/1.8 "Noto Serif CJK SC", "Songti SC", SimSun, serif; max-width: 36em; margin: auto }
h1 { text-align: center; letter-spacing: .2em }
code { font-size: 1.2em; letter-spacing: .1em }
footer { margin-top: 1em; border-top: 1px solid }
"""


def _sentence(said: Receipt, name: str) -> Text:
    if said.confirmed_on is None:
        return say(
            "{name} reported on {day} to the branch of {compound}; the branch has not decided on it yet.",
            name=name, day=said.reported_on, compound=said.compound,
        )  # fmt: skip
    return say(
        "{name} reported on {day} to {branch} of {compound}; the report was confirmed on {confirmed}.",
        name=name, day=said.reported_on, branch=said.branch, compound=said.compound,
        confirmed=said.confirmed_on,
    )  # fmt: skip


def receipt_text(said: Receipt, name: str) -> str:
    """A receipt for a terminal.

    Args:
        name: the member's, as it may be shown there.
    """
    return f"{translate('Receipt of reporting in')}\n{_sentence(said, name)}\n{said.code}\n{_how(said)}"


def _how(said: Receipt) -> Text:
    return say("to verify: linli report-in verify {code}", code=said.code)


def receipt_page(district: str, said: Receipt, language: str) -> str:
    """A receipt as a page: the one place where the name stands."""
    title = escape(translate("Receipt of reporting in"))
    return (
        f'<!doctype html>\n<html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n<p>{escape(str(_sentence(said, said.name)))}</p>\n"
        f"<p><code>{said.code}</code></p>\n"
        f"<footer>{escape(district)}<br>{escape(str(_how(said)))}</footer>\n</html>\n"
    )
