"""Which heading of a file leads to which column, whatever their order and wording.

The mapping's own words come first, then the headings a column is known by, then a guess. A guess is
for the user to see and to put right in the mapping; two headings never lead to one column.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from linli.errors import Refused
from linli.i18n import listed, say
from linli.importing.shapes import PROBLEM_HEADING, Column, FileMapping, HeadingMatch, How

LIKE_ENOUGH: Final = 0.6
"""The least likeness of a guess, as `difflib` measures it: 电话 and 联系电话 have 0.67."""
_TOO_CLOSE: Final = 0.05
_OTHERWISE_NAMED: Final = 0.95

_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
# What may stand in brackets behind a heading without changing whose value it is.
_REMARK: Final = re.compile(
    r"必填项?|选填|可选|非必填|\*|必须|required|optional|元|年|岁|人|m2|平方米|平米|小时|"
    r"文本(?:格式)?|日期(?:格式)?|格式.*|如.*|例.*|\d+位|[ymdhs年月日时分秒/:. -]+"
)
_SIGNS: Final = re.compile(r"[\W_]+")


def match_headings(
    headings: Iterable[object], columns: Sequence[Column], mapping: FileMapping
) -> tuple[HeadingMatch, ...]:
    """Lead each heading to a column, or say why it has none.

    `headings` are the cells of the heading row from column A on; blank ones give no match.
    Of several headings that a column is known by, the one it names first is read, of equal
    ones the leftmost; the others are DUPLICATE.

    Raises: Refused when the mapping names a column that does not exist, or sends two headings
        of this file to one column.
    """
    texts = {
        position: " ".join(str(cell).split()) for position, cell in enumerate(headings) if cell is not None
    }
    texts = {position: text for position, text in texts.items() if text}
    matches = {match.position: match for match in _mapped(texts, columns, mapping)}
    _add(matches, _exact(_left(texts, matches), _free(columns, matches)))
    _add(matches, _duplicates(_left(texts, matches), columns, matches))
    _add(matches, _guessed(_left(texts, matches), _free(columns, matches)))
    _add(
        matches, (_without(position, text, How.UNMATCHED) for position, text in _left(texts, matches).items())
    )
    return tuple(matches[position] for position in sorted(matches))


def known_headings(headings: Iterable[object], columns: Sequence[Column], mapping: FileMapping) -> int:
    """How many of the columns these headings name without a guess; tells a heading row from others."""
    mapped = {fold(heading): name for heading, name in mapping.headings.items()}
    by_word = {fold(word): column.name for column in columns for word in _words(column)}
    found = {
        mapped.get(fold(str(cell))) or by_word.get(fold(str(cell))) for cell in headings if cell is not None
    }
    return len(found - {None})


def fold(heading: str) -> str:
    """A heading without what does not tell it from others: widths, case, blanks, signs, （必填）."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _BRACKETED.sub(lambda found: "" if _REMARK.fullmatch(found[0][1:-1].strip()) else found[0], text)
    return _SIGNS.sub("", text)


def _words(column: Column) -> tuple[str, ...]:
    return (*column.headings, column.name)


def _left(texts: Mapping[int, str], matches: Mapping[int, HeadingMatch]) -> dict[int, str]:
    return {position: text for position, text in texts.items() if position not in matches}


def _free(columns: Iterable[Column], matches: Mapping[int, HeadingMatch]) -> list[Column]:
    taken = {match.column for match in matches.values()}
    return [column for column in columns if column.name not in taken]


def _add(matches: dict[int, HeadingMatch], more: Iterable[HeadingMatch]) -> None:
    matches.update({match.position: match for match in more})


def _without(position: int, heading: str, how: How, rival: str = "") -> HeadingMatch:
    return HeadingMatch(heading=heading, position=position, column=None, how=how, score=0.0, rival=rival)


def _mapped(
    texts: Mapping[int, str], columns: Sequence[Column], mapping: FileMapping
) -> Iterator[HeadingMatch]:
    wanted = {fold(heading): name for heading, name in mapping.headings.items()}
    _refuse_unknown(wanted.values(), [column.name for column in columns])
    seen: dict[str, str] = {}
    for position, text in texts.items():
        name = "" if text == PROBLEM_HEADING else wanted.get(fold(text))
        if name == "":
            yield _without(position, text, How.IGNORED)
        elif name is not None:
            _refuse_second(seen, name, text)
            yield HeadingMatch(heading=text, position=position, column=name, how=How.MAPPED)


def _refuse_unknown(named: Iterable[str], known: list[str]) -> None:
    for name in named:
        if name and name not in known:
            near = get_close_matches(name, known, n=1) or known
            raise Refused(
                say(
                    "the mapping names the column {name}, which does not exist; did you mean {near}?",
                    name=repr(name),
                    near=listed(near),
                )
            )


def _refuse_second(seen: dict[str, str], name: str, heading: str) -> None:
    if name in seen:
        raise Refused(
            say(
                "the mapping sends both {first} and {second} to {name}; "
                'keep one of them and map the other to ""',
                first=seen[name],
                second=heading,
                name=name,
            )
        )
    seen[name] = heading


def _exact(texts: Mapping[int, str], columns: Iterable[Column]) -> Iterator[HeadingMatch]:
    folded = {position: fold(text) for position, text in texts.items()}
    taken: set[int] = set()
    for column in columns:
        position = _first_known(column, folded, taken)
        if position is not None:
            taken.add(position)
            yield HeadingMatch(heading=texts[position], position=position, column=column.name, how=How.EXACT)


def _first_known(column: Column, folded: Mapping[int, str], taken: set[int]) -> int | None:
    for word in map(fold, _words(column)):
        for position, text in folded.items():
            if text == word and position not in taken:
                return position
    return None


def _duplicates(
    texts: Mapping[int, str], columns: Iterable[Column], matches: Mapping[int, HeadingMatch]
) -> Iterator[HeadingMatch]:
    read = {match.column: match.heading for match in matches.values() if match.column}
    rivals = {
        fold(word): read[column.name] for column in columns if column.name in read for word in _words(column)
    }
    for position, text in texts.items():
        if fold(text) in rivals:
            yield _without(position, text, How.DUPLICATE, rivals[fold(text)])


def _guessed(texts: Mapping[int, str], columns: Sequence[Column]) -> Iterator[HeadingMatch]:
    """The likest pairs first; what is torn between two is not guessed at all."""
    pairs = [
        (score, position, column.name)
        for position, text in texts.items()
        for column in columns
        if (score := _likeness(text, column)) >= LIKE_ENOUGH - _TOO_CLOSE
    ]
    while pairs:
        score, position, name = max(pairs)
        if score < LIKE_ENOUGH:
            return
        close = [pair for pair in pairs if score - pair[0] < _TOO_CLOSE]
        torn_heading = any(pair[1] == position and pair[2] != name for pair in close)
        torn_column = any(pair[1] != position and pair[2] == name for pair in close)
        if not torn_heading and not torn_column:
            yield HeadingMatch(
                heading=texts[position],
                position=position,
                column=name,
                how=How.GUESSED,
                score=round(score, 2),
            )
        # A heading that is torn leaves its columns to others, and a torn column its headings.
        pairs = [
            pair
            for pair in pairs
            if not (pair[1] == position and (torn_heading or not torn_column))
            and not (pair[2] == name and (torn_column or not torn_heading))
        ]


def _likeness(heading: str, column: Column) -> float:
    bare = _SIGNS.sub("", _BRACKETED.sub("", unicodedata.normalize("NFKC", heading).casefold()))
    return max(_alike(fold(heading), bare, fold(word)) for word in _words(column))


def _alike(heading: str, bare: str, word: str) -> float:
    # 姓名（户主）is more than 姓名 by a word that may matter: a guess, if a good one.
    if bare == word:
        return _OTHERWISE_NAMED
    return SequenceMatcher(None, heading, word, autojunk=False).ratio()
