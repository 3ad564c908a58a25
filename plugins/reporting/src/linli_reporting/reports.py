"""Reporting in (双报到): announced by the member, confirmed by the branch where they live, active; and its ends.

Nobody's silence confirms: a report that nobody decided on climbs the ladder.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from linli import (
    ENGINE,
    HOLDER,
    OWN,
    Act,
    Ask,
    Assign,
    Clock,
    Facts,
    Limit,
    Move,
    Seat,
    Start,
    State,
    Subject,
    Was,
    Workflow,
    has_post,
    say,
)
from linli.deadlines import working_days
from linli.effects import Effect
from linli.i18n import Text
from linli.register.living import living
from linli.workflow import REASON
from linli_reporting.reading import (
    DEPUTY,
    SECRETARY,
    branch_for,
    homes_of,
    in_force,
    is_member,
    reports_of,
)
from linli_reporting.records import IN_FORCE, KIND, REPORTED, Report, report_id
from linli_reporting.settings import ReportingSettings

DESK = has_post("clerk", "officer", "registrar", "administrator")
BRANCH = has_post(SECRETARY, DEPUTY)
DECIDES = HOLDER | has_post(DEPUTY)
SEES = BRANCH | has_post("branch_member") | DESK
ENDINGS = ("moved_away", "died", "membership_ended")


# --- where, and to whom --------------------------------------------------------------------------------


def _put(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The day, and the branch that decides."""
    return {"reported_on": facts.today, **_branch_now(subject, values, facts)}


def _branch_now(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    put = branch_for(facts, subject.place, subject.person)
    return {"branch": put.branch, "stood_in": put.stood_in} if put.branch else {}


def _as_put(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    put, said = branch_for(facts, subject.place, subject.person), subject.record
    if (said.branch, said.stood_in) != (put.branch, put.stood_in):
        return say("which branch decides is what linli works out; leave it out")
    return None


def _to_the_branch(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    branch = subject.record.branch
    yield Assign(holder=Seat(role=SECRETARY, at=branch) if branch else None)


# --- who may report -------------------------------------------------------------------------------------


def _may_report(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.person is None:
        return say("say who it is for")
    living(facts, subject.person)
    if facts.place(subject.place).kind != "compound":
        return say("members report to a compound; give the compound where they live")
    settings = facts.settings(ReportingSettings)
    if settings.known_members_only and not is_member(facts, subject.person):
        return say(
            "the register does not know them as a party member; enter that first: "
            "linli person tie PERSON party_member ORGANISATION"
        )
    if settings.at_home_only and subject.place not in homes_of(facts, subject.person):
        return say("the register does not know that they live here; enter that first: linli person move")
    return None


def _once(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """One report at a time; its number follows from how many there were, so that the database keeps it to one."""
    if subject.person is None:
        return None  # which is said already
    reports = reports_of(facts, subject.person)
    known = in_force(reports)
    if known and known.id != subject.record.moved_from:
        return say(
            "they have reported already: {id}; where the home moved: linli report-in move", id=known.id
        )
    if subject.id != report_id(facts.commit, subject.person, len(reports)):
        return say("a report is announced through its desk, which gives it its number")
    return None


def _not_ones_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.actor is not None and act.actor == subject.person:
        return say("nobody decides on their own report")
    return None


def _by_a_branch(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if before.record.branch is None:
        return say("there is no branch here nor above that could decide; the report waits until there is one")
    return None


def _reason_for_others(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as == "own" or act.value("reason") is not None:
        return None
    return say("say why: it is somebody else's")


# --- what becomes of it ---------------------------------------------------------------------------------


def _first(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Linli may say it twice, where one act has two causes; a person not."""
    if before.state == "active" and act.acting_as != "engine":
        return say("they are active already")
    return None


def _another_compound(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    to, settings = act.value("to"), facts.settings(ReportingSettings)
    place = facts.place(UUID(str(to)))
    if place.kind != "compound" or place.closed:
        return say("members report to a compound; give the compound where they live")
    if place.id == subject.place:
        return say("they have reported here already")
    if act.acting_as == "engine":
        return None
    if act.value("file") or act.value("since"):
        return say("that a file says so is what linli enters: linli report-in import FILE")
    assert subject.person is not None, "a report is somebody's"
    if settings.at_home_only and place.id not in homes_of(facts, subject.person):
        return say("the register does not know that they live there; enter that first: linli person move")
    return None


def _goes_on(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Another report at the new compound, which names this one."""
    assert subject.person is not None, "a report is somebody's"
    file, to = act.value("file"), UUID(str(act.value("to")))
    ident = report_id(facts.commit, subject.person, len(reports_of(facts, subject.person)))
    values: dict[str, object] = {"moved_from": subject.id}
    if file:
        values |= {"filed": file, "reported_on": act.value("since")}
    yield Start(
        workflow=KIND,
        move="enter" if file else "arrive",
        place=to,
        person=subject.person,
        id=ident,
        values=values,
    )


def _in_time(subject: Subject, facts: Facts) -> Limit | None:
    return working_days(facts.settings(ReportingSettings).confirm_within, facts)


_REASON_FOR_OTHERS = Ask(
    name="reason", help="why; needed where it is somebody else's", private=True, required=False
)
_PUT = (
    Ask(
        name="reported_on",
        help="the day on which they reported; else today",
        type=date,
        proposed=True,
        was=Was(),
    ),
    Ask(name="branch", type=UUID, required=False, computed=True),
    Ask(name="stood_in", type=bool, required=False, computed=True),
)
_FILED = Ask(name="filed", help="the import that says so", type=UUID)
_MOVED_FROM = Ask(name="moved_from", type=UUID)


def _beginning() -> Iterable[Move]:
    """By the member or for them; and where a home moved or a file says so."""
    yield Move(
        name="announce",
        label="announce",
        sources=(),
        to="announced",
        by=OWN | has_post("clerk"),
        fills=(_put,),
        asks=_PUT,
        checks=(_may_report, _once, _as_put),
        effects=(_to_the_branch,),
    )
    yield Move(
        name="arrive",
        label="announced at the new home",
        sources=(),
        to="announced",
        by=ENGINE,
        fills=(_put,),
        asks=(*_PUT, _MOVED_FROM),
        checks=(_once,),
        effects=(_to_the_branch,),
    )
    yield Move(
        name="enter",
        label="entered from a file",
        sources=(),
        to="confirmed",
        by=ENGINE,
        fills=(_put,),
        asks=(*_PUT, _FILED, _MOVED_FROM),
        checks=(_once,),
        effects=(_to_the_branch,),
    )
    yield Move(
        name="hand_on",
        label="put to the new branch",
        sources=("announced",),
        to=None,
        by=ENGINE,
        fills=(_branch_now,),
        asks=(Ask(name="branch", type=UUID, computed=True), Ask(name="stood_in", type=bool, computed=True)),
        checks=(_as_put,),
        effects=(_to_the_branch,),
    )


def _deciding() -> Iterable[Move]:
    yield Move(
        name="confirm",
        label="confirm",
        sources=("announced",),
        to="confirmed",
        by=DECIDES,
        apart_from=("announce",),
        checks=(_by_a_branch, _not_ones_own),
    )
    yield Move(
        name="confirm_by_file",
        label="confirmed by a file",
        sources=("announced",),
        to="confirmed",
        by=ENGINE,
        asks=(_FILED,),
    )
    yield Move(
        name="refuse",
        label="refuse the report",
        sources=("announced",),
        to="refused",
        by=DECIDES,
        asks=(REASON,),
        apart_from=("announce",),
        checks=(_not_ones_own,),
    )
    yield Move(
        name="activate",
        label="mark as active",
        sources=REPORTED,
        to="active",
        by=ENGINE | BRANCH,
        checks=(_not_ones_own, _first),
    )


def _ending() -> Iterable[Move]:
    yield Move(
        name="move",
        label="the home moved",
        sources=IN_FORCE,
        to="moved",
        by=ENGINE | OWN | BRANCH | has_post("clerk"),
        asks=(
            Ask(name="to", help="the compound where they live now", type=UUID),
            Ask(name="file", help="the import that says so", type=UUID, required=False),
            Ask(
                name="since",
                help="the day on which they reported there",
                type=date,
                required=False,
                was=Was(since=lambda subject, facts: None),
            ),
        ),
        checks=(_another_compound,),
        effects=(_goes_on,),
    )
    yield Move(
        name="end",
        label="end",
        sources=IN_FORCE,
        to="ended",
        by=ENGINE | BRANCH | DESK,
        asks=(Ask(name="outcome", help="why it ends", choices=ENDINGS),),
        checks=(_not_ones_own,),
    )
    yield Move(
        name="withdraw",
        label="withdraw",
        sources=IN_FORCE,
        to="withdrawn",
        by=OWN | has_post("clerk"),
        asks=(_REASON_FOR_OTHERS,),
        checks=(_reason_for_others,),
    )
    yield Move(
        name="drop",
        label="the person's record ended",
        sources=IN_FORCE,
        to="dropped",
        by=ENGINE,
        asks=(Ask(name="outcome", choices=("merged", "erased")),),
    )
    yield Move(
        name="print",
        label="print with the name",
        sources=IN_FORCE,
        to=None,
        by=OWN | BRANCH | has_post("clerk"),
    )


REPORT = Workflow(
    name=KIND,
    label="member's report",
    read_by=OWN | SEES,
    record=Report,
    told_by=("reported_on",),
    accepted_in="confirmed",
    states=(
        State("announced", "announced", seen_by=SEES),
        State("confirmed", "report confirmed", seen_by=SEES),
        State("active", "active", seen_by=SEES),
        State("refused", "report refused", ends=("refused",), seen_by=SEES),
        State("moved", "moved to another compound", ends=("moved",), seen_by=SEES),
        State("ended", "report ended", ends=ENDINGS, seen_by=SEES),
        State("withdrawn", "withdrawn", ends=("withdrawn",), seen_by=SEES),
        State("dropped", "ended with the person's record", ends=("merged", "erased"), seen_by=SEES),
    ),
    moves=(*_beginning(), *_deciding(), *_ending()),
    clocks=(Clock(name="confirmation", runs_in=("announced",), limit=_in_time),),
)
