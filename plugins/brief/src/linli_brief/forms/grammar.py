"""What is in a form's braces, read: figures, words, lists, and a row for each place.

{requests.closed}  {requests.closed@上月}  {place}  {list: requests.open: no|place|due}
{each compound: name|requests.accepted|requests.closed@本月}
"""

import re
from collections.abc import Mapping, Sequence

import attrs

from linli import listed, say
from linli_brief.forms.errors import Unclear, unknown

BRACES = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
WORDS_OF_FORMS: Mapping[str, str] = {
    "district": "区",
    "place": "地点",
    "from": "起始日期",
    "to": "截止日期",
    "period": "期间",
    "today": "填报日期",
    "year": "年",
    "month": "月",
}
"""What a cell may name besides figures: in code, and as people write it."""
KINDS: Mapping[str, str] = {
    "compound": "小区",
    "community": "社区",
    "street": "街道",
}
"""What there can be a row for each of: in code, and as people write it."""

# What an input method for Chinese makes of the signs that we use.
_PLAIN = str.maketrans({"：": ":", "｜": "|", "＠": "@", "．": ".", "　": " ", "＿": "_"})


@attrs.frozen(kw_only=True)
class FigureAsked:
    """A figure, of a period that the cell names or of the report's own."""

    name: str
    period: str = ""


@attrs.frozen(kw_only=True)
class WordAsked:
    """The name of the place, a day, …: a name of `WORDS_OF_FORMS`."""

    name: str


@attrs.frozen(kw_only=True)
class ListAsked:
    """What was counted for a figure, a row for each."""

    figure: FigureAsked
    columns: tuple[str, ...]


@attrs.frozen(kw_only=True)
class EachAsked:
    """A row for each place of a kind: words of the place, and figures."""

    kind: str
    columns: tuple[str | FigureAsked, ...]


Asked = FigureAsked | WordAsked | ListAsked | EachAsked


@attrs.frozen(kw_only=True)
class Names:
    """What can be named.

    Attributes:
        figures: of the brief, by their names in code.
        labels: by what the brief calls a figure, the figures that it calls so.
        list_columns: by what people write, the columns of a list; `place_columns`: those of places.
    """

    figures: Sequence[str]
    labels: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    list_columns: Mapping[str, str]
    place_columns: Mapping[str, str]


def read(inside: str, names: Names) -> Asked:
    """What the text between braces asks for. Raises: Unclear."""
    text = inside.translate(_PLAIN).strip()
    head, colon, rest = (part.strip() for part in text.partition(":"))
    if head in ("list", "清单") and colon:
        return _list(rest, names)
    match = re.fullmatch(r"(?:each\s+|每个)(\S+)", head)
    if match and colon:
        return _each(match[1], rest, names)
    for name, written in WORDS_OF_FORMS.items():
        if text.lower() in (name, written):
            return WordAsked(name=name)
    return _figure(text, names, [*names.figures, *names.labels, *WORDS_OF_FORMS])


def _figure(text: str, names: Names, suggested: Sequence[str]) -> FigureAsked:
    written, _, period = (part.strip() for part in text.partition("@"))
    called = (written,) if written in names.figures else names.labels.get(written, ())
    if not called:
        raise unknown(written, suggested, "figure")
    if len(called) > 1:
        raise Unclear(
            say(
                "several figures are called '{name}'; write one of: {known}",
                name=written,
                known=listed(called),
            )
        )
    return FigureAsked(name=called[0], period=period)


def _list(text: str, names: Names) -> ListAsked:
    figure, _, columns = text.partition(":")
    asked = _figure(figure.strip(), names, [*names.figures, *names.labels])
    written = [one.strip() for one in columns.split("|")]
    return ListAsked(figure=asked, columns=tuple(_column(one, names.list_columns) for one in written))


def _each(kind: str, text: str, names: Names) -> EachAsked:
    kinds = {written: name for name, both in KINDS.items() for written in (name, both)}
    if kind not in kinds:
        raise unknown(kind, list(kinds), "kind of place")
    written = [one.strip() for one in text.split("|")]
    return EachAsked(kind=kinds[kind], columns=tuple(_of_place(one, names) for one in written))


def _of_place(text: str, names: Names) -> str | FigureAsked:
    if "." in text or "@" in text or text in names.labels:
        return _figure(text, names, names.figures)
    return _column(text, names.place_columns)


def _column(text: str, known: Mapping[str, str]) -> str:
    found = known.get(text) or known.get(text.lower())
    if found is None:
        raise unknown(text, list(known), "column")
    return found


def problems_of(text: str, names: Names) -> list[Unclear]:
    """What is unclear in the braces of a cell."""
    found = []
    for match in BRACES.finditer(text):
        try:
            read(match[1], names)
        except Unclear as problem:
            found.append(problem)
    return found
