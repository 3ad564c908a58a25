"""Reports on stewards: coverage, gaps, services, who they are."""

import attrs

from linli import Asked, Below, NoInputs, Table, report, say
from linli.hooks import DispatchSettings
from linli_stewards.contacts import ContactFlow
from linli_stewards.reading import Coverage, Line, Reading
from linli_stewards.settings import StewardSettings

_BAR = 20


@report(
    "steward.coverage",
    "show how many units have a steward, compound by compound",
    Below,
    arguments=("place",),
)
def coverage(ask: Asked[Below]) -> Table:
    """Each compound that has units; the last line is their sum, for people."""
    found = Reading(ask.district, ask.given.place).coverage()
    headings = ("compound", "units", "covered", "share", "", "stewards", "party_members")
    rows = [_covered(one) for one in (*found, *_total(found))]
    return Table(headings, rows, [attrs.asdict(one) | {"share": one.share} for one in found])


def _covered(one: Coverage) -> tuple[object, ...]:
    filled = _BAR * one.covered // one.units
    bar = "█" * filled + "░" * (_BAR - filled)
    return one.name, one.units, one.covered, f"{one.share:.1%}", bar, one.stewards, one.party_members


def _total(found: list[Coverage]) -> list[Coverage]:
    """The line below the compounds; somebody who is steward in two of them counts in both."""
    names = ("units", "covered", "stewards", "party_members")
    sums = {name: sum(getattr(one, name) for one in found) for name in names}
    return [attrs.evolve(found[0], name=str(say("total")), **sums)] if found else []


@report("steward.gaps", "list the units without a steward", Below, arguments=("place",))
def gaps(ask: Asked[Below]) -> Table:
    """The units without a steward."""
    found = Reading(ask.district, ask.given.place).gaps()
    rows = [(one.name, one.since) for one in found]
    return Table(("unit", "vacant since"), rows, found, empty=say("every unit has a steward"))


@attrs.frozen(kw_only=True)
class Service:
    """A service of the five kinds.

    Attributes:
        name: as residents read it; None where the catalogue has no such code.
    """

    kind: str
    code: str
    name: str | None
    urgent: bool = False


@report("steward.services", "list the services that units ask of their steward, of the five kinds", NoInputs)
def services(ask: Asked[NoInputs]) -> Table:
    """The services of the five kinds, as the district's file and its catalogue have them."""
    known = {one.code: one for one in ask.settings(DispatchSettings).services}
    found = [
        Service(kind=kind, code=code, name=known[code].name, urgent=known[code].urgent)
        if code in known
        else Service(kind=kind, code=code, name=None)
        for kind, codes in ask.settings(StewardSettings).services.by_kind()
        for code in codes
    ]
    missing = say("not in the catalogue: add it to dispatch.services")
    rows = [(one.kind, one.code, one.name or missing, one.urgent) for one in found]
    return Table(("kind", "code", "service", "urgent"), rows, found)


@report(
    "steward.list",
    "list the stewards, and where somebody stands in for one with open tasks",
    Below,
    arguments=("place",),
)
def stewards(ask: Asked[Below]) -> Table:
    """The stewards, and the places whose steward left open tasks behind."""
    found = Reading(ask.district, ask.given.place).lines()
    headings = ("place", "steward", "since", "party member", "contact", "open tasks", "acts instead")
    return Table(headings, [_line(ask, one) for one in found], found)


def _line(ask: Asked[Below], one: Line) -> tuple[object, ...]:
    contact = say(ContactFlow.state(one.contact).label) if one.contact else None
    since = ask.day(one.since) if one.since else None
    return one.name, one.person, since, one.party_member, contact, one.open_tasks, one.stands_in


REPORTS = (coverage, gaps, services, stewards)
