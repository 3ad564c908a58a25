"""The way of a matter, made from the journal: for its owners with the reasons, for the public without."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from linli import Act, District, StoredSubject, Text, say
from linli._verbs.publish.reading import about
from linli.hooks import MatterPage, MatterStep
from linli_decisions.reading import acting
from linli_decisions.resolution_text import TITLES, arithmetic
from linli_decisions.settings import DecisionSettings

if TYPE_CHECKING:
    from linli._model.compiled import Workflow

# What linli does in between says nothing that the step before it does not say.
_HIDDEN = frozenset(
    {
        "decision.party_approved", "decision.party_rejected", "decision.party_returned", "decision.joint_rejected",
        "decision.joint_returned", "decision.climb", "decision.read", "party_opinion.ask", "party_opinion.lapse",
        "opinion.ask", "opinion.lapse", "disclosure.late", "disclosure.draft", "disclosure.discard", "disclosure.stand_at_once",
        "objection.raise",
    }
)  # fmt: skip


@attrs.frozen(kw_only=True)
class WayStep:
    """A step of a matter's way.

    Attributes:
        what: what was done; `by`: the body or the role, never a person.
        publication: the disclosure that it came to, or the correction that it is; `corrected_by`: what corrects it.
        subject: the matter, or the part of it that it was done on.
    """

    act: UUID
    verb: str
    at: datetime
    what: Text
    by: Text | str | None = None
    publication: UUID | None = None
    corrected_by: UUID | None = None
    subject: UUID


def way_of(district: District, tree: list[StoredSubject]) -> list[WayStep]:
    """Every step of a matter, the oldest first."""
    parts = {one.id: one for one in tree}
    bodies = district.register.organisation_names(_bodies_in(tree))
    history = district.history(tree[0].root)
    steps = [_step(district, act, parts, bodies) for act in history if act.verb not in _HIDDEN]
    return _with_corrections(steps, about(district, tree[0].root))


def _with_corrections(steps: list[WayStep], published: list[StoredSubject]) -> list[WayStep]:
    """The steps with what corrects a disclosure beside it, and each correction as a step of its own."""
    by = {one.id: one.record.corrected_by for one in published}
    marked = [
        attrs.evolve(one, corrected_by=by.get(one.publication) if one.publication else None) for one in steps
    ]
    corrections = [_correction(one) for one in published if one.record.corrects]
    return sorted([*marked, *corrections], key=lambda one: one.at)


def _correction(one: StoredSubject) -> WayStep:
    assert one.accepted_at is not None, "what is listed went out"
    return WayStep(
        act=one.id,
        verb="publication.correct",
        at=one.accepted_at,
        what=say("correction disclosed: {title}", title=one.record.title),
        publication=one.id,
        corrected_by=one.record.corrected_by,
        subject=one.id,
    )


def _step(
    district: District, act: Act, parts: Mapping[UUID, StoredSubject], bodies: Mapping[UUID, str]
) -> WayStep:
    part = parts[act.subject]
    return WayStep(
        act=act.id,
        verb=act.verb,
        at=act.at,
        what=_what(district.rules.workflow(act.kind), act, part),
        by=_by(act, part, bodies),
        publication=part.record.publication if act.verb == "disclosure.go_out" else None,
        subject=act.subject,
    )


def _what(flow: "Workflow", act: Act, part: StoredSubject) -> Text:
    move = flow.by_move.get(act.verb.partition(".")[2])
    if move is None:
        return say("a deadline has passed")
    done = say(move.label or move.name)
    name = act.value("name")
    if act.verb == "decision.file":
        return say("{done}: {number}", done=done, number=act.value("filing_number"))
    if act.verb == "decision.stage" and name:
        return say("{done}: {number}", done=done, number=name)
    if act.verb == "disclosure.go_out":
        return TITLES[part.record.occasion]
    if part.kind in ("decision", "disclosure"):
        return done
    return say("{kind}: {done}", kind=say(flow.label), done=done)


def _by(act: Act, part: StoredSubject, bodies: Mapping[UUID, str]) -> Text | str | None:
    if act.actor is None and act.acting_as in ("engine", None):
        return None
    role, at = acting(act.acting_as)
    known = bodies.get(at) if at else None
    stands_in = getattr(part.record, "stands_in_for", "")
    if known and stands_in:
        return say("{body}, standing in for: {kind}", body=known, kind=say(stands_in))
    if known:
        return known
    return say("an owner") if role in ("own", "person") else say(role)


def _bodies_in(tree: Iterable[StoredSubject]) -> Iterator[UUID]:
    for one in tree:
        yield from one.hands.bodies.values()
        yield from filter(None, [getattr(one.record, "reviewer", None)])


# --- for the public ---------------------------------------------------------------------------------------


def page(district: District, ident: UUID) -> MatterPage | None:
    """The whole way of a matter on one page, once its resolution was disclosed."""
    tree = district.tree(ident)
    steps = way_of(district, tree)
    if not any(step.publication for step in steps):
        return None
    decision = tree[0]
    flow = district.rules.workflow(decision.kind)
    return MatterPage(
        title=decision.record.topic,
        place=decision.place,
        state=say(flow.by_state[decision.state].label),
        facts=tuple(_facts(district, decision)),
        steps=tuple(
            MatterStep(at=one.at, what=one.what, by=one.by, publication=one.publication) for one in steps
        ),
    )


def _facts(district: District, decision: StoredSubject) -> Iterator[tuple[Text, Text | str]]:
    record = decision.record
    entry = district.configuration.section(DecisionSettings).entry(record.entry)
    yield say("Kind of matter"), entry.name if entry else record.entry
    if record.filing_number:
        yield say("Filing number"), record.filing_number
    if record.vote_result:
        yield say("Certified vote of the owners"), " ".join(map(str, arithmetic(record.vote_result)))
    elif record.vote:
        yield say("Certified vote of the owners"), str(record.vote)
