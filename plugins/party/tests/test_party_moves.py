"""Every sequence of moves of a branch by everybody: what is allowed keeps its order, all else changes nothing."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from linli import District, Refused, StoredSubject
from linli._model.compiled import Move
from linli.testing import Explorer, Tried, snapshot
from linli_party.committees import COMMITTEE, body_of
from linli_party.tables import TABLES
from linli_party.testing import Street, party_street


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district)


# --- every sequence of moves by everybody -----------------------------------------------------------------------


class Branches(Explorer):
    """Every move of a branch and its terms, by everybody, in every order."""

    examples = 12
    steps = 10

    def __init__(self, street: Street, begins: str) -> None:
        names = ("clerk", "officer", "other_officer", "district_officer", "member0")
        super().__init__(street.district, {name: street.actors[name] for name in names})
        self.street = street
        self.other = street.set_up("幸福里党支部", at=street.commercial)
        self.team = street.district.register.organisation("association", "广场舞队", street.old)
        self.begins = begins
        self.count = 0

    def opened(self) -> UUID:
        street = self.street
        for one in street.district.register.organisations(kind="branch", place=street.old):
            left = street.party.branch_at(street.old)
            assert body_of(left) == one.id
            street.district.make(left.id, "dissolve", {"reason": "x"}, actor=street.officer)
        self.count += 1
        name = f"锦绣花园党支部{self.count}"
        return street.set_up(name) if self.begins == "in_being" else street.proposed(name)

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        committee = st.sampled_from([tuple(self.street.people(*n)) for n in ((0, 1), (2,), (3, 4, 0))])
        days = st.sampled_from([date(2026, 3, 2), date(2026, 2, 27), date(2029, 6, 1), date(2031, 1, 1)])
        return {
            "nominees": committee,
            "committee": committee,
            "into": st.sampled_from([self.other, subject.root]),
            "association": st.just(self.team),
            "associations": st.none(),
            "compound_kind": st.none(),
            "due_on": days,
            "since": st.none() | days,
            "until": st.none() | days,
            "elected_on": st.none() | days,
            "postponed_on": st.none(),
            "reminded_on": st.none(),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        branch = self.district.subject(root)
        body = body_of(branch)
        terms = [one for one in self.district.tree(root) if one.kind == "branch_term"]
        # Of a merged branch the register answers with its successor's.
        posts = [p for p in self.district.register.posts(at=body) if p.role in COMMITTEE and p.at == body]
        in_being = branch.state == "in_being"
        assert len([one for one in terms if one.ended_at is None]) == in_being, (
            "one term while it is in being"
        )
        assert len([p for p in posts if p.role == "branch_secretary"]) == in_being
        assert len({p.person for p in posts}) == len(posts)
        assert (body in self._standing()) == in_being
        figures = self.street.figures()
        assert figures["branches.total"] == len(self._standing())
        assert figures["branches.ordinary"] + figures["branches.functional"] == figures["branches.total"]

    def _standing(self) -> set[UUID]:
        return {one.id for one in self.district.register.organisations(kind="branch")}


@pytest.mark.parametrize("begins", ["proposed", "in_being"])
def test_whatever_is_tried_with_a_branch_its_body_posts_terms_and_figures_agree(
    street: Street, begins: str
) -> None:
    tried = Branches(street, begins).explore()
    made = {one.move.name for one in tried if one.act}
    assert len(made) >= 3, made
    assert any(not one.act for one in tried)


ALLOWED = {
    "proposed": {
        "approve": {"officer", "other_officer", "district_officer"},
        "return": {"officer", "other_officer", "district_officer"},
        "reject": {"officer", "other_officer", "district_officer"},
        "withdraw": {"clerk"},
    },
    "in_being": {
        "change_committee": {"officer", "other_officer", "district_officer"},
        "re_elect": {"officer", "other_officer", "district_officer"},
        "merge": {"officer", "other_officer", "district_officer"},
        "dissolve": {"officer", "other_officer", "district_officer"},
        "lead": {"officer", "other_officer", "district_officer", "member0"},
    },
}


@pytest.mark.parametrize("state", ["proposed", "in_being", "dissolved"])
def test_each_move_is_made_by_whom_it_is_for_and_only_where_it_may_be(street: Street, state: str) -> None:
    other = street.set_up("幸福里党支部", at=street.commercial)
    team = street.district.register.organisation("association", "广场舞队", street.old)
    given: dict[str, dict[str, object]] = {
        "approve": {},
        "change_committee": {"committee": tuple(street.people(3, 4)), "reason": "x"},
        "re_elect": {"committee": tuple(street.people(3, 4))},
        "merge": {"into": other, "reason": "x"},
        "lead": {"association": team},
    }
    count = 0
    for move in sorted({name for moves in ALLOWED.values() for name in moves}):
        for name, actor in street.actors.items():
            count += 1
            branch = _branch_in(street, state, f"党支部{count}")
            before = snapshot(street.district, TABLES)
            try:
                street.district.make(branch, move, given.get(move, {"reason": "x"}), actor=actor)
            except Refused:
                happened = False
            else:
                happened = True
            assert happened == (name in ALLOWED.get(state, {}).get(move, ())), (state, move, name)
            assert happened or snapshot(street.district, TABLES) == before, (state, move, name)
            _cleared(street, branch)


def _branch_in(street: Street, state: str, name: str) -> UUID:
    if state == "proposed":
        return street.proposed(name)
    branch = street.set_up(name)
    street.clock.now += timedelta(days=1)
    if state == "dissolved":
        street.district.make(branch, "dissolve", {"reason": "x"}, actor=street.officer)
    return branch


def _cleared(street: Street, branch: UUID) -> None:
    if street.district.subject(branch).state == "in_being":
        street.district.make(branch, "dissolve", {"reason": "x"}, actor=street.officer)
