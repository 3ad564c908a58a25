"""What the article about Daxiang says of its district, figure by figure: to be read beside a brief.

The source is the report that this plugin's README names; "over" is its 余, "at most" its 不超过.
"""

from collections.abc import Iterable, Mapping

from linli import District, Text, say, translate
from linli.cli import table
from linli.query import Brief, worded


def _exactly(number: int) -> Text:
    return say("{number}", number=f"{number:,}")


def _over(number: int) -> Text:
    return say("over {number}", number=f"{number:,}")


def _at_most(number: int) -> Text:
    return say("at most {number}", number=f"{number:,}")


SAID: Mapping[str, Text] = {
    "branches.total": _exactly(36),
    "branches.in_old_compounds": _exactly(8),
    "branches.in_commercial_compounds": _exactly(28),
    "branches.ordinary": _exactly(5),
    "branches.functional": _exactly(31),
    "centres.total": _exactly(36),
    "centres.courier_stations": _exactly(6),
    "meetings.rectifications": _exactly(7),
    "meetings.enforcements": _exactly(11),
    "meetings.mediations": _exactly(153),
    "decisions.decided": _over(230),
    "requests.accepted": _over(2200),
    "requests.closed": _over(1900),
    "requests.mean_hours_to_close": _at_most(8),
    "members.reported": _over(4600),
    "sessions.held": _over(1200),
    "bank.compounds": _exactly(27),
    "bank.accounts": _over(2400),
    "bank.wish_and_civility_sessions": _exactly(91),
    "bank.gifts_handed_over": _over(5900),
}


def print_beside(district: District, brief: Brief) -> None:
    """Print the brief's own counts beside what the article says, for those figures that it has."""
    table(["figure", "this district", "the article"], _rows(district, brief), False)


def _rows(district: District, brief: Brief) -> Iterable[tuple[str, str, str]]:
    for name, said in SAID.items():
        figure = district.rules.figures[name]
        yield translate(figure.label or figure.help), worded(figure, brief.figures[name]), str(said)
