"""What a district decides, what contradicts itself, and that an act shows under which settings it was done."""

from collections.abc import Callable
from pathlib import Path

import pytest

from linli import ConfigError, District
from linli.testing import Printed, write_district
from linli_meetings.testing import street

NewDistrict = Callable[..., District]


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ('agenda_closes = "4d"', "agenda_closes"),
        ('notice = "70d"\ndecide_within = "100d"', "notice"),
        ('notice = "50d"', "notice"),
        ('circulation_within = "45d"', "circulation_within"),
        ('settle_within = "59h"', "settle_within"),
        ('ladder = ["officer", "officer"]', "ladder"),
        ("members = []", "members"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_where_they_do(
    new_district: NewDistrict, table: str, where: str
) -> None:
    with pytest.raises(ConfigError) as error:
        new_district(enabled=("meetings",), more=f"\n[meetings]\n{table}\n")
    assert [problem.where for problem in error.value.problems] == [f"meetings.{where}"]


def test_config_check_shows_them_all(command: Callable[..., Printed], tmp_path: Path) -> None:
    more = '\n[meetings]\nagenda_closes = "4d"\nsettle_within = "1d"\nquorum = 101\n'
    write_district(tmp_path, enabled=("meetings",), more=more)
    printed = command("config", "check", folder=tmp_path)
    assert printed.code == 1
    assert "meetings.quorum" in printed.out + printed.err
    more = '\n[meetings]\nagenda_closes = "4d"\nsettle_within = "1d"\n'
    write_district(tmp_path, enabled=("meetings",), more=more)
    printed = command("config", "check", folder=tmp_path)
    said = printed.out + printed.err
    assert printed.code == 1
    assert "meetings.agenda_closes" in said
    assert "meetings.settle_within" in said


def test_without_notice_there_is_none_to_contradict(new_district: NewDistrict) -> None:
    here = street(new_district, '\n[meetings]\nnotice = "0min"\nagenda_closes = "0min"\n')
    meeting = here.called(starts_at=here.clock.now.replace(hour=2))
    here.scheduled(meeting)


def test_the_record_shows_the_settings_that_held(new_district: NewDistrict) -> None:
    one, other = street(new_district), street(new_district, "\n[meetings]\nquorum = 60\n")
    versions = {here.district.history(here.called())[0].settings for here in (one, other)}
    assert len(versions) == 2
    assert all(versions)


def test_the_example_of_the_readme_is_a_district_that_opens(new_district: NewDistrict) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = readme.partition("```toml\n")[2].partition("```")[0]
    assert "[meetings]" in example
    here = street(new_district, example.partition('enabled = ["meetings"]')[2])
    here.scheduled(here.called())
