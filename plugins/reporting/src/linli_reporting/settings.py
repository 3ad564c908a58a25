"""What a district decides about dual reporting."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

import attrs

from linli import Text, say, setting

Rung = Literal["branch", "community", "street", "district"]


@attrs.frozen(kw_only=True)
class Counted:
    """An act that counts as something a member has done."""

    act: str = setting(help='the act that counts: "seat.attend", "task.confirm"')
    kind: str = setting(help="what it is counted as, in lists; acts of one kind are added up", longest=40)
    whose: str = setting(
        "person",
        'who did it: "person" (whom it is about), "actor", or a move\'s name: whoever made that move',
    )
    minutes: str = setting("", "the value that says how long it took, in minutes; empty: none")
    back: bool = setting(False, "whether the act takes back what was counted of its matter")

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        kind, _, move = self.act.partition(".")
        if not kind or not move:
            yield "act", say("is no act; write it like seat.attend")
        if kind in ("membership_report", "reporting"):
            yield "act", say("reporting itself is nothing that a member has done since")
        if self.back and self.minutes:
            yield "minutes", say("what is taken back is taken back whole; leave this out")


COUNTED = (
    Counted(act="seat.attend", kind="session", minutes="minutes"),
    Counted(act="seat.annul", kind="session", back=True),
    Counted(act="task.confirm", kind="task", whose="finish", minutes="minutes"),
    Counted(act="claim.thank", kind="wish"),
)


@attrs.frozen(kw_only=True)
class ReportingSettings:
    """The [reporting] table of a district's file."""

    confirm_within: int = setting(
        5, "how long the branch has to confirm or refuse a report", unit="working days", least=1
    )
    ladder: tuple[Rung, ...] = setting(
        ("branch", "community", "street", "district"),
        "who hears, one after the other, of a report that nobody decided on",
        filled=True,
        each_once=True,
    )
    ladder_again: int = setting(
        3, "how long until the next of the ladder hears of it", unit="working days", least=1
    )
    known_members_only: bool = setting(
        True, "whether only those announce themselves whom the register knows as party members"
    )
    at_home_only: bool = setting(True, "whether they report only where the register knows that they live")
    inactive_after: int = setting(
        6,
        "after how long without anything counted a member is on the list of the inactive",
        unit="months",
        least=1,
        most=60,
    )
    counted: tuple[Counted, ...] = setting(COUNTED, "which acts count as something a member has done")

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What is counted twice, and what is taken back and was never counted."""
        kinds = {one.kind for one in self.counted if not one.back}
        seen = set[tuple[str, str, str]]()
        for number, one in enumerate(self.counted):
            if (one.act, one.kind, one.whose) in seen:
                twice = say("{act} is counted as {kind} twice", act=one.act, kind=one.kind)
                yield f"counted[{number}].act", twice
            if one.back and one.kind not in kinds:
                nothing = say("nothing is counted as {kind}, so nothing can be taken back", kind=one.kind)
                yield f"counted[{number}].back", nothing
            seen.add((one.act, one.kind, one.whose))

    @cached_property
    def by_act(self) -> Mapping[str, tuple[Counted, ...]]:
        """What is counted, by the act."""
        return {
            act: tuple(one for one in self.counted if one.act == act)
            for act in {one.act for one in self.counted}
        }
