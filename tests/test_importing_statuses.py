"""Words of a status: how a request ended, denied ends, and what nobody knows."""

from itertools import product

import pytest

from linli._config.statuses import CLOSED, OPEN, denies_closing, outcome_of

SETTLED = ("办结", "结案", "归档", "完成", "完结", "解决", "办毕", "闭环", "关闭")
WITHDRAWN = ("撤单", "撤销", "作废", "取消", "撤回", "注销")
DENIALS = (
    "未",
    "尚未",
    "没有",
    "未能",
    "未被",
    "待",
    "等待",
    "暂未",
    "非",
    "不",
    "无法",
    "拟",
    "需",
    "申请",
    "准备",
    "即将",
    "部分",
    "催",
)
UNDER_WAY = ("中", "申请", "审核中", "待审核", "审批中", "时限")


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("已撤单 作废 已作废 取消 工单取消 群众撤诉 Cancelled CANCEL Canceled Void Withdrawn", "withdrawn"),
        ("不属于受理范围 不予受理 不予办理 无法办理 非受理范围 驳回 已驳回 Declined Rejected", "declined"),
        ("重复工单 重复件 重复 已并单 Duplicate", "duplicate"),
        ("转办 已转办 已移交 移送 Referred Transferred", "handed_over"),
        ("结案 已归档 办结 已办结 按时办结 逾期办结 处理完毕 已解决 已完成 Closed Completed Resolved", "settled"),
        ("未办结 办理中 处理中 待办 已受理 重新办理 挂起 Open Pending Assigned Reopened", OPEN),
        ("已办结（不满意） 已归档(不满意) 已办结未归档", CLOSED),
        ("不满意 某某 回访 42 X 未按期办结", None),
    ],
)  # fmt: skip
def test_words_of_real_ledgers_mean_what_they_say(words: str, meaning: str | None) -> None:
    assert {word: outcome_of(word) for word in words.split()} == dict.fromkeys(words.split(), meaning)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Closed - Duplicate", "duplicate"), ("Not Closed", OPEN), ("In Progress", OPEN), ("To be closed", OPEN),
        ("Closed (unresolved)", CLOSED), ("Not a duplicate", None), ("No longer open", None), ("Re-opened", OPEN),
        ("handed_over", "handed_over"),
    ],
)  # fmt: skip
def test_words_of_several_parts_are_read_together(text: str, meaning: str | None) -> None:
    assert outcome_of(text) == meaning


def test_an_end_that_is_denied_or_only_under_way_is_no_end() -> None:
    for word, denial in product((*SETTLED, *WITHDRAWN, "转办", "归档"), DENIALS):
        assert outcome_of(denial + word) in (OPEN, None, "declined"), denial + word
        assert outcome_of(denial + word) != "declined" or denial in ("无法", "不"), denial + word
    for word, more in product((*SETTLED, *WITHDRAWN, "转办"), UNDER_WAY):
        assert outcome_of(word + more) == OPEN or outcome_of(word + more) is None, word + more


def test_an_end_is_an_end_with_and_without_the_sign_of_the_past() -> None:
    for word, before in product(SETTLED, ("", "已", "按时", "逾期", "已全部", "工单已")):
        assert outcome_of(before + word) == "settled", before + word
    for word, before in product(WITHDRAWN, ("", "已", "工单", "群众")):
        assert outcome_of(before + word) == "withdrawn", before + word


def test_only_a_word_that_denies_the_closing_stands_against_its_time() -> None:
    for text in ("未办结", "尚未结案", "重新办理", "Not Closed", "Reopened", "unresolved"):
        assert denies_closing(text)
    for text in ("办理中", "已受理", "Open", "Pending", "已办结", "重新办结", "作废", ""):
        assert not denies_closing(text)
