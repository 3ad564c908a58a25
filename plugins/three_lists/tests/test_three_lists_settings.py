"""Settings: what contradicts itself is refused where it does, and the README's example holds."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from linli import District
from linli._config import explain
from linli.testing import Printed, write_district
from linli_three_lists.settings import ThreeListsSettings
from linli_three_lists.testing import town as make_town

RULE = '[[three_lists.rules]]\nname = "{name}"\nservice = "general"\n'
RUNG = '[[three_lists.ladder]]\nname = "{name}"\nroles = ["steward"]\n'


@pytest.mark.parametrize(
    ("more", "where"),
    [
        (RULE.format(name="a") + RULE.format(name="b"), "three_lists.rules[0]"),
        (RULE.format(name="a") + 'words = ["x"]\n' + RULE.format(name="a"), "three_lists.rules[1].name"),
        (RULE.format(name=" "), "three_lists.rules[0].name"),
        (
            '[[three_lists.rules]]\nname = "a"\nservice = "snow"\nwords = ["雪"]\n',
            "three_lists.rules[0].service",
        ),
        (RULE.format(name="a") + 'words = ["x", " "]\n', "three_lists.rules[0].words"),
        (RULE.format(name="a") + 'categories = [""]\n', "three_lists.rules[0].categories"),
        (RULE.format(name="a") + "after = 08:00:00\nbefore = 08:00:00\n", "three_lists.rules[0].before"),
        (RULE.format(name="a") + 'compounds = ["new"]\n', "three_lists.rules[0].compounds[0]"),
        ("[three_lists]\nladder = []\n", "three_lists.ladder"),
        (RUNG.format(name="a") + RUNG.format(name="a"), "three_lists.ladder[1].name"),
        ('[[three_lists.ladder]]\nname = "a"\nroles = []\n', "three_lists.ladder[0].roles"),
        (
            RUNG.format(name="a") + "whistle = true\n" + RUNG.format(name="b") + "whistle = true\n",
            "three_lists.ladder[1].whistle",
        ),
        (RUNG.format(name="a") + 'again = "0s"\n', "three_lists.ladder[0].again"),
        ("[three_lists]\ncall_back_to = 3\n", "three_lists.call_back_to"),
        ("[three_lists]\nsatisfied_from = 6\n", "three_lists.satisfied_from"),
        ("[three_lists]\nevidence_megabytes = 0\n", "three_lists.evidence_megabytes"),
        ('[three_lists]\nevidence_formats = ["exe"]\n', "three_lists.evidence_formats[0]"),
    ],
)
def test_config_check_says_where_the_settings_contradict_themselves(
    tmp_path: Path, command: Callable[..., Printed], more: str, where: str
) -> None:
    write_district(tmp_path, enabled=("three_lists",), more=more)
    done = command("config", "check", folder=tmp_path)
    assert done.code == 1
    assert f"  {where}: " in done.err, done.err


def test_every_setting_has_a_default_and_a_line_of_explanation() -> None:
    rows = list(explain(ThreeListsSettings, "three_lists", ThreeListsSettings()))
    assert len(rows) >= 14
    assert all(row.help and row.default for row in rows if "[" not in row.path)
    counted = [
        row for row in rows if row.path.rsplit(".", 1)[-1].startswith(("urges", "rate_", "evidence_m"))
    ]
    assert counted
    assert all(row.unit for row in counted)


def test_the_readmes_example_is_a_districts(new_district: Callable[..., District]) -> None:
    readme = Path(__file__).parents[1] / "README.md"
    (example,) = re.findall(r"```toml\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    _, _, rest = example.partition('enabled = ["three_lists"]')
    town = make_town(
        new_district, re.sub(r"\[\[dispatch\.services\]\]\n.*?(?=\n\[)", "", rest, flags=re.DOTALL)
    )
    found = town.needs.match("卫生间滴水了", town.place)
    assert found
    assert found.rule == "three_lists: 漏水"
