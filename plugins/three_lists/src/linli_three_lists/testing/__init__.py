"""For tests: a compound in a community of a street, with somebody of each kind, and a clock to move."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from linli import Act, Actor, District, StoredSubject
from linli.hooks import Delivery
from linli.testing import a_place, an_organisation, somebody
from linli.testing import who as who
from linli_three_lists.api import Needs

ZONE = ZoneInfo("Asia/Shanghai")
CATALOGUE = """
[[dispatch.services]]
code = "lift_trapped"
name = "电梯困人救援"
categories = ["困人"]
holder = "duty"
time = "30min"
urgent = true

[[dispatch.services]]
code = "water"
name = "漏水维修"
categories = ["漏水"]
holder = "property_manager"
time = "8h"
takes = "业主和租户"
cost = "材料费自理"

[[dispatch.services]]
code = "noise"
name = "邻里调解"
categories = ["噪音"]
time = "16h"

[[dispatch.services]]
code = "other"
name = "其他事项"
time = "16h"
"""
RULES = """
[[three_lists.rules]]
name = "trapped"
service = "lift_trapped"
words = ["困人", "关在电梯"]

[[three_lists.rules]]
name = "night noise"
service = "noise"
categories = ["噪音"]
after = 22:00:00
before = 06:00:00

[[three_lists.rules]]
name = "old pipes"
service = "water"
words = ["漏水", "滴水"]
compounds = ["old"]

[[three_lists.rules]]
name = "water"
service = "water"
words = ["漏水", "水管"]

[[three_lists.rules]]
name = "rest"
service = "other"
"""

# Four rungs with times of their own: 2, 4 and 13 service hours apart.
LADDER = (
    RULES
    + """
[[three_lists.ladder]]
name = "steward"
roles = ["steward", "property_manager"]
again = "2h"

[[three_lists.ladder]]
name = "branch"
roles = ["branch_secretary"]
again = "4h"

[[three_lists.ladder]]
name = "street"
roles = ["officer"]
tier = "street"
whistle = true
again = "13h"

[[three_lists.ladder]]
name = "district"
roles = ["officer", "district_officer"]
tier = "district"
"""
)
# A whistle is proposed as soon as a request is late.
SOON = (
    RULES
    + """
[[three_lists.ladder]]
name = "street"
roles = ["officer"]
whistle = true
"""
)


def moment(text: str) -> datetime:
    """A moment on the district's wall clock: "2026-03-02 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@attrs.define
class WallClock:
    """A clock that a test sets: Monday, 2 March 2026, nine in the morning in Shanghai."""

    now: datetime = attrs.field(factory=lambda: moment("2026-03-02 09:00"))

    def __call__(self) -> datetime:
        return self.now


@attrs.frozen(kw_only=True)
class Town:
    """A compound with its street and district.

    Attributes:
        manager: works for the property company.
        secretary: of the compound's branch.
        colleague: another clerk.
    """

    district: District
    needs: Needs
    clock: WallClock
    root: UUID
    street: UUID
    place: UUID
    building: UUID
    company: UUID
    branch: UUID
    clerk: Actor
    colleague: Actor
    steward: Actor
    manager: Actor
    secretary: Actor
    officer: Actor
    district_officer: Actor
    resident: Actor
    stranger: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        names = (
            "clerk", "colleague", "steward", "manager", "secretary", "officer", "district_officer", "resident",
            "stranger",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def submit(
        self, text: str = "厨房水管漏水", category: str = "漏水", place: UUID | None = None, **more: Any
    ) -> UUID:
        """A request of the resident, filed by the clerk."""
        reporter = None if more.pop("anonymous", False) else who(self.resident)
        given = {"actor": self.clerk, **more}
        act = self.district.dispatch.submit(place or self.place, category, text, reporter=reporter, **given)
        return act.subject

    def accepted(self, text: str = "厨房水管漏水", category: str = "漏水", **more: Any) -> UUID:
        """A request that was accepted: by the desk, or by linli where it is urgent."""
        request = self.submit(text, category, **more)
        if self.district.subject(request).state == "submitted":
            self.make(request, "accept", self.clerk)
        return request

    def dispatched(self, text: str = "厨房水管漏水", category: str = "漏水", **more: Any) -> UUID:
        """A request that was dispatched by the rules."""
        request = self.accepted(text, category, **more)
        if self.district.subject(request).state == "accepted":
            self.make(request, "dispatch", self.clerk)
        return request

    def closed(self, outcome: str = "settled", **more: Any) -> UUID:
        """A request that the property manager has settled, and the clerk has closed."""
        request = self.dispatched(**more)
        task = self.task(request).id
        self.make(task, "finish", self.manager, result="换了接头")
        self.make(task, "confirm", self.clerk)
        self.make(request, "close", self.clerk, feedback="已修好", outcome=outcome)
        return request

    def task(self, request: UUID) -> StoredSubject:
        """The newest open task of a request."""
        return self.district.dispatch.open_task(request)

    def make(self, subject: UUID, move: str, actor: Actor, **values: Any) -> Act:
        """Make a move as somebody."""
        return self.district.make(subject, move, values, actor=actor)

    def work_until(self, when: str) -> None:
        """Let the worker carry out what is due by a moment, each thing at its own time."""
        end = moment(when)
        while due := min((one.due_at for one in self._waiting() if one.due_at <= end), default=None):
            self.clock.now = max(self.clock.now, due)
            self.district.worker.run_once(now=self.clock.now)
        self.clock.now = end

    def _waiting(self) -> list[Delivery]:
        return self.district.deliveries.listed(state="due", most=10_000)

    def told(self, why: str) -> list[tuple[str, dict[str, Any]]]:
        """Who was told for a reason, the first first, with what they were told."""
        words = self.district.deliveries.listed(kind="tell")
        found = [(one.recipient, dict(one.payload)) for one in reversed(words)]
        return [(recipient, payload) for recipient, payload in found if payload.get("why") == why]


def town(new_district: Callable[..., District], more: str = RULES, *, enabled: tuple[str, ...] = ()) -> Town:
    """A town in a new district that has the plugin enabled."""
    clock = WallClock()
    district = new_district(enabled=("three_lists", *enabled), more=CATALOGUE + more, clock=clock)
    root = a_place(district, "区", kind="district")
    street = _below(district, "城北街道", "street", (root,))
    place = _below(district, "锦绣花园", "compound", (root, street))
    building = district.register.place("building", "3栋", place)
    company = an_organisation(district, "property_company", place)
    branch = an_organisation(district, "branch", place)
    return Town(
        district=district,
        needs=Needs(district),
        clock=clock,
        root=root,
        street=street,
        place=place,
        building=building,
        company=company,
        branch=branch,
        clerk=somebody(district, "clerk", place),
        colleague=somebody(district, "clerk", place),
        steward=somebody(district, "steward", place),
        manager=somebody(district, "property_manager", place, at=company),
        secretary=somebody(district, "branch_secretary", place, at=branch),
        officer=somebody(district, "officer", street),
        district_officer=somebody(district, "district_officer", root),
        resident=somebody(district, None, place),
        stranger=somebody(district, None, place),
    )


def _below(district: District, name: str, kind: str, above: tuple[UUID, ...]) -> UUID:
    path = "".join(f"{one.hex}/" for one in above)
    return a_place(district, name, kind=kind, parent=above[-1], path=path)
