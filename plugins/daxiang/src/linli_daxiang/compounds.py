"""The district's places and people, made up from a seed: the same seed gives the same district."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import attrs

from linli_daxiang.people import Someone, somebody

STREETS = {
    "城北路街道": ("百春园社区", "祭旗坡社区"),
    "红旗路街道": ("西直街社区", "宝庆社区"),
    "学院路街道": ("敏州社区",),
}
COMPOUNDS = (
    ("锦绣花园", "商住小区"), ("幸福里小区", "老旧小区"), ("中驰第一城", "商住小区"), ("纺织厂家属院", "院落"),
    ("湘中明珠", "商住小区"), ("西湖春天", "商住小区"), ("电厂宿舍", "老旧小区"), ("宝庆府邸", "商住小区"),
)  # fmt: skip
CATEGORIES = {
    "漏水": ("厨房水管漏水，已经流到楼下", "楼上卫生间渗水，天花板起泡", "单元门口水表井漏水"),
    "路灯": ("三栋后面的路灯不亮，老人晚上不敢出门", "地下车库灯坏了两盏"),
    "保洁": ("楼道好几天没人打扫", "垃圾桶满了没人清运，味道很大"),
    "停车": ("消防通道被占，车开不进来", "访客车辆乱停堵住单元门"),
    "噪音": ("楼上晚上十一点还在装修", "广场舞音响声音太大"),
    "邻里纠纷": ("空调外机滴水和楼下有矛盾，请帮忙调解",),
    "电梯": ("电梯按钮失灵，到五楼不停",),
}


@attrs.frozen(kw_only=True)
class Home:
    """A home of a compound."""

    street: str
    community: str
    compound: str
    kind: str
    building: str
    unit: str
    room: str
    area: str


@attrs.frozen(kw_only=True)
class Member:
    """A party member or volunteer, and where they live."""

    someone: Someone
    home: Home
    party: str
    since: date


@attrs.frozen(kw_only=True)
class Case:
    """A request of the past."""

    number: str
    category: str
    text: str
    home: Home
    accepted: datetime
    closed: datetime | None


@attrs.frozen(kw_only=True)
class Sample:
    """All of it."""

    homes: tuple[Home, ...]
    members: tuple[Member, ...]
    volunteers: tuple[Member, ...]
    staff: tuple[tuple[str, Member], ...]
    cases: tuple[Case, ...]


def sample(seed: int, scale: float, until: datetime) -> Sample:
    """A district of eight compounds; `scale` 1 has 384 homes, 160 members, 90 volunteers, 360 requests."""
    random = Random(seed)
    homes = tuple(_homes(random))
    numbers = iter(range(1, 10_000_000))

    def dwellers(count: float, parties: tuple[str, ...]) -> tuple[Member, ...]:
        return tuple(
            _member(random, next(numbers), homes, parties) for _ in range(max(1, round(count * scale)))
        )

    members = dwellers(160, ("中共党员", "中共党员", "中共预备党员"))
    return Sample(
        homes=homes,
        members=members,
        volunteers=dwellers(90, ("群众", "共青团员")),
        staff=tuple(_staff(members)),
        cases=tuple(_cases(random, homes, round(360 * scale), until)),
    )


def _homes(random: Random) -> Iterator[Home]:
    communities = [(street, community) for street, below in STREETS.items() for community in below]
    for number, (compound, kind) in enumerate(COMPOUNDS):
        street, community = communities[number % len(communities)]
        for building in range(1, 4):
            for unit in (1, 2):
                for floor in range(1, 5):
                    for door in (1, 2):
                        yield Home(
                            street=street, community=community, compound=compound, kind=kind,
                            building=f"{building}栋", unit=f"{unit}单元", room=f"{floor}0{door}",
                            area=f"{random.uniform(55, 140):.2f}",
                        )  # fmt: skip


def _member(random: Random, number: int, homes: tuple[Home, ...], parties: tuple[str, ...]) -> Member:
    return Member(
        someone=somebody(random, number),
        home=random.choice(homes),
        party=random.choice(parties),
        since=date(2022, 3, 1) + timedelta(days=random.randrange(0, 1200)),
    )


def _staff(members: tuple[Member, ...]) -> Iterator[tuple[str, Member]]:
    """The first member living in a compound keeps its desk, the next ones are its stewards."""
    for compound, _ in COMPOUNDS:
        living = [member for member in members if member.home.compound == compound]
        yield from zip(("受理员", "楼栋长", "楼栋长"), living, strict=False)


def _cases(random: Random, homes: tuple[Home, ...], count: int, until: datetime) -> Iterator[Case]:
    for number in range(1, count + 1):
        accepted = until - timedelta(days=random.uniform(2, 300))
        hours = random.choice((0.5, 1, 2, 3, 4, 6, 8, 12, 26)) * random.uniform(0.6, 1.4)
        category = random.choice(sorted(CATEGORIES))
        yield Case(
            number=f"SQ{accepted:%Y}{number:05}",
            category=category,
            text=random.choice(CATEGORIES[category]),
            home=random.choice(homes),
            accepted=accepted,
            closed=None
            if accepted > until - timedelta(days=9) and random.random() < 0.6
            else accepted + timedelta(hours=hours),
        )
