"""The hooks: what linli asks its plugins. Few, typed records in and out, additive.

Inside an act's transaction a failure refuses the act and names the plugin; after the commit
(`act_done`) it is retried, then kept as a dead letter. Every plugin is asked in the order of the
district's configuration. Each hook has a page in docs/hooks/.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import pluggy

from linli._model.direct import verb_of

if TYPE_CHECKING:
    from linli._base.errors import Problem
    from linli._base.refusals import Refusal
    from linli._config.rest import OtherSections
    from linli._hooks.audience import Audience
    from linli._hooks.catalogue import Matched, Route, Wanted
    from linli._hooks.matching import Candidate, Match
    from linli._model.acts import Act
    from linli._model.awards import Award
    from linli._model.contexts import AnyAct
    from linli._model.deadlines import Escalation, OverdueClock
    from linli._model.direct import DirectAct
    from linli._model.effects import Effect, Hold
    from linli._model.facts import Facts
    from linli._model.moves import Move
    from linli._model.subjects import StoredSubject
    from linli._model.workflows import Workflow
    from linli._store import Write

F = TypeVar("F", bound=Callable[..., object])
Settings = Callable[[type[Any]], Any]
PROJECT = "linli"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def settings_check(settings: Any, rest: OtherSections) -> Iterable[Problem]:
    """Say what the plugin's settings need that is not there.

    What contradicts itself between them is told by a method `problems` of their class (see `setting`).
    Called when the configuration is read, with an instance of the plugin's settings class, and
    with which plugins are enabled and the core's own tables; the problems of all plugins are shown
    together.

    Example:
        @hookimpl
        def settings_check(settings, rest):
            if settings.by_vote and "owners_vote" not in rest.enabled:
                yield Problem(where="snow.by_vote", what=say("needs the plugin owners_vote"))
    """
    return ()


def about(
    *acts: Move[Any, Any] | type[Workflow[Any]] | DirectAct[Any] | str,
    by: Callable[[Settings], Collection[str]] | None = None,
) -> Callable[[F], F]:
    """That a hook of acts (`act_check`, `act_effects`, `points_for_act`) has to do with these alone, and is asked of no others.

    Args:
        acts: moves, all of a workflow, direct acts, and all of a kind by "person.*".
        by: what gives more of them out of the district's settings: `lambda of: of(BankSettings).concerned`.

    Example:
        @hookimpl
        @about(RequestFlow.urge, TaskFlow.urge)
        def act_check(t: AnyAct) -> Iterable[Refusal]:
            ...
    """

    def marked(function: F) -> F:
        vars(function)["linli_about"] = frozenset(map(verb_of, acts)), by
        return function

    return marked


def is_about(function: Callable[..., object], t: AnyAct) -> bool:
    """Whether an implementation has to do with an act: where it does not say which, with any."""
    act = t.act
    wanted, by = getattr(function, "linli_about", ((act.verb,), None))
    return act.verb in wanted or f"{act.kind}.*" in wanted or (by is not None and act.verb in by(t.settings))


@hookspec
def person_match(candidate: Candidate, facts: Facts) -> Iterable[Match]:
    """Say who in the record a newly registered person may be, beyond equal identity keys.

    Called inside the act's transaction, before a person is registered. A match never merges: it is
    shown to who registers.

    Example:
        @hookimpl
        def person_match(candidate, facts):
            for (person,) in facts.rows(SAME_CARD, card=candidate.extra.get("card")):
                yield Match(person=person, why=say("has the same member's card"))
    """
    return ()


@hookspec
def person_erase(person: UUID, facts: Facts) -> Iterable[Write]:
    """Say what to change in the plugin's own tables when a person is erased.

    Called inside the act's transaction; the vault's key is shredded in the same one. Whoever was
    merged into the person is asked about too, one by one.

    Example:
        @hookimpl
        def person_erase(person, facts):
            yield Write(DELETE_NICKNAME, {"district": facts.district, "person": person})
    """
    return ()


@hookspec
def person_holds(person: UUID, facts: Facts) -> Iterable[Hold]:
    """Say what keeps a person from being erased: what they are still party to, such as an open vote.

    Called inside the act's transaction, and again by the worker until nothing is left; whoever was merged into
    the person is asked about too. Their own open matters of workflows with `holds_person` are known already.

    Example:
        @hookimpl
        def person_holds(person, facts):
            for (until,) in facts.rows(OPEN_LOAN, person=person):
                yield Hold(what=say("something of the compound is lent to them"), until=until)
    """
    return ()


@hookspec
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """Say why an act may not happen.

    Called inside the act's transaction, after linli's own checks. Every reason is shown.
    Must not: read the clock (use `t.at`) or the network.

    Returns: reasons that a person can act on, each of a class with a code; none means "no objection".

    Example:
        class Snowing(Refusal, says="nobody works while it snows; take it tomorrow"): ...

        @hookimpl
        def act_check(t: AnyAct) -> Iterable[Refusal]:
            if t.of(TaskFlow.take) and t.settings(Snow).nobody_works(t.at):
                yield Snowing()
    """
    return ()


@hookspec
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """Say what follows from an act.

    Called inside the act's transaction, in the district's order; effects are carried out in it.

    Example:
        @hookimpl
        def act_effects(t: AnyAct) -> Iterable[Effect]:
            if (asked := t.of(RequestFlow.submit)) and asked.given.category == "snow":
                yield Shovelling.ask.at(t.place)
    """
    return ()


@hookspec(firstresult=True)
def request_match(wanted: Wanted, facts: Facts) -> Matched | None:
    """Match what a resident needs to a service of the catalogue. The first answer counts.

    Called inside the act's transaction when a request is accepted.

    Example:
        @hookimpl
        def request_match(wanted, facts):
            if "snow" in wanted.category:
                return Matched(service="snow", rule="category has snow")
    """


@hookspec(firstresult=True)
def request_route(subject: StoredSubject, service: str, facts: Facts) -> Route | None:
    """Say which seat a request's task goes to. The first answer counts.

    Called inside the act's transaction when a request is dispatched without a seat being named.

    Example:
        @hookimpl
        def request_route(subject, service, facts):
            if service == "snow":
                return Route(seat=Seat(role="snow_warden", at=subject.place), rule="snow warden")
    """


@hookspec(firstresult=True)
def ladder_next(late: OverdueClock, facts: Facts) -> Escalation | None:
    """Say who hears of a late subject next. The first answer counts.

    Called inside the transaction of the act that records the lateness.

    Example:
        @hookimpl
        def ladder_next(late, facts):
            if late.subject.kind == "shovelling":
                return Step(seat=Seat(role="mayor", at=late.subject.place), rung="mayor")
    """


@hookspec
def points_for_act(t: AnyAct) -> Iterable[Award]:
    """Say which points an act earns.

    Called inside the act's transaction, once per act; the answers are added up. A failure refuses
    the act: nothing is stored. An act is paid once per rule and person, however often it is retried.
    Must not: read the clock (use `t.at`) or the network.

    Returns: awards; none means "no opinion".

    Example:
        @hookimpl
        def points_for_act(t: AnyAct) -> Iterable[Award]:
            if path := t.of(Shovelling.see):
                for person in path.subject.made(Shovelling.clear):
                    yield Award(person=person, points=2, rule="snow:two a path")
    """
    return ()


@hookspec
def publication_audience(publication: StoredSubject, facts: Facts) -> Iterable[Audience]:
    """Say who else a publication is for. Answers are joined.

    Called inside the transaction of the act that publishes.

    Example:
        @hookimpl
        def publication_audience(publication, facts):
            if publication.record.series == "snow":
                yield Audience(place=publication.place, channel="loudspeaker")
    """
    return ()


@hookspec
def act_done(act: Act, district: Any) -> None:
    """Do what follows outside the record: after the commit, at least once, in order of being due.

    Called by a worker, one delivery per plugin, for what it `subscribes` to. It must be
    idempotent: `act.id` is the key. A failure is retried, then kept as a dead letter.

    Example:
        @hookimpl
        def act_done(act, district):
            ring_the_bell(key=str(act.id))
    """
