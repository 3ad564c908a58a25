"""What people write is written for somebody: in every mechanism somebody may read it."""

from pathlib import Path

from linli.testing import make_district

PLUGINS = (
    "party", "reporting", "centres", "stewards", "meetings", "decisions", "owners_vote", "three_lists",
    "volunteers", "bank", "board", "brief",
)  # fmt: skip
# Their texts stand in the file of the matter: linli decision file.
IN_THE_FILE = {"decision", "party_opinion", "opinion", "objection"}


def test_whatever_is_written_in_a_matter_can_be_read_by_somebody(tmp_path: Path) -> None:
    with make_district(tmp_path, enabled=PLUGINS) as district:
        unread = {
            name
            for name, flow in district.rules.workflows.items()
            if any(one.private for move in flow.moves for one in move.fields) and "read" not in flow.by_move
        }
    assert unread == IN_THE_FILE
