"""What cannot wait, in the words that people use: the urgent kinds of the domain, and what only sounds like them."""

from collections.abc import Iterator
from importlib.resources import files
from uuid import UUID

import pytest

import linli
from linli._district.opening import configured, make_database
from linli._vault.crypto import Keyring
from linli.testing import a_place
from linli_three_lists.api import Needs

# By service: what people write, whatever category whoever took it down chose.
URGENT = {
    "lift_trapped": (
        "有人困在电梯里", "我被关在电梯里了", "电梯停在三楼，里面有人", "电梯坏了，孩子在里面出不来", "老人被困电梯半小时",
        "电梯门打不开，人在里面", "电梯困人", "电梯卡在两层中间，有人在里面喊救命", "电梯突然往下掉", "孩子手被电梯门夹住了",
        "电梯故障里面还有小孩", "电梯突然停了人还在里头", "被关电梯了", "电梯轿厢不动了，我们三个人出不去",
    ),
    "gas": (
        "楼道里有很浓的燃气味", "煤气漏了", "厨房闻到煤气味", "天然气泄漏", "液化气罐漏气，嗤嗤响", "燃气报警器一直响",
        "燃气管道好像漏了", "家里有臭鸡蛋味，怀疑漏气", "煤气罐着火了", "天然气味道好大，呛人",
    ),
    "burst_pipe": (
        "水管爆裂", "水管爆了", "爆管了，满地是水", "楼道水管炸了", "自来水管断裂，水喷出来", "暖气管爆了", "三楼管道爆裂淹到二楼",
        "水管子崩了，关不住", "消防栓被撞，水一直喷", "阀门坏了，水止不住", "家里跑水了", "地下室被水淹了", "主管道断了，水哗哗流",
        "家里水管破了到处都是水", "水管冻裂", "总阀坏了水一直流", "暖气漏水喷出来", "楼上漏水像下雨一样", "水表接头脱落，到处冒水", "厨房水管裂开了，水往外涌", "楼上爆水管，水漫到楼道了",
    ),
    "danger": (
        "三楼着火了", "电表箱冒烟", "楼道里起火", "电动车烧起来了", "配电房冒黑烟", "有人触电", "路灯杆漏电，摸着麻手", "电线掉在路上",
        "插座打火花", "外墙瓷砖脱落砸到车", "广告牌快掉下来了", "围墙要倒了", "有人高空抛物",
    ),
    "home_emergency": ("老人在家摔倒了", "邻居晕倒在楼道", "有人要跳楼", "孩子走失了", "独居老人敲门没人应"),
}  # fmt: skip
ORDINARY = (
    "厨房水管漏水", "水龙头滴水", "卫生间渗水", "电梯按钮失灵，到五楼不停", "电梯太慢", "电梯困难户多，希望加装电梯",
    "电梯坏了，没有困人", "燃气灶打不着火", "电梯里的灯坏了", "空调管滴水", "燃气费怎么交", "想开燃气发票", "天然气什么时候开户", "停水通知", "小区断水了什么时候来",
    "垃圾桶满了没人清运，味道很大", "下水道味道大", "路灯不亮", "噪音太吵", "春节能不能放鞭炮，管一管", "电视没信号，网络断了",
    "消防通道被占", "请管一管乱停车", "物业管理费太贵", "管道外面要刷漆", "水管已经修好了，上次爆管谢谢", "路面不平，老人容易摔倒",
    "希望加强火灾预防宣传", "漏电保护开关要换", "楼上晚上十一点还在装修",
)  # fmt: skip
CATEGORIES = {"漏水": "water", "电梯": "lift", "其他": "other", "": "other"}


@pytest.fixture(scope="module")
def needs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Needs]:
    folder = tmp_path_factory.mktemp("urgent") / "district"
    folder.mkdir()
    text = files("linli_daxiang").joinpath("district.toml").read_text(encoding="utf-8")
    (folder / "district.toml").write_text(text, encoding="utf-8")
    (folder / "vault.key").write_text(Keyring.generate(), encoding="utf-8")
    make_database(configured(folder))
    with linli.open(folder) as district:
        yield Needs(district)


@pytest.fixture(scope="module")
def place(needs: Needs) -> UUID:
    return a_place(needs._district, "锦绣花园")


def _service(needs: Needs, place: UUID, text: str, category: str) -> tuple[str, bool]:
    found = needs.match(text, place, category)
    assert found is not None
    return found.service.code, found.service.urgent


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("service", URGENT)
def test_what_cannot_wait_is_urgent_in_the_words_that_people_use(
    needs: Needs, place: UUID, service: str, category: str
) -> None:
    found = {text: _service(needs, place, text, category) for text in URGENT[service]}
    assert found == dict.fromkeys(URGENT[service], (service, True))


def test_what_can_wait_is_not_urgent_though_it_speaks_of_the_same_things(needs: Needs, place: UUID) -> None:
    assert not [text for text in ORDINARY if _service(needs, place, text, "其他")[1]]


@pytest.mark.parametrize(
    ("category", "service"),
    [
        ("电梯困人", "lift_trapped"),
        ("燃气泄漏", "gas"),
        ("水管爆裂", "burst_pipe"),
        ("爆管", "burst_pipe"),
        ("火情", "danger"),
    ],
)
def test_an_urgent_category_is_urgent_whatever_is_written(
    needs: Needs, place: UUID, category: str, service: str
) -> None:
    assert _service(needs, place, "请快来，漏水了", category) == (service, True)


def test_what_costs_money_is_no_leak_of_gas(needs: Needs, place: UUID) -> None:
    assert _service(needs, place, "请问怎么缴", "燃气缴费") == ("other", False)
