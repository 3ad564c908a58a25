"""`linli board`: the public board's folder."""

from linli import District, Refusal, Refused, translate
from linli.cli import json_option, noun, pass_district, progress, show
from linli_board.board import Board

board = noun(
    "board",
    "the public board: publications as a folder of web pages",
    f"""
linli board build        {translate("write the whole folder from the record")}
""",
)


class BoardNotOn(Refusal, says='the board is not switched on; add "board" to [plugins] enabled'): ...


@board.command(help=translate("write the whole folder from the record; what is right stays untouched"))
@json_option
@pass_district
def build(district: District, as_json: bool) -> None:
    if "board" not in district.rules.plugins.declarations:
        raise Refused(BoardNotOn())
    made = Board(district)
    with progress("publications", None) as done:
        changed = made.build(done)
    show({"folder": str(made.folder.root), "pages changed": changed}, as_json)
