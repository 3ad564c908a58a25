"""Settings that contradict each other are refused by `linli config check`; what the README shows is not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from linli.testing import Printed, write_district
from linli_decisions.settings import DecisionSettings
from linli_decisions.testing import CATALOGUE

PLUGINS = ("meetings", "decisions", "owners_vote")
README = Path(__file__).parent.parent / "README.md"
ENTRY = '[[decisions.catalogue]]\ncode = "x"\nname = "X"\n'


def test_a_sound_file_is_accepted(command: Callable[..., Printed], tmp_path: Path) -> None:
    folder = write_district(tmp_path, enabled=PLUGINS, more=CATALOGUE)
    assert command("config", "check", folder=folder).code == 0


def test_the_readmes_example_is_accepted(command: Callable[..., Printed], tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    folder = write_district(tmp_path, enabled=PLUGINS, more=example)
    printed = command("config", "check", folder=folder)
    assert printed.code == 0, printed


@pytest.mark.parametrize(
    ("more", "where", "what"),
    [
        (ENTRY * 2, "decisions.catalogue[1].code", '"x" is there twice'),
        (ENTRY.replace('"x"', '""'), "decisions.catalogue[0].code", "1 to 40 characters"),
        (ENTRY.replace('"x"', f'"{"x" * 41}"'), "decisions.catalogue[0].code", "1 to 40 characters"),
        (
            ENTRY + 'company_silent = true\ncarried_out_by = "property_company"\n',
            "decisions.catalogue[0].carried_out_by",
            "does not carry it out",
        ),
        (ENTRY + 'stages = ["a", "a"]\n', "decisions.catalogue[0].stages", "is there twice"),
        (ENTRY + 'papers = [" "]\n', "decisions.catalogue[0].papers[0]", "1 to 40 characters"),
        (
            ENTRY + '[decisions.elsewhere]\nx = "街道"\n',
            "decisions.elsewhere.x",
            "x is in the catalogue",
        ),
        ('[decisions]\nnumber = "{year}"\n', "decisions.number", "needs {serial}"),
        ('[decisions]\nnumber = "{serial}{month}"\n', "decisions.number", "is no pattern"),
        ('[decisions]\nnumber = "{serial:04"\n', "decisions.number", "is no pattern"),
        ('[decisions]\nnumber = "{serial.real}"\n', "decisions.number", "knows only"),
        (f'[decisions]\nnumber = "{{serial}}{"x" * 80}"\n', "decisions.number", "is too long"),
        ('[decisions]\nladder = ["officer", "officer"]\n', "decisions.ladder", "is there twice"),
        ("[decisions]\nnotice_days = 0\n", "decisions.notice_days", "1"),
        (ENTRY + 'vote = "unanimous"\n', "decisions.catalogue[0].vote", "special"),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_stands(
    command: Callable[..., Printed], tmp_path: Path, more: str, where: str, what: str
) -> None:
    printed = command("config", "check", folder=write_district(tmp_path, enabled=PLUGINS, more=f"\n{more}"))
    said = printed.out + printed.err
    assert printed.code == 1
    assert where in said
    assert what in said


def test_every_setting_has_a_default_and_a_line_that_explains_it() -> None:
    settings = DecisionSettings()
    assert settings.catalogue == ()
    assert settings.notice_days == 7


def test_a_matter_that_needs_a_vote_which_nothing_holds_is_refused(
    command: Callable[..., Printed], tmp_path: Path
) -> None:
    folder = write_district(tmp_path, enabled=("meetings", "decisions"), more=CATALOGUE)
    printed = command("config", "check", folder=folder)
    assert printed.code == 1
    assert (
        "decisions.catalogue[1].vote: needs a vote of the owners; enable the plugin owners_vote"
        in printed.err
    )
