"""For tests: a compound with every body, and somebody of each kind in it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from linli import Actor, District, Refused, StoredSubject
from linli.testing import Moment, a_place, an_organisation, snapshot, somebody
from linli_decisions.api import Decisions
from linli_decisions.numbers import TABLES

CATALOGUE = """
[[decisions.catalogue]]
code = "renovation"
name = "老旧小区改造"
papers = ["方案", "预算"]

[[decisions.catalogue]]
code = "lift"
name = "加装电梯"
vote = "special"
stages = ["基坑", "验收"]

[[decisions.catalogue]]
code = "parking"
name = "停车管理"
tier = "district"
stage_notice_days = 2
result_notice_days = 3

[[decisions.catalogue]]
code = "dismissal"
name = "解聘物业公司"
company_silent = true
"""


@attrs.frozen(kw_only=True)
class Compound:
    """A compound on its street, with a branch, an owners' committee, a property company and a residents' committee.

    Attributes:
        people: everybody by name; see `somebody_of_each`.
    """

    district: District
    clock: Moment
    top: UUID
    street: UUID
    community: UUID
    place: UUID
    bodies: dict[str, UUID]
    people: dict[str, Actor]

    @property
    def decisions(self) -> Decisions:
        """The plugin's door."""
        return Decisions(self.district)

    def propose(self, entry: str = "renovation", by: str = "owner", **more: Any) -> UUID:
        """Propose a matter; its number."""
        more = {"papers": ("方案", "预算"), **more}
        return self.decisions.propose(
            self.place, entry, "整治小区道路", "道路破损，申请整治。", actor=self.people[by], **more
        ).subject

    def make(self, decision: UUID, move: str, by: str, **values: object) -> None:
        """Make a move as somebody."""
        self.district.make(decision, move, values, actor=self.people[by])

    def opine(self, decision: UUID, verdict: str, by: str) -> None:
        """Say what somebody's body says."""
        self.decisions.opine(
            decision, verdict, None if verdict == "approve" else "不齐", actor=self.people[by]
        )

    def state(self, decision: UUID) -> str:
        """Where a matter stands."""
        return self.district.subject(decision).state

    def in_joint_review(self, entry: str = "renovation", by: str = "owner") -> UUID:
        """A matter that the branch has agreed to."""
        decision = self.propose(entry, by)
        self.make(decision, "submit", by)
        self.opine(decision, "approve", "secretary")
        return decision

    def in_filing(self, entry: str = "renovation") -> UUID:
        """A matter that both reviews have approved."""
        decision = self.propose(entry)
        self.make(decision, "submit", "owner")
        self.opine(decision, "approve", "secretary")
        self.opine(decision, "approve", "committee")
        if self.state(decision) == "joint_review":
            self.opine(decision, "approve", "manager")
        return decision

    def item_of(self, decision: UUID) -> StoredSubject:
        """The newest agenda item of a matter."""
        return self.district.subject(self.district.subject(decision).record.items[-1])

    def resolve_item(
        self, decision: UUID, resolution: str = "approved", reason: str | None = None, by: str = ""
    ) -> None:
        """Let the joint meeting decide the matter's newest agenda item, by circulation, and disclose what it filed."""
        self.file(decision, resolution, reason, by)
        self.disclose(decision, by)

    def file(
        self, decision: UUID, resolution: str = "approved", reason: str | None = None, by: str = ""
    ) -> None:
        """Let the joint meeting decide the matter's newest agenda item, by circulation."""
        self.agree_by_circulation(decision, resolution)
        item = self.item_of(decision)
        self._resolve(item.id, resolution, reason, by or self._secretary(item.record.tier))

    def disclose(self, decision: UUID, by: str = "", text: str = "同意实施。", **more: Any) -> None:
        """Let the secretary write what was filed, and an officer look at it; nothing for what was not filed."""
        if self.state(decision) != "filed":
            return
        writer = by or self._secretary(self.district.subject(decision).record.tier)
        self.decisions.write(decision, text, actor=self.people[writer], **more)
        self.look(decision)

    def look(self, decision: UUID, by: str = "second_officer") -> None:
        """Let somebody look at the disclosure that waits for it, and let it go out."""
        drafted = [one for one in self.decisions.disclosures(decision) if one.state == "drafted"][-1]
        publication = self.district.publish.get(drafted.record.publication)
        seen = [one.name for one in publication.record.files]
        self.district.publish.approve(publication.id, seen=seen, actor=self.people[by])

    def agree_by_circulation(self, decision: UUID, resolution: str = "approved") -> None:
        """Let everybody who is asked agree to a resolution, which is still to be taken down."""
        item = self.item_of(decision)
        circulating = {"draft": resolution, "text": "同意"}
        if item.state == "proposed":
            secretary = self.people[self._secretary(item.record.tier)]
            self.district.make(item.id, "circulate", circulating, actor=secretary)
        for one in self.district.tree(item.id):
            if one.kind == "written_opinion" and self.district.subject(one.id).state == "asked":
                self.district.make(one.id, "agree", actor=self._voice(one.record.organisation))

    def _secretary(self, tier: str) -> str:
        return "district_secretary" if tier == "district" else "meeting_secretary"

    def _voice(self, body: UUID) -> Actor:
        """Somebody who speaks for a body."""
        kinds = {ident: kind for kind, ident in self.bodies.items()}
        name = next(name for name, (_, kind) in _POSTS.items() if kind == kinds[body])
        return self.people[name]

    def _resolve(self, item: UUID, resolution: str, reason: str | None, by: str) -> None:
        values = {"resolution": resolution} | ({"reason": reason} if reason else {})
        self.district.make(item, "resolve", values, actor=self.people[by])

    def meet(self, decision: UUID, resolution: str = "approved") -> None:
        """Let the joint meeting decide the matter's newest agenda item, at a meeting a week on."""
        item = self.item_of(decision)
        secretary = self._secretary(item.record.tier)
        starts_at = self.clock.now + timedelta(days=7)
        values = {"starts_at": starts_at, "venue": "三楼会议室"}
        place = self.top if item.record.tier == "district" else self.street
        actor = self.people[secretary]
        meeting = self.district.start("meeting", "call", place, values, actor=actor).subject
        self.district.make(item.id, "schedule", {"meeting": meeting}, actor=actor)
        refused(
            self, "has not been held", lambda: self._resolve(item.id, resolution, "未达成一致", secretary)
        )
        self.clock.now = starts_at
        for one in self.district.tree(meeting):
            if one.kind == "attendance":
                self.district.make(one.id, "attend", actor=actor)
        self.district.make(meeting, "hold", actor=actor)
        self._resolve(item.id, resolution, "未达成一致", secretary)
        self.disclose(decision)

    def work_until(self, moment: datetime) -> None:
        """Let the worker carry out what is due by a moment."""
        self.clock.now = moment
        while self.district.worker.run_once(now=moment):
            pass


_POSTS = {
    "secretary": ("branch_secretary", "branch"),
    "member": ("branch_member", "branch"),
    "third_member": ("branch_member", "branch"),
    "committee": ("owners_committee_member", "owners_committee"),
    "second_committee": ("owners_committee_member", "owners_committee"),
    "manager": ("property_manager", "property_company"),
    "second_manager": ("property_manager", "property_company"),
    "residents": ("residents_committee_member", "residents_committee"),
    "second_residents": ("residents_committee_member", "residents_committee"),
    "department": ("department_officer", "department"),
    "district_department": ("department_officer", "district_department"),
}
_NAMES = {
    "branch": "党支部",
    "owners_committee": "业委会",
    "property_company": "物业公司",
    "residents_committee": "居委会",
    "department": "街道城管办",
    "district_department": "区城管局",
}
_PLACED = {
    "officer": "officer",
    "second_officer": "officer",
    "meeting_secretary": "meeting_secretary",
    "clerk": "clerk",
}


def _places(district: District) -> tuple[UUID, UUID, UUID, UUID]:
    """A district, a street, a community and a compound, one below the other."""
    found: list[UUID] = []
    for kind, name in (
        ("district", "区"),
        ("street", "红旗路街道"),
        ("community", "城南社区"),
        ("compound", "锦绣花园"),
    ):
        path = "".join(f"{one.hex}/" for one in found)
        found.append(a_place(district, name, kind=kind, parent=found[-1] if found else None, path=path))
    top, street, community, place = found
    return top, street, community, place


def compound(
    new_district: Callable[..., District],
    more: str = "",
    *,
    lacking: tuple[str, ...] = (),
    branch_at_community: bool = False,
    settings: str = "",
    **options: Any,
) -> Compound:
    """A compound in a new district that has decisions and joint meetings.

    Args:
        lacking: the kinds of bodies that it does not have.
        settings: lines of the [decisions] table; `more`: further tables.
    """
    clock = Moment()
    enabled = options.pop("enabled", ("meetings", "decisions", "owners_vote"))
    district = new_district(
        enabled=enabled, more=f"\n[decisions]\n{settings}\n{CATALOGUE}{more}", clock=clock, **options
    )
    top, street, community, place = _places(district)
    home = {"residents_committee": community, "department": street, "district_department": top}
    if branch_at_community:
        home["branch"] = community
    bodies = {
        kind: an_organisation(
            district, kind.removeprefix("district_"), home.get(kind, place), f"锦绣花园{_NAMES[kind]}"
        )
        for kind in dict.fromkeys(kind for _, kind in _POSTS.values())
        if kind not in lacking
    }
    people = {
        name: somebody(district, role, home.get(kind, place), at=bodies[kind])
        for name, (role, kind) in _POSTS.items()
        if kind in bodies
    }
    people |= {name: somebody(district, role, street) for name, role in _PLACED.items()}
    people["district_secretary"] = somebody(district, "meeting_secretary", top)
    found = Compound(
        district=district,
        clock=clock,
        top=top,
        street=street,
        community=community,
        place=place,
        bodies=bodies,
        people=people,
    )
    for name in ("owner", "neighbour"):
        people[name] = an_owner(found)
    people["stranger"] = somebody(district, None, place)
    return found


def refused(where: Compound, match: str | None, act: Callable[[], Any]) -> None:
    """That an act is refused with such a reason, and changes nothing."""
    before = snapshot(where.district, TABLES)
    with pytest.raises(Refused, match=match):
        act()
    assert snapshot(where.district, TABLES) == before, "what is refused changes nothing"


def an_owner(where: Compound) -> Actor:
    """Somebody who owns a home in the compound."""
    path = "".join(f"{one.hex}/" for one in (where.top, where.street, where.community, where.place))
    part = a_place(where.district, "101", kind="exclusive_part", parent=where.place, path=path)
    actor = somebody(where.district, None, where.place)
    assert actor.person
    where.district.register.tie(actor.person, "owner", part)
    return actor
