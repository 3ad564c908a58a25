"""The list of direct acts says what is declared."""

from pathlib import Path

from linli._testing.direct_acts import PAGE, page

ROOT = Path(__file__).parents[1]


def test_the_list_of_direct_acts_says_what_is_declared() -> None:
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == page(), "run: make direct-acts"
    assert (
        "| `points.award` | points given by hand | `bank_keeper`, `clerk` | `points`, `rule`, `reason`"
        in written
    )
