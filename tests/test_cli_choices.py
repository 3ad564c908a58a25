"""Choices on the command line: typed as lists show them, or as programs know them."""

import click
import pytest
from click.testing import CliRunner

from linli._base.i18n import speaking
from linli._cli.choices import Choice, coded

_STATES = {"dispatched": "dispatched", "waiting": "waiting for the other side"}


@click.command()
@click.option("--state", type=Choice(["waiting", "closed", "refused"], _STATES), required=True)
def command(state: str) -> None:
    click.echo(state)


@pytest.mark.parametrize(
    ("typed", "meant"), [("closed", "closed"), ("waiting for the other side", "waiting")]
)
def test_a_choice_is_typed_as_code_or_in_words(typed: str, meant: str) -> None:
    assert CliRunner().invoke(command, ["--state", typed]).output == f"{meant}\n"


def test_what_is_offered_can_be_typed_without_quotes() -> None:
    with speaking("en"):
        helped, missing = (CliRunner().invoke(command, args).output for args in (["--help"], []))
    assert "[waiting|closed|refused]" in helped
    assert "choose from: waiting, closed, refused" in missing


def test_a_word_of_two_choices_means_neither() -> None:
    twice = Choice(["first", "second"], {"first": "both", "second": "both"})
    with pytest.raises(click.BadParameter, match="first, second"):
        twice.convert("both", None, None)
    assert twice.convert("second", None, None) == "second"


def test_a_word_is_a_code_where_there_is_one() -> None:
    with speaking("zh"):
        assert coded("物业公司", ["department", "property_company"]) == "property_company"
        assert coded("department", ["department"]) == "department"
        assert coded("别的", ["department"]) == "别的"
