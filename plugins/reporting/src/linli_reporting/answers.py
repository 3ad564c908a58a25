"""What may be asked about dual reporting: what members did, who they are, compounds in numbers, receipts."""

from collections.abc import Iterable
from typing import Annotated

import attrs

from linli import (
    Asked,
    Below,
    Card,
    Input,
    Page,
    PersonId,
    PlaceId,
    Several,
    Table,
    listed,
    plain,
    report,
    say,
)
from linli_reporting.api import Reporting
from linli_reporting.printing import STANDINGS
from linli_reporting.reports import ReportFlow
from linli_reporting.views import Done


@attrs.frozen(kw_only=True)
class Whose:
    """Somebody."""

    person: PersonId


@report("report-in.done", "show what PERSON has done since they reported", Whose, arguments=("person",))
def done(ask: Asked[Whose]) -> Page:
    """Counts, and each thing."""
    found = Reporting(ask.district).done(ask.given.person, actor=ask.actor)
    card = Card(
        {
            "since": found.since,
            "what they did": _counts(found.counts.items()),
            "minutes": found.minutes,
        }
    )
    return Page((card, *_things(found)), plain(found) | {"things": [plain(one) for one in found.things]})


def _things(found: Done) -> list[Table | str]:
    rows = [(one.at, say(one.kind), one.minutes or None) for one in found.things]
    return ["", Table(("when", "what", "minutes"), rows)] if rows else []


def _counts(counts: Iterable[tuple[str, int]]) -> Several | None:
    said = [say("{kind} {n}", kind=say(kind), n=n) for kind, n in counts]
    return listed(said) if said else None


@attrs.frozen(kw_only=True)
class Members:
    """A place, and which members."""

    place: Annotated[PlaceId, Input("a number or a path of names: 锦绣花园")]
    inactive: Annotated[bool, Input("only those who have done nothing for some time")] = False
    months: Annotated[
        int | None, Input("for how many months; the district's number if not given", least=1, most=60)
    ] = None
    most: Annotated[int, Input(least=1, most=10_000)] = 200


@report("report-in.members", "show the members who have reported in, to their branch and the desk", Members)
def members(ask: Asked[Members]) -> Table:
    """Members, by masked names."""
    desk, given = Reporting(ask.district), ask.given
    if given.inactive or given.months is not None:
        found = desk.inactive(given.place, given.months, actor=ask.actor, most=given.most)
    else:
        found = desk.members(given.place, actor=ask.actor, most=given.most)
    headings = ("number", "name", "state", "since", "things done", "minutes", "last active", "compound")
    rows = [
        (
            one.report,
            one.name,
            say(ReportFlow.state(one.state).label),
            one.since,
            one.things,
            one.minutes,
            one.last_at,
            one.compound,
        )
        for one in found
    ]
    return Table(headings, rows, found)


@report("report-in.numbers", "show compounds in numbers: reported, active, waiting, what was done", Below)
def numbers(ask: Asked[Below]) -> Table:
    """Compounds, those without any report in force left out."""
    found = Reporting(ask.district).numbers(ask.given.place)
    headings = ("compound", "reported", "active", "waiting", "without branch", "what they did", "minutes")
    rows = [
        (
            one.name,
            one.reported,
            one.active,
            one.waiting,
            one.without_branch,
            _counts(one.counts.items()),
            one.minutes,
        )
        for one in found
    ]
    return Table(headings, rows, found)


@attrs.frozen(kw_only=True)
class Code:
    """What is printed on a receipt."""

    code: str


@report(
    "report-in.verify",
    "say whether the receipt with this CODE is valid, and nothing of whose it is",
    Code,
    arguments=("code",),
)
def verify(ask: Asked[Code]) -> Page:
    """How the report behind it stands."""
    found = Reporting(ask.district).verify(ask.given.code)
    return Page((f"{found.code}  {STANDINGS[found.standing]}",), plain(found))


REPORTS = (done, members, numbers, verify)
