"""Matters of the compounds on their long way: one proposal, three reviews, three disclosures."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from linli import Actor, GivenFile, StoredSubject
from linli_daxiang.year import votes
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_decisions.api import Decisions

_TOPICS = {
    "renovation": ("整治小区道路和排水", "更新楼道照明", "改造小区大门和围墙"),
    "parking": ("重新划定停车位", "设置电动车集中充电棚", "划定消防通道"),
    "cleaning": ("定期清洗水箱", "更换垃圾分类亭", "消杀和清理楼道杂物"),
    "lift": ("2栋加装电梯", "3栋加装电梯"),
}
_USUAL = ("renovation", "parking", "cleaning")
_PAPERS = {"renovation": ("方案", "预算"), "lift": ("方案", "预算")}


def plan(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let `count` matters be proposed early enough to be carried out within the year, and some later."""
    random = play.random("decisions")
    for number in range(count):
        late = number % 12 == 11
        day = play.some_day(random, 0 if late else 75)
        where = random.choice([one for one in cast if one.compound.branch])
        play.at(play.office(random, day), _proposed, play, random, where, random.choice(_USUAL))


def plan_lifts(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let so many compounds of the new kind decide on a lift, on which their owners vote."""
    random = play.random("lifts")
    able = [one for one in cast if one.compound.branch and one.compound.kind == "商住小区"]
    for where in random.sample(able, min(count, len(able))):
        day = play.first + timedelta(days=random.randint(10, 150))
        play.at(play.office(random, day), _proposed, play, random, where, "lift")


def _proposed(play: Play, random: Random, where: Neighbourhood, entry: str) -> None:
    by_company = random.random() < 0.25
    proposer = where.property_company[1][0] if by_company else random.choice(where.owners)
    matter = (
        Decisions(play.district)
        .propose(
            where.place,
            entry,
            random.choice(_TOPICS[entry]),
            "居民反映多次，建议尽快办理，费用从公共收益列支。",
            papers=_PAPERS.get(entry, ()),
            actor=proposer,
        )
        .subject
    )
    play.district.make(matter, "submit", actor=proposer)
    if random.random() < 0.03:
        reason = {"reason": "先征求更多邻居意见"}
        play.later(play.after(days=1), matter, "withdraw", reason, proposer)
        return
    again = random.random() < 0.06
    play.at(_soon(play, random), _party_review, play, random, where, matter, proposer, again)


def _soon(play: Play, random: Random) -> datetime:
    return play.office(random, (play.clock.now + timedelta(days=random.randint(1, 4))).date())


def _party_review(
    play: Play, random: Random, where: Neighbourhood, matter: UUID, proposer: Actor, again: bool
) -> None:
    decisions = Decisions(play.district)
    if again:
        decisions.opine(matter, "return", "预算没有写明来源，请补充", actor=where.secretary)
        play.at(_soon(play, random), _sent_again, play, random, where, matter, proposer)
    elif random.random() < 0.03:
        decisions.opine(matter, "reject", "与正在实施的改造重复", actor=where.secretary)
    else:
        decisions.opine(matter, "approve", None, actor=where.secretary)
        play.at(_soon(play, random), _joint_review, play, random, where, matter)


def _sent_again(play: Play, random: Random, where: Neighbourhood, matter: UUID, proposer: Actor) -> None:
    play.district.make(matter, "submit", actor=proposer)
    play.at(_soon(play, random), _party_review, play, random, where, matter, proposer, False)


def _joint_review(play: Play, random: Random, where: Neighbourhood, matter: UUID) -> None:
    """Each body that is asked approves; which ones are, the matter says."""
    voices = dict((where.owners_committee, where.property_company, where.residents_committee))
    asked = [one.holder.at for one in _open(play, matter, "opinion") if one.holder]
    for number, body in enumerate(asked):
        # A body that takes both sides has two of its persons review.
        actor = voices[body][-1 - asked[:number].count(body)]
        Decisions(play.district).opine(matter, "approve", None, actor=actor)
    if play.district.subject(matter).state == "voting":
        votes.hold(play, random, where, matter, partial(_voted, play, random, where, matter))
    else:
        play.at(_soon(play, random), _circulated, play, random, where, matter)


def _voted(play: Play, random: Random, where: Neighbourhood, matter: UUID, moment: datetime) -> None:
    """What the owners voted down goes no further."""
    if play.district.subject(matter).ended_at is None:
        play.at(play.office(random, moment.date()), _circulated, play, random, where, matter)


def _open(play: Play, root: UUID, kind: str) -> list[StoredSubject]:
    return [one for one in play.district.tree(root) if one.kind == kind and one.ended_at is None]


def _circulated(play: Play, random: Random, where: Neighbourhood, matter: UUID) -> None:
    """The members of the joint meeting are asked in writing, and file it."""
    district, tier = play.district, where.street
    item = district.subject(matter).record.items[-1]
    values = {"draft": "approved", "text": "材料齐全，建议备案。"}
    district.make(item, "circulate", values, actor=tier.secretary)
    voices = dict((*tier.departments, (where.residents_committee[0], where.residents_committee[1][0])))
    asked = _open(play, item, "written_opinion")
    for opinion in random.sample(asked, len(asked)):
        # Whoever has not answered when enough have agreed is asked no more.
        if district.subject(opinion.id).state == "asked":
            district.make(opinion.id, "agree", actor=voices[opinion.record.organisation])
    district.make(item, "resolve", {"resolution": "approved"}, actor=tier.secretary)
    play.at(_soon(play, random), _written, play, random, where, matter)


def _written(play: Play, random: Random, where: Neighbourhood, matter: UUID) -> None:
    """The secretary writes what was decided for everybody, with its papers; another person looks at it."""
    district, tier, decisions = play.district, where.street, Decisions(play.district)
    record = district.subject(matter).record
    public = []
    for paper in record.papers_needed[:1]:
        file = GivenFile(name="a.txt", content=f"{paper}：{record.topic}\n".encode())
        decisions.attach(matter, paper, file, actor=tier.secretary)
        public.append(f"{paper}.txt")
    text = f"同意{record.topic}，由小区组织实施，按阶段公开进展。"
    decisions.write(matter, text, public=public, actor=tier.secretary)
    publication = decisions.disclosures(matter)[-1].record.publication
    district.publish.approve(publication, seen=public, actor=tier.second_officer)
    day = (play.clock.now + timedelta(days=random.randint(9, 14))).date()
    play.at(play.office(random, day), _begun, play, random, where, matter)


def _begun(play: Play, random: Random, where: Neighbourhood, matter: UUID) -> None:
    if play.district.subject(matter).state != "resolved":
        play.at(play.after(days=2), _begun, play, random, where, matter)
        return
    doer = _doer(play, where, matter)
    play.district.make(matter, "begin", {"text": "已签订合同，进场施工。"}, actor=doer)
    stages = list(play.district.subject(matter).record.stages) or ["施工"]
    moment = play.clock.now
    for stage in stages:
        moment = moment + timedelta(days=random.randint(4, 8))
        values = {"name": stage, "text": "按计划完成。"}
        play.later(moment, matter, "stage", values, doer)
    play.later(moment + timedelta(days=2), matter, "finish", {}, doer)
    play.at(moment + timedelta(days=4), _checked, play, where, matter)


def _doer(play: Play, where: Neighbourhood, matter: UUID) -> Actor:
    """Somebody of the body that carries it out, who has not reviewed it."""
    holder = play.district.subject(matter).holder
    assert holder is not None, "a resolved matter is somebody's"
    people = dict((where.owners_committee, where.property_company, where.residents_committee))[holder.at]
    tree = play.district.tree(matter)
    acted = {person for one in tree for made in one.hands.moves.values() for person in made}
    return next(actor for actor in people if actor.person not in acted)


def _checked(play: Play, where: Neighbourhood, matter: UUID) -> None:
    play.district.make(matter, "check", {"text": "已核验，质量合格。"}, actor=where.committee[1])
