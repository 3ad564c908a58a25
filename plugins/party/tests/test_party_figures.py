"""Figures of branches against an independent count, coverage, and the settings that contradict each other."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect

from linli import ConfigError, District, PersonId, PlaceId, Private
from linli._hooks.plugins import Plugins
from linli._schema import migrate
from linli._store.store import Store
from linli_party.branch import Enter, Merge
from linli_party.branches import BranchFlow
from linli_party.compounds import BranchKind
from linli_party.settings import PartySettings
from linli_party.tables import TABLES
from linli_party.testing import Street, a_member, party_street, who

KINDS = ("old", "commercial", "courtyard")


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district)


def _by_hand(street: Street, compounds: dict[UUID, str]) -> dict[str, int]:
    """The branches in being, counted one by one."""
    found = [one for one in _all(street) if one.state == "in_being"]
    kinds = [compounds[one.place] for one in found]
    forms = [one.record.branch_kind for one in found]
    return {
        "branches.total": len(found),
        "branches.in_old_compounds": kinds.count("old"),
        "branches.in_commercial_compounds": kinds.count("commercial"),
        "branches.in_courtyards": kinds.count("courtyard"),
        "branches.ordinary": forms.count("ordinary"),
        "branches.functional": forms.count("functional"),
        "branches.compounds_covered": len({one.place for one in found}),
    }


def _all(street: Street) -> list[Any]:
    from linli.testing import all_of

    return all_of(street.district, "branch")


def test_the_figures_are_what_counting_by_hand_gives_after_a_year_of_changes(street: Street) -> None:
    register, chance = street.district.register, random.Random(36)
    at_work = register.organisation("party_organisation", "某局机关党支部", register.root())
    compounds = {street.old: "old", street.commercial: "commercial"}
    secretaries = {street.old: street.members[0], street.commercial: street.others[0]}
    for number in range(10):
        built = chance.choice(KINDS)
        place = register.place("compound", f"小区{number}", street.community, record={"kind": built})
        compounds[place] = built
        secretaries[place] = a_member(street.district, place, "101", at_work)
    living: list[UUID] = []
    for step in range(40):
        street.clock.now += timedelta(days=9)
        free = [one for one in compounds if one not in {street.district.subject(b).place for b in living}]
        if free and chance.random() < 0.65:
            place = chance.choice(free)
            kind: BranchKind = "functional" if chance.random() < 0.8 else "ordinary"
            committee = [who(secretaries[place])]
            branch = street.district.perform(
                BranchFlow.enter.at(
                    PlaceId(place),
                    Enter(
                        name=f"支部{step}",
                        branch_kind=kind,
                        since=date(2026, 1, 5),
                        nominees=tuple(map(PersonId, committee)),
                    ),
                )
            ).subject
            living.append(branch)
        elif len(living) > 1:
            gone = living.pop(chance.randrange(len(living)))
            if chance.random() < 0.5:
                street.district.perform(
                    BranchFlow.merge(
                        BranchFlow.ref(gone),
                        Merge(into=BranchFlow.ref(chance.choice(living)), reason=Private("合并")),
                    ),
                    actor=street.officer,
                )
            else:
                street.district.make(gone, "dissolve", {"reason": "x"}, actor=street.officer)
    expected = _by_hand(street, compounds)
    assert expected["branches.total"] == len(living) > 3
    figures = street.figures()
    assert {name: figures[name] for name in expected} == expected
    axis = figures["branches.in_old_compounds"] + figures["branches.in_commercial_compounds"]
    assert axis + figures["branches.in_courtyards"] == figures["branches.total"]
    assert figures["branches.ordinary"] + figures["branches.functional"] == figures["branches.total"]
    assert sum(street.figures(place)["branches.total"] for place in compounds) == figures["branches.total"]
    assert figures["branches.coverage_of_all"] == expected["branches.compounds_covered"] / len(compounds)


def test_a_branch_counts_from_the_day_it_was_to_the_day_it_ended(street: Street) -> None:
    branch = street.district.perform(
        BranchFlow.enter.at(
            PlaceId(street.old),
            Enter(
                name="老支部",
                branch_kind="ordinary",
                since=date(2024, 5, 1),
                nominees=tuple(map(PersonId, street.people(0))),
            ),
        )
    ).subject
    values = {"reason": "x", "until": "2026-02-01"}
    street.district.make(branch, "dissolve", values, actor=street.officer)
    total = [
        (
            street.district.brief(None, None, date.fromisoformat(day)).figures["branches.total"],
            street.district.brief(None, None, date.fromisoformat(day)).figures["branches.compounds_covered"],
        )
        for day in ("2024-04-30", "2024-05-01", "2026-01-31", "2026-02-01")
    ]
    assert total == [(0, 0), (1, 1), (1, 1), (0, 0)]


def test_coverage_is_by_compounds_with_a_property_service_and_beside_it_by_all(street: Street) -> None:
    register = street.district.register
    assert street.figures()["branches.coverage"] is None, "nobody serves a compound yet"
    for name, place in (("城北物业", street.old), ("红旗物业", street.commercial)):
        register.organisation("property_company", name, place)
    third = register.place("compound", "无物业小区", street.community, record={"kind": "courtyard"})
    assert third
    street.set_up()
    figures = street.figures()
    assert (figures["branches.coverage"], figures["branches.coverage_of_all"]) == (1 / 2, 1 / 3)
    found = street.party.coverage(street.street)
    assert (found.with_branch, found.with_property_service, found.all) == (1, 2, 3)
    assert (found.of_served, found.of_all) == (1 / 2, 1 / 3)
    assert street.figures(street.old)["branches.coverage"] == 1
    assert street.figures(street.commercial)["branches.coverage"] == 0


def test_no_share_of_coverage_is_above_one_when_a_company_leaves(street: Street) -> None:
    register = street.district.register
    company = register.organisation("property_company", "物业", street.commercial)
    street.set_up()
    figures = street.figures()
    assert figures["branches.coverage"] == 0, "the compound with a branch has no property service"
    assert figures["branches.coverage_of_all"] == 1 / 2
    found = street.party.coverage(street.street)
    assert (found.with_branch, found.with_both, found.with_property_service) == (1, 0, 1)
    register.end_organisation(company)
    street.clock.now += timedelta(days=1)
    assert street.figures()["branches.coverage"] is None
    assert street.party.coverage(street.street).of_served is None


def test_compounds_that_were_merged_count_as_one(street: Street) -> None:
    street.set_up()
    register = street.district.register
    into = register.place("compound", "新锦绣", street.community, record={"kind": "old"})
    register.merge_places(street.old, into)
    figures = street.figures()
    assert (figures["branches.compounds_covered"], figures["branches.coverage_of_all"]) == (1, 1 / 2)
    found = street.party.coverage()
    assert (found.with_branch, found.all) == (1, 2)


def test_when_the_register_corrects_a_compound_s_kind_the_figures_follow(street: Street) -> None:
    branch = street.set_up()
    register = street.district.register
    register.place("compound", "锦绣花园", street.community, record={"kind": "courtyard"})
    assert street.district.subject(branch).record.compound_kind == "courtyard"
    figures = street.figures()
    assert (figures["branches.in_old_compounds"], figures["branches.in_courtyards"]) == (0, 1)
    assert figures["branches.total"] == 1


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ("committee_least = 5\ncommittee_most = 3\nordinary_members = 9", "party.committee_least"),
        ("committee_least = 5\nordinary_members = 3", "party.committee_least"),
        ('term_years = 1\nremind_before = "365d"', "party.remind_before"),
        ('term_years = 1\npostpone_most = "400d"', "party.postpone_most"),
        ("compound_kinds = []", "party.compound_kinds"),
        ("ladder = []", "party.ladder"),
        ('ladder = ["branch", "street", "branch"]', "party.ladder"),
    ],
)
def test_settings_that_contradict_each_other_keep_the_district_closed(
    new_district: Callable[..., District], settings: str, where: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        new_district(enabled=("party",), more=f"\n[party]\n{settings}\n")
    assert [problem.where for problem in caught.value.problems] == [where]


def test_config_check_says_what_contradicts_itself(command: Callable[..., Any], tmp_path: Path) -> None:
    from linli.testing import write_district

    folder = write_district(tmp_path, enabled=("party",), more="\n[party]\nladder = []\n")
    checked = command("config", "check", folder=folder)
    assert checked.code != 0
    assert "party.ladder: is empty; give at least one" in checked.err + checked.out


def test_the_revisions_make_the_tables_that_are_declared(store_url: str, tmp_path: Path) -> None:
    store = Store(store_url if "sqlite" in store_url else f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(store, Plugins(("party",)))
    made = inspect(store.engine)
    for table in TABLES.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in made.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        key = made.get_pk_constraint(table.name)
        assert key["constrained_columns"] == [column.name for column in table.primary_key]
        assert {one["name"] for one in made.get_indexes(table.name)} == {one.name for one in table.indexes}
    migrate.remove(store, Plugins(("party",)), "party")
    assert not set(inspect(store.engine).get_table_names()) & set(TABLES.tables)
    store.close()


def test_the_example_of_the_readme_is_one(new_district: Callable[..., District]) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (table,) = [block for block in readme.split("```") if block.startswith("toml\n")]
    section = table[table.index("[party]") :]
    assert new_district(enabled=("party",), more=f"\n{section}\n").configuration.section(PartySettings)
