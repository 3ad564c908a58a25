"""The main job of a district, start to end, through the public API: nothing is written past it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import attrs

import linli
from linli import Actor, District
from linli.importing.report import Report
from linli.profiles import new_folder
from linli_bank.api import Bank
from linli_daxiang.compounds import CATEGORIES, COMPOUNDS

Say = Callable[[str], object]


@attrs.frozen(kw_only=True)
class Desk:
    """A compound with whoever works there."""

    place: UUID
    clerk: Actor
    stewards: tuple[Actor, ...]
    residents: tuple[UUID, ...]


@attrs.define
class Tale:
    """What the demo has done, for its closing words.

    Attributes:
        folder: the district's.
    """

    folder: Path
    imported: Report
    submitted: int = 0
    closed: int = 0
    ordered: int = 0
    published: int = 0


def run(
    folder: Path, *, seed: int, scale: float, progress: Callable[[str, int], Callable[[int], object]]
) -> Tale:
    """Make the district, import its files, live a day in it.

    Args:
        progress: called with a label and a total before each long stretch; returns what is called
            with the number done.
    """
    files = new_folder(folder, "daxiang", seed=seed, scale=scale)
    with linli.open(folder) as district:
        tale = Tale(
            folder, district.importing.run(files, progress=progress("importing the sample files", 1200))
        )
        desks = list(_desks(district))
        _a_day(district, desks, tale, Random(seed), progress("requests, tasks and points", len(desks) * 4))
        _gifts(district, desks, tale)
        _publish(district, desks, tale)
        while district.worker.run_once(200):
            pass
        district.sealing.seal(everything=True)
    return tale


def _desks(district: District) -> Iterator[Desk]:
    """The compounds whose desk and stewards came with the staff list."""
    for name, _ in COMPOUNDS:
        place = district.register.find_place(name)
        posts = district.register.posts(at=place)
        clerks = [Actor(person=post.person) for post in posts if post.role == "clerk"]
        stewards = tuple(Actor(person=post.person) for post in posts if post.role == "steward")
        if clerks and stewards:
            residents = tuple(post.person for post in posts)
            yield Desk(place=place, clerk=clerks[0], stewards=stewards, residents=residents)


def _a_day(
    district: District, desks: list[Desk], tale: Tale, random: Random, done: Callable[[int], object]
) -> None:
    """Four requests in each compound; the last one is still open in the evening."""
    bank = Bank(district)
    for desk in desks:
        bank.open_at(desk.place)
        for steward in desk.stewards:
            if steward.person:
                bank.join(steward.person, desk.place)
        for number in range(4):
            _request(district, desk, tale, random, finished=number < 3)
            done(1)


def _request(district: District, desk: Desk, tale: Tale, random: Random, *, finished: bool) -> None:
    category = random.choice(sorted(CATEGORIES))
    reporter = random.choice([*desk.residents, None])
    act = district.dispatch.submit(
        desk.place, category, random.choice(CATEGORIES[category]), reporter=reporter, actor=desk.clerk
    )
    tale.submitted += 1
    request = act.subject
    district.make(request, "accept", actor=desk.clerk)
    district.make(request, "dispatch", actor=desk.clerk)
    if finished:
        _carry_out(district, desk, request, random)
        tale.closed += 1


def _carry_out(district: District, desk: Desk, request: UUID, random: Random) -> None:
    task = district.dispatch.open_task(request)
    doer = random.choice(desk.stewards)
    district.make(task.id, "take", actor=doer)
    result = {"result": "已到现场处理完毕", "minutes": random.choice((20, 45, 90, 150))}
    district.make(task.id, "finish", result, actor=doer)
    district.make(task.id, "confirm", actor=desk.clerk)
    district.make(request, "close", {"feedback": "您反映的问题已经处理，欢迎评价。"}, actor=desk.clerk)


def _gifts(district: District, desks: list[Desk], tale: Tale) -> None:
    """Whoever has earned enough orders soap and fetches it with their code."""
    bank = Bank(district)
    for desk in desks:
        gift = bank.offer(desk.place, "洗衣皂", 3, 5).subject
        for steward in desk.stewards:
            if steward.person and district.award.account(steward.person).free >= 3:
                order = bank.order(gift, steward.person, actor=steward)
                bank.hand_over(order.subject, bank.code(order.subject, actor=steward))
                tale.ordered += 1


def _publish(district: District, desks: list[Desk], tale: Tale) -> None:
    """Each desk says what was done."""
    figures = district.brief().figures
    for desk in desks:
        closed = district.brief(desk.place).figures["requests.closed"]
        body = f"今年以来，本小区已办结居民诉求 {closed} 件；全区尚未办结 {figures['requests.open']} 件。\n\n欢迎监督。"
        district.publish.announce(desk.place, "居民诉求办结情况", body, actor=desk.clerk)
        tale.published += 1
