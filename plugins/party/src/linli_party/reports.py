"""Reports on branches and surveys."""

from typing import Annotated

import attrs

from linli import Asked, Below, Card, Input, Page, PlaceId, Ref, Table, plain, report, say
from linli.cli import sentences
from linli_party.api import Party, Possible
from linli_party.branch import Branch
from linli_party.compounds import BRANCH_KINDS
from linli_party.survey_api import Surveys


@attrs.frozen(kw_only=True)
class OfBranch:
    """A branch, by its number or its compound."""

    branch: Ref[Branch]


@report(
    "branch.committee",
    "show who sits on a committee, their posts elsewhere, and when it is re-elected",
    OfBranch,
    arguments=("branch",),
)
def committee(ask: Asked[OfBranch]) -> Page:
    """The term, and who sits there."""
    found = Party(ask.district).committee(ask.given.branch)
    term: dict[str, object] = {
        "term, counted from the first": found.number,
        "elected_on": found.elected_on,
        "due_on": found.due_on,
        "overdue": found.overdue,
        "postponed": found.postponed,
    }
    masked = ask.district.register.masked
    rows = [
        (
            seat.role,
            masked(seat.person).get("name"),
            seat.since,
            sentences(f"{say(one.kind)} {one.name}: {say(one.role)}" for one in seat.elsewhere),
        )
        for seat in found.seats
    ]
    nobody = [] if found.secretary else [say("nobody is its secretary now")]
    seats = [plain(seat) | {"elsewhere": [plain(one) for one in seat.elsewhere]} for seat in found.seats]
    table = Table(("role", "name", "since", "posts elsewhere"), rows)
    return Page((Card(term), table, *nobody), plain(found) | {"seats": seats})


@report("branch.possible", "list which compounds could have a branch, and what the others lack", Below)
def possible(ask: Asked[Below]) -> Table:
    """Compounds, with what each lacks for a branch of each kind."""
    found = Party(ask.district).possible(ask.given.place)
    records = [
        plain(one.compound)
        | {"lacks": {kind: [str(why) for why in reasons] for kind, reasons in one.lacks.items()}}
        for one in found
    ]
    headings = ("compound", "kind", "members", "branch", *BRANCH_KINDS)
    return Table(headings, [_possible(one) for one in found], records)


def _possible(one: Possible) -> tuple[object, ...]:
    known = one.compound
    lacks = [sentences(one.lacks[kind]) if one.lacks[kind] else say("possible") for kind in BRANCH_KINDS]
    return known.name, known.kind, known.members, known.has_branch, *lacks


@report("branch.coverage", "show how many compounds have a branch", Below)
def coverage(ask: Asked[Below]) -> Card:
    """Compounds with a branch, beside those with a property service and all."""
    found = Party(ask.district).coverage(ask.given.place)
    shown = {
        "compounds with a branch": found.with_branch,
        "compounds with a property service": found.with_property_service,
        "compounds with both": found.with_both,
        "all compounds": found.all,
        "coverage": _percent(found.of_served),
        "coverage of all compounds": _percent(found.of_all),
    }
    return Card(shown, plain(found) | {"of_served": found.of_served, "of_all": found.of_all})


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"


# --- surveys ------------------------------------------------------------------------------------------------


@report("survey.numbers", "show how many members compounds have, and how many have not reported", Below)
def numbers(ask: Asked[Below]) -> Table:
    """Compounds in numbers."""
    found = Surveys(ask.district).numbers(ask.given.place)
    headings = ("compound", "branch", "members", "reported", "not reported", "not asked yet", "not active")
    rows = [
        (n.name, n.has_branch, n.members, n.reported, n.not_reported, n.not_noted, n.not_active)
        for n in found
    ]
    return Table(headings, rows, found)


@attrs.frozen(kw_only=True)
class There:
    """A compound that must be said."""

    place: Annotated[PlaceId, Input("a number or a path of names: 锦绣花园")]


@report("survey.members", "show who the members of a compound are, to its branch alone", There)
def members(ask: Asked[There]) -> Table:
    """Members, by masked names."""
    found = Surveys(ask.district).members(ask.given.place, actor=ask.actor)
    rows = [(one.person, one.name, one.reported, one.active, one.noted_on) for one in found]
    return Table(("person", "name", "reported", "active", "noted on"), rows, found)


REPORTS = (committee, possible, coverage, numbers, members)
