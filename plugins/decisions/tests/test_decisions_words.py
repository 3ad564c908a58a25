"""What disclosure 1 says, in every constellation of bodies, proposers, votes and meetings: what the record has."""

from collections.abc import Callable, Iterator
from itertools import product
from uuid import UUID

import attrs
import pytest

from linli import ENGINE_ACTOR, District, new_id
from linli_decisions.testing import Compound, compound

_MORE = '\n[meetings]\nmembers = ["department", "residents_committee"]\ndistrict_members = ["department@district"]\n'
_RESULT = {
    "roll_heads": 100, "roll_area": 1_000_050, "voted_heads": 80, "voted_area": 800_000,
    "agreed_heads": 70, "agreed_area": 700_005,
}  # fmt: skip


@attrs.frozen
class Case:
    """A constellation.

    Attributes:
        lacking: the kinds of bodies that the compound has not.
        by: "owner" or "manager", who proposes.
        at_community: whether the branch is the community's.
        held: whether the meeting was held; else it was asked in writing.
        elsewhere: whether the vote was held outside.
    """

    lacking: tuple[str, ...]
    by: str
    entry: str
    at_community: bool
    held: bool
    elsewhere: bool

    def __str__(self) -> str:
        return "-".join(
            (*self.lacking, self.by, self.entry, "community" * self.at_community, "held" * self.held)
        )


def _cases() -> Iterator[Case]:
    lacks = ((), ("owners_committee",), ("property_company",), ("owners_committee", "property_company"))
    for number, (lacking, by, entry) in enumerate(
        product(lacks, ("owner", "manager"), ("renovation", "dismissal", "lift"))
    ):
        if by == "manager" and ("property_company" in lacking or entry == "dismissal"):
            continue
        yield Case(lacking, by, entry, number % 3 == 0, number % 2 == 0, number % 4 == 1)


@pytest.mark.parametrize("case", list(_cases()), ids=str)
def test_disclosure_1_says_what_the_record_has(new_district: Callable[..., District], case: Case) -> None:
    here = compound(
        new_district,
        _MORE,
        lacking=case.lacking,
        branch_at_community=case.at_community,
        settings='language = "en"',
    )
    body = _disclosed(here, case)
    lines = body.split("\n")
    assert [one for one in lines if one.startswith(("First review:", "Joint review:"))] == _reviews(
        here, case
    )
    assert ("which has no say in it" in body) == (case.entry == "dismissal")
    alone = "property_company" in case.lacking and case.entry != "dismissal"
    assert ("No property company reviewed it" in body) == alone
    proposer = "Proposed by an owner on" if case.by == "owner" else "Proposed by 锦绣花园物业公司 on"
    assert any(one.startswith(proposer) for one in lines)
    _says_how_it_was_voted(body, case)
    _says_how_it_was_filed(here, lines, case)
    assert "Notice period: 7 days" in body
    assert "To object:" in body
    assert "Filing number: 2026-0001" in body


def _disclosed(here: Compound, case: Case) -> str:
    matter = here.propose(case.entry, case.by)
    here.make(matter, "submit", case.by)
    for by in ("secretary", "committee", "manager", "residents", "second_residents"):
        if by in here.people and _asked(here, matter, by):
            here.opine(matter, "approve", by)
    if case.entry == "lift":
        result = _RESULT | ({"held_at": "市物业信息平台"} if case.elsewhere else {})
        values = {"vote": new_id(), "vote_result": result}
        here.district.make(matter, "vote_passed", values, actor=ENGINE_ACTOR)
    if case.held:
        here.meet(matter)
    else:
        here.resolve_item(matter)
    publication = here.decisions.disclosures(matter)[0].record.publication
    return str(here.district.publish.get(publication).record.body)


def _asked(here: Compound, matter: UUID, by: str) -> bool:
    kinds = {"secretary": "branch", "committee": "owners_committee", "manager": "property_company"}
    body = here.bodies.get(kinds.get(by, "residents_committee"))
    tree = here.district.tree(matter)
    return any(one.state == "asked" and one.holder and one.holder.at == body for one in tree)


def _reviews(here: Compound, case: Case) -> list[str]:
    """Who reviewed, as the domain's page has it."""
    day = "2026-03-02"
    branch = "锦绣花园党支部, in place of: branch," if case.at_community else "锦绣花园党支部"
    found = [f"First review: {branch} agreed on {day}."]
    if "owners_committee" in case.lacking:
        found.append(f"Joint review: 锦绣花园居委会, in place of: owners_committee, agreed on {day}.")
    else:
        found.append(f"Joint review: 锦绣花园业委会 agreed on {day}.")
    if case.entry == "dismissal" or "property_company" in case.lacking:
        return found
    if case.by == "manager":
        found.append(f"Joint review: 锦绣花园居委会, in place of: property_company, agreed on {day}.")
    else:
        found.append(f"Joint review: 锦绣花园物业公司 agreed on {day}.")
    return found


def _says_how_it_was_voted(body: str, case: Case) -> None:
    said = "80 of 100 owners took part, with 8000.00 of 10000.50 m²; 70 owners agreed, with 7000.05 m²"
    assert (said in body) == (case.entry == "lift")
    assert ("outside linli: 市物业信息平台" in body) == (case.entry == "lift" and case.elsewhere)


def _says_how_it_was_filed(here: Compound, lines: list[str], case: Case) -> None:
    reviewed = "owners_committee" in case.lacking or case.by == "manager"
    members = 1 if reviewed else 2
    (filed,) = (one for one in lines if one.startswith("Filed by the joint meeting of 红旗路街道"))
    if case.held:
        assert f"{members} of the {members} members that decide about it were there" in filed
    else:
        assert f"{members} of {members} members agreed, {members} were needed" in filed
    left_out = [one for one in lines if one.startswith("Not counted")]
    assert left_out == (
        ["Not counted, since they had proposed or reviewed it: 锦绣花园居委会."] if reviewed else []
    )
