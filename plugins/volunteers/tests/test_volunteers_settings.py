"""Settings: contradictions are refused where they are; the README's example is a district."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linli import District
from linli.testing import write_district
from linli_volunteers.testing import volunteer_compound


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("kinds = []", "volunteers.kinds"),
        ('[[volunteers.kinds]]\ncode = " "', "volunteers.kinds[0].code"),
        (
            '[[volunteers.kinds]]\ncode = "a"\n[[volunteers.kinds]]\ncode = "a"',
            "volunteers.kinds[1].code",
        ),
        ('code_every = "5min"', "volunteers.code_valid_for"),
        ('late_after = "8h"', "volunteers.late_after"),
        ('claim_within = "61d"', "volunteers.claim_within"),
        ("capacity = 301", "volunteers.capacity"),
        ('code_valid_for = "24h"', "volunteers.code_valid_for"),
        ("adult_at = 12", "volunteers.adult_at"),
    ],
)
def test_a_contradiction_is_refused_by_config_check(
    tmp_path: Path, command: Callable[..., Any], more: str, where: str
) -> None:
    write_district(tmp_path, enabled=("volunteers",), more=f"\n[volunteers]\n{more}\n")
    printed = command("config", "check", folder=tmp_path)
    assert printed.code == 1
    assert where in printed.out + printed.err


def test_the_defaults_contradict_nothing(tmp_path: Path, command: Callable[..., Any]) -> None:
    write_district(tmp_path, enabled=("volunteers",))
    assert command("config", "check", folder=tmp_path).code == 0


def test_the_readmes_example_is_a_district(new_district: Callable[..., District]) -> None:
    readme = Path(__file__).parents[1] / "README.md"
    (example,) = re.findall(r"```toml\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    compound = volunteer_compound(new_district, example.partition('enabled = ["volunteers"]')[2])
    settings = compound.volunteers.settings
    assert [kind.code for kind in settings.kinds] == ["cleaning", "wish", "civility"]
    assert settings.code_valid_for == timedelta(minutes=2)
    compound.held(compound.ann)
