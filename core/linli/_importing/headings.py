"""Which heading of a file leads to which column, whatever their order and wording.

The mapping's own words come first, then the headings a column is known by, then a guess. What is guessed
is only a known heading with a harmless word beside it (业主电话, Date Closed): likeness alone would take the
phone of a relative (紧急联系人电话) for somebody's own, or a time limit (办结时限) for the end. A guess is for
the user to see and to put right in the mapping; two headings never lead to one column.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import attrs

from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import NotFoundHere, Refusal
from linli._model.sheets import PROBLEM_HEADING, Column, FileMapping, HeadingMatch, How

# What may stand beside a known heading without making another thing of it.
_HARMLESS: Final = (
    "本人|居民|业主|户主|住户|党员|志愿者|人员|群众|当事人|个人|联系|移动|常用|有效|具体|详细|当前|现|实际|"
    "工单|诉求|事项|案件|登记的?|填报|所在|所属|居住|房屋|的|号码?|名称|情况|信息|内容|时间|日期"
)
_ANOTHER: Final = re.compile(
    r"业主|户主|房主|产权人|共有人|租客|租户|承租人|住户|居民|同住|家属|家庭成员|配偶"
)
_BESIDE: Final = re.compile(rf"(?:{_HARMLESS})+")
_SAME_SENSE: Final = (("日期", "时间"), ("时刻", "时间"), ("电话号", "电话"), ("号码", "号"))
_WITHOUT_SENSE: Final = frozenset({"date", "time", "datetime", "dt", "at"})
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ALIKE: Final = 0.8
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
    if mapping.guess:
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


class NoSuchColumn(
    NotFoundHere, says="the mapping names the column {name}, which does not exist; did you mean {near}?"
):
    name: str
    near: Several


def _refuse_unknown(named: Iterable[str], known: list[str]) -> None:
    for name in named:
        if name and name not in known:
            near = get_close_matches(name, known, n=1) or known
            raise Refused(NoSuchColumn(name=repr(name), near=listed(near)))


class TwoColumnsForOne(
    Refusal,
    says='the mapping sends both {first} and {second} to {name}; keep one of them and map the other to ""',
):
    first: str
    second: str
    name: str


def _refuse_second(seen: dict[str, str], name: str, heading: str) -> None:
    if name in seen:
        raise Refused(TwoColumnsForOne(first=seen[name], second=heading, name=name))
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
    read = {match.column: match for match in matches.values() if match.column}
    rivals = {
        fold(word): read[column.name] for column in columns if column.name in read for word in _words(column)
    }
    for position, text in texts.items():
        if rival := rivals.get(fold(text)):
            yield attrs.evolve(
                _without(position, text, How.DUPLICATE, rival.heading), rival_position=rival.position
            )


def _guessed(texts: Mapping[int, str], columns: Sequence[Column]) -> Iterator[HeadingMatch]:
    """The headings that can mean one column only, and that no other heading contests."""
    scores = {
        (position, column.name): score
        for position, text in texts.items()
        for column in columns
        if (score := max(_likeness(text, word) for word in _words(column)))
    }
    named = {
        (position, column.name)
        for position, text in texts.items()
        for column in columns
        if any(_names(text, word) for word in _words(column))
    }
    for (position, name), score in scores.items():
        meant = [pair for pair in scores if pair[0] == position]
        rivals = [pair for pair in named if pair[1] == name and pair[0] != position]
        if len(meant) == 1 and not rivals:
            yield HeadingMatch(
                heading=texts[position], position=position, column=name, how=How.GUESSED, score=score
            )


def _names(heading: str, word: str) -> bool:
    """Whether a heading may be the same of somebody else who lives there: 租客姓名 beside 业主姓名."""
    before, found, after = _sense(heading).partition(_sense(word))
    return not word.isascii() and bool(found) and _ANOTHER.search(before + after) is not None


def _likeness(heading: str, word: str) -> float:
    """How sure it is that a heading means what `word` means, in its own words; 0: not enough to guess."""
    if word.isascii():
        same = heading.isascii() and _latin(heading) and _latin(heading) == _latin(word)
        return _ALIKE if same else 0.0
    return _alike(_sense(heading), _sense(word))


def _latin(text: str) -> frozenset[str]:
    """The whole words of a heading in Latin letters, but for those that say nothing: Date Closed, closedAt."""
    return frozenset(word.casefold() for word in _WORDS.findall(text)) - _WITHOUT_SENSE


def _sense(text: str) -> str:
    folded = fold(text)
    for one, other in _SAME_SENSE:
        folded = folded.replace(one, other)
    return folded


def _alike(heading: str, word: str) -> float:
    if heading == word:
        return _OTHERWISE_NAMED
    before, found, after = heading.partition(word)
    beside = [text for text in (before, after) if text]
    return _ALIKE if found and all(_BESIDE.fullmatch(text) for text in beside) else 0.0
