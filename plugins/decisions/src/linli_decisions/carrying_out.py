"""From the notice period to the end: resolved, under way, suspended, checked, completed, abandoned."""

from collections.abc import Callable, Iterable

from linli import ANYONE, HOLDER, Act, Ask, Assign, Facts, Move, Seat, Subject, has_post
from linli.conditions import Siblings
from linli.workflow import REASON
from linli_decisions.disclosures import (
    PROCESS,
    RESOLUTION,
    RESULT,
    all_stages,
    in_notice,
    in_order,
    not_before_disclosed,
    nothing_pending,
    of_stage,
    publishes,
)
from linli_decisions.executing import to_executor
from linli_decisions.objections import opens_objection
from linli_decisions.steps import acts_in_one_step, by_an_owner, speaks_for_it

TEXT = Ask(name="text", help="what is disclosed; it is made public as it is", longest=20_000)
STAGE = Ask(name="name", help="what the stage is called", longest=40)
OBJECTION = Ask(name="objection", help="what is objected to, and why", private=True)
NOTICED = ("on_notice", "under_way", "suspended", "checking")


def _stands(stage: int) -> Callable[[Subject, Siblings], bool]:
    """When a disclosure has stood for its notice period and nobody's objection is open."""

    def when(subject: Subject, tree: Siblings) -> bool:
        return bool(of_stage(tree.parts(subject, "disclosure"), stage, "stood")) and not any(
            one.state == "raised" for one in tree.parts(subject, "objection")
        )

    return when


def _to_branch(act: Act, subject: Subject, facts: Facts) -> Iterable[Assign]:
    branch = facts.body("branch", subject.place)
    yield Assign(holder=Seat(role=None, at=branch.id) if branch else None)


_OWN = (acts_in_one_step, speaks_for_it)


def moves() -> Iterable[Move]:
    """Everything after the filing."""
    yield Move(
        name="object",
        label="object",
        sources=NOTICED,
        to=None,
        by=ANYONE,
        asks=(OBJECTION,),
        checks=(by_an_owner, in_notice),
        effects=(opens_objection,),
    )
    yield Move(
        name="resolve",
        label="resolution in force",
        sources=("on_notice",),
        to="resolved",
        when=_stands(RESOLUTION),
    )
    yield from _process()
    yield from _interruptions()
    yield from _result()


def _process() -> Iterable[Move]:
    yield Move(
        name="begin",
        label="begin to carry it out",
        sources=("resolved",),
        to="under_way",
        by=HOLDER,
        asks=(TEXT,),
        checks=(*_OWN, nothing_pending),
        effects=(publishes("begun", PROCESS),),
    )
    yield Move(
        name="stage",
        label="disclose a stage",
        sources=("under_way",),
        to=None,
        by=HOLDER,
        asks=(STAGE, TEXT),
        checks=(*_OWN, nothing_pending, in_order),
        effects=(publishes("stage", PROCESS),),
    )
    yield Move(
        name="finish",
        label="finished: let the branch check it",
        sources=("under_way",),
        to="checking",
        by=HOLDER,
        checks=(*_OWN, nothing_pending, all_stages),
        effects=(_to_branch,),
    )


def _interruptions() -> Iterable[Move]:
    yield Move(
        name="suspend",
        label="suspend the work",
        sources=("under_way",),
        to="suspended",
        by=HOLDER,
        asks=(TEXT,),
        checks=(*_OWN, not_before_disclosed),
        effects=(publishes("suspended", PROCESS),),
    )
    yield Move(
        name="resume",
        label="resume the work",
        sources=("suspended",),
        to="under_way",
        by=HOLDER,
        asks=(TEXT,),
        checks=(*_OWN, nothing_pending),
        effects=(publishes("resumed", PROCESS),),
    )
    yield Move(
        name="abandon",
        label="abandon",
        sources=("on_notice", "resolved", "under_way", "suspended"),
        to="abandoned",
        by=HOLDER | has_post("officer"),
        asks=(TEXT,),
        checks=(acts_in_one_step, not_before_disclosed),
        effects=(publishes("abandoned", PROCESS),),
    )


def _result() -> Iterable[Move]:
    yield Move(
        name="check",
        label="checked: disclose the result",
        sources=("checking",),
        to=None,
        by=HOLDER,
        asks=(TEXT,),
        checks=(*_OWN, nothing_pending),
        effects=(publishes("result", RESULT),),
    )
    yield Move(
        name="redo",
        label="not in order: back to whoever carries it out",
        sources=("checking",),
        to="under_way",
        by=HOLDER,
        asks=(REASON,),
        checks=(*_OWN, nothing_pending),
        effects=(to_executor,),
    )
    yield Move(
        name="complete", label="completed", sources=("checking",), to="completed", when=_stands(RESULT)
    )
