"""What the words of a status column say of a request: how it ended, that it goes on, or nothing known.

A word for an end counts only where nothing before it denies it (未办结, 待归档, not closed) and nothing
behind it says that it is only under way (撤单审核中).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal, get_args

OPEN: Final = "open"
CLOSED: Final = "closed"
"""It was closed; how is not said."""
UNDATED: Final = "undated"
"""It was closed; when is not said, so that it is in no mean."""
ENDS: Final = ("duplicate", "withdrawn", "declined", "handed_over", "settled", CLOSED)
Word = Literal["settled", "declined", "handed_over", "duplicate", "withdrawn", "open"]
"""What a map can translate a word of a status column to."""
_OURS: Final = frozenset(get_args(Word))

_CHINESE: Final[Mapping[str, tuple[str, ...]]] = {
    "duplicate": ("重复", "并单", "合并工单"),
    "withdrawn": ("撤单", "撤销", "撤回", "撤诉", "取消", "作废", "废除", "废弃", "已废", "注销", "无效", "终止"),
    "declined": (
        "不予受理", "不予办理", "不予处理", "不予立案", "不受理", "不属于受理", "不属受理", "不在受理", "非受理范围",
        "不符合受理", "无法受理", "无法办理", "无法处理", "无法解决", "无法办结", "无法落实", "不能解决", "无权管辖", "不属于本", "不属于职责",
        "拒绝受理", "拒绝办理", "拒收", "拒办", "已拒绝", "驳回",
    ),
    "handed_over": ("转办", "移交", "转交", "移送", "转出"),
    "settled": (
        "办结", "已办", "办毕", "办完", "完成", "完结", "结案", "归档", "结办", "闭环", "销号", "销案", "解决", "落实",
        "已处理", "处理完", "处置完", "已处置", "整改到位", "已整改", "已修复", "已关闭", "关闭", "已结",
    ),
}  # fmt: skip
_LATIN: Final[Mapping[str, tuple[str, ...]]] = {
    "duplicate": ("duplicate", "duplicated", "dup"),
    "withdrawn": ("cancel", "cancelled", "canceled", "withdrawn", "void", "voided", "revoked", "deleted"),
    "declined": ("declined", "rejected", "refused", "denied", "invalid", "ineligible"),
    "handed_over": ("referred", "transferred", "forwarded"),
    "settled": ("closed", "completed", "complete", "resolved", "done", "fixed", "finished", "settled"),
}  # fmt: skip
_DENIED: Final = re.compile(
    r"(?:未|没有?|不|非|无法?|尚未|待|等待?|需要?|应|拟|将|准备|即将|预计?|申请|请求|要求|催|限期?|暂|拒绝?|部分)"
    r"(?:[已被能可以予得经曾再全部完全审核批确认进行属于是]|申请|处理|处置|办理|整改|落实)*"
)
_UNDER_WAY: Final = re.compile(
    r"(?:工单|诉求|件|事项)?(?:申请|审核|审批|复核|确认|待|前|中$|中[^心])|时限|期限|率"
)
_NOT_SATISFIED: Final = re.compile(r"不满意|不满|不认可|有异议|不合格|未到位|不彻底")
_GOES_ON: Final = re.compile(
    r"[办处受]理中|在办|待|受理|已派|派单|派发|新建|挂起|延期|催办|进行中|办理|处理|未|回退|退单|退回|重新|重办|返工|重开|申请|审核"
)
_NOT_IN_TIME: Final = re.compile(r"[未没](?:能|有)?(?:按期|按时|及时|如期)")
_STARTED_AGAIN: Final = re.compile(r"重新|重办|重开|返工|再次办理")
_NOT: Final = frozenset(
    {
        "not",
        "isn",
        "wasn",
        "cannot",
        "never",
        "no",
        "un",
        "to",
        "be",
        "awaiting",
        "pending",
        "incomplete",
        "partially",
    }
)
_LATIN_OPEN: Final = frozenset(
    {"open", "opened", "reopened", "reopen", "new", "pending", "assigned", "progress", "started", "received",
     "submitted", "acknowledged", "accepted", "unassigned", "hold", "incomplete", "unresolved", "undone", "unfinished",
     "unsolved", "unclosed"}
)  # fmt: skip
_LATIN_AGAIN: Final = frozenset({"reopened", "reopen"})
_LATIN_UNDONE: Final = frozenset({"incomplete", "unresolved", "undone", "unfinished", "unsolved", "unclosed"})


@lru_cache(maxsize=1024)
def outcome_of(text: str) -> str | None:
    """What a status says: one of ENDS, or OPEN; None where it says nothing that is known."""
    folded = _folded(text)
    if folded in _OURS:
        return folded
    return _latin(folded) if folded.isascii() else _chinese(folded.replace(" ", ""))


@lru_cache(maxsize=1024)
def denies_closing(text: str) -> bool:
    """Whether a status says outright that a request is not closed, or began again, whatever time stands beside it."""
    folded = _folded(text)
    if folded.isascii():
        denying = {*_LATIN_AGAIN, *_LATIN_UNDONE, *_LATIN["settled"]}
        return _latin(folded) == OPEN and bool(denying & set(_words(folded)))
    folded = folded.replace(" ", "")
    said = _said(folded, _CHINESE["settled"])
    return not any(said) and _chinese(folded) == OPEN and bool(said or _STARTED_AGAIN.search(folded))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# --- Chinese ---------------------------------------------------------------------------------------------


def _chinese(text: str) -> str | None:
    if _NOT_IN_TIME.search(text):
        # It may be closed too late, or not at all.
        return None
    said = {end: _said(text, words) for end, words in _CHINESE.items()}
    for end in ("duplicate", "withdrawn", "declined", "handed_over"):
        if any(said[end]):
            return end
    if any(said["settled"]):
        unclear = not all(said["settled"]) or _NOT_SATISFIED.search(text)
        return CLOSED if unclear else "settled"
    if said["settled"] or _GOES_ON.search(text):
        return OPEN
    return None


def _said(text: str, words: Iterable[str]) -> list[bool]:
    """For each of the words that is in the text, whether it holds: not denied, and not only under way."""
    return [
        _holds(text, found.start(), found.end())
        for word in words
        for found in re.finditer(re.escape(word), text)
    ]


def _holds(text: str, start: int, end: int) -> bool:
    denied = any(found.end() == start for found in _DENIED.finditer(text, 0, start))
    return not denied and not _UNDER_WAY.match(text, end)


# --- Latin letters ---------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.replace("re-", "re"))


def _latin(text: str) -> str | None:
    words = _words(text)
    for end, known in _LATIN.items():
        places = [place for place, word in enumerate(words) if word in known]
        if not places:
            continue
        if all(_not_before(words, place) for place in places):
            return OPEN if end == "settled" else None
        unclear = end == "settled" and _LATIN_OPEN & set(words)
        return CLOSED if unclear else end
    goes_on = any(word in _LATIN_OPEN and not _not_before(words, place) for place, word in enumerate(words))
    return OPEN if goes_on else None


def _not_before(words: list[str], place: int) -> bool:
    return any(word in _NOT for word in words[max(0, place - 3) : place])
