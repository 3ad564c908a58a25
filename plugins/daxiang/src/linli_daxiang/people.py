"""People who do not exist: names, valid identity numbers and phones from a seed."""

from datetime import date, timedelta
from random import Random

import attrs

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔"
_GIVEN = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "刚",
    "桂英",
    "秀兰",
    "建国",
    "建华",
    "志强",
    "秀英",
    "玉兰",
    "海燕",
    "晓明",
    "雪梅",
    "国庆",
    "春梅",
    "立新",
    "永红",
    "文军",
    "小红",
    "振华",
    "美玲",
    "家豪",
    "子涵",
    "欣怡",
    "浩然",
    "雨桐",
    "俊杰",
    "思远",
    "佳琪",
    "一鸣",
    "诗雨",
]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@attrs.frozen(kw_only=True)
class Someone:
    """A made-up person."""

    name: str
    resident_id: str
    phone: str
    born: date


def somebody(random: Random, number: int) -> Someone:
    """The person of this number; their phone and identity number are theirs alone."""
    # Whoever has the same last three digits was born on another day.
    born = date(1945, 1, 1) + timedelta(days=random.randrange(0, 220) * 100 + number // 1000 % 100)
    body = f"430503{born:%Y%m%d}{number % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return Someone(
        name=random.choice(_SURNAMES) + random.choice(_GIVEN),
        resident_id=body + _CHECKS[total % 11],
        phone=f"199{number:08}",
        born=born,
    )
