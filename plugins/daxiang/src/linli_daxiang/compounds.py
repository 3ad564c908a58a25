"""The district's places and people, made up from a seed: the same seed gives the same district."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import attrs

from linli_daxiang.people import Someone, somebody

STREETS = {
    "城北路街道": ("百春园社区", "祭旗坡社区", "城北社区"),
    "红旗路街道": ("西直街社区", "宝庆社区", "红旗社区"),
    "学院路街道": ("敏州社区", "学院社区", "桃园社区"),
    "中心路街道": ("中心社区", "新华社区", "松坡社区"),
}
_NAMES = (
    "幸福里小区", "锦绣花园", "中驰第一城", "湘中明珠", "西湖春天", "电厂宿舍", "宝庆府邸", "碧桂苑", "金域华府", "机床厂家属院",
    "纺织厂宿舍", "时代公馆", "江南新城", "丽景天成", "翰林书苑", "建材厂宿舍", "东方名邸", "梧桐里", "香樟雅苑", "粮站家属院",
    "城建宿舍", "星河湾畔", "御景台", "书香门第", "阳光水岸", "供销社宿舍", "龙凤佳园", "紫薇花园", "和谐家园", "汽运公司家属院",
    "卫校宿舍", "山水豪庭", "凯旋国际", "学府壹号", "金水湾", "邮电宿舍", "美林苑", "天悦城", "橡树湾", "老干部大院",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Compound:
    """A compound of the sample district.

    Attributes:
        branch: whether it has a party branch and a service centre: all but every tenth.
    """

    number: int
    name: str
    kind: str
    street: str
    community: str
    branch: bool


def compounds(scale: float) -> tuple[Compound, ...]:
    """40 compounds at scale 1: of those with a branch, one in five is old (8 of 36)."""
    return tuple(_compound(number) for number in range(max(4, round(40 * scale))))


def _compound(number: int) -> Compound:
    communities = [(street, community) for street, below in STREETS.items() for community in below]
    street, community = communities[number % len(communities)]
    phase, which = divmod(number, len(_NAMES))
    branch = which % 10 != 9
    unbranched = "院落" if which % 20 == 19 else "老旧小区"
    kind = ("老旧小区" if which % 5 == 0 else "商住小区") if branch else unbranched
    name = _NAMES[which] + (f"{phase + 1}期" if phase else "")
    return Compound(number=number, name=name, kind=kind, street=street, community=community, branch=branch)


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
    owners: tuple[tuple[Someone, Home], ...]
    cases: tuple[Case, ...]


def sample(seed: int, scale: float, until: datetime) -> Sample:
    """`scale` 1 has 40 compounds, 3,840 homes, 5,350 members, 3,700 volunteers and 300 requests."""
    random = Random(seed)
    places = compounds(scale)
    homes = tuple(home for compound in places for home in _homes(random, compound))
    numbers = iter(range(1, 10_000_000))

    def dwellers(count: float, parties: tuple[str, ...]) -> tuple[Member, ...]:
        return tuple(
            _member(random, next(numbers), homes, parties) for _ in range(max(1, round(count * scale)))
        )

    members = dwellers(5350, ("中共党员", "中共党员", "中共预备党员"))
    volunteers = dwellers(2500, ("群众", "共青团员"))
    return Sample(
        homes=homes,
        members=members,
        volunteers=(*volunteers, *_in_both(members)),
        owners=tuple(_owners(random, numbers, homes, (*members, *volunteers))),
        cases=tuple(_cases(random, homes, round(300 * scale), until)),
    )


def _homes(random: Random, compound: Compound) -> Iterator[Home]:
    for building in range(1, 5):
        for unit in (1, 2):
            for floor in range(1, 7):
                for door in (1, 2):
                    yield Home(
                        street=compound.street, community=compound.community, compound=compound.name,
                        kind=compound.kind, building=f"{building}栋", unit=f"{unit}单元",
                        room=f"{floor}0{door}", area=f"{random.uniform(55, 140):.2f}",
                    )  # fmt: skip


def _member(random: Random, number: int, homes: tuple[Home, ...], parties: tuple[str, ...]) -> Member:
    return Member(
        someone=somebody(random, number),
        home=random.choice(homes),
        party=random.choice(parties),
        since=date(2022, 3, 1) + timedelta(days=random.randrange(0, 1200)),
    )


def _in_both(members: tuple[Member, ...]) -> Iterator[Member]:
    """Party members who are volunteers too: thirty of each compound's, after those who have posts there."""
    for living in by_compound(members).values():
        yield from living[20:50]


def by_compound(members: tuple[Member, ...]) -> dict[str, list[Member]]:
    """Who lives in which compound."""
    living: dict[str, list[Member]] = {}
    for member in members:
        living.setdefault(member.home.compound, []).append(member)
    return living


def _owners(
    random: Random, numbers: Iterator[int], homes: tuple[Home, ...], dwellers: tuple[Member, ...]
) -> Iterator[tuple[Someone, Home]]:
    """Each home is its first dweller's, or of somebody who lives elsewhere."""
    first: dict[Home, Someone] = {}
    for member in dwellers:
        first.setdefault(member.home, member.someone)
    for home in homes:
        yield first.get(home) or somebody(random, next(numbers)), home


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
