"""The names that a form may have in its braces, with what they mean."""

from collections.abc import Mapping

from linli import District, translate
from linli_brief.forms.grammar import KINDS, WORDS_OF_FORMS
from linli_brief.forms.lists import named_columns, named_place_columns
from linli_brief.forms.periods import WORDS_OF_PERIODS

WORDS = (
    "figures",
    "words",
    "columns of a list",
    "kinds of places",
    "columns of a row for each place",
    "periods",
)
IN_BRACES = WORDS[:2]


def names_of(district: District) -> Mapping[str, Mapping[str, str]]:
    """By heading, what may be written, and what it stands for."""
    figures = {
        one.name: translate(one.label or one.help) for one in district.rules.figures.values() if one.shown
    }
    periods = dict.fromkeys(
        (*WORDS_OF_PERIODS, "2026", "2026-Q1", "2026-03", "3月", "1-3月", "2026-01..2026-03"), ""
    )
    tables = (figures, WORDS_OF_FORMS, named_columns(), KINDS, named_place_columns(), periods)
    return dict(zip(WORDS, tables, strict=True))
