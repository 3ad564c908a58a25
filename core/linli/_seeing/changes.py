"""What was done about a matter since somebody saw it, as far as they may see it: for whoever comes too late."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from linli._base.errors import Conflict, LinliError
from linli._base.i18n import Several, Text, Word, listed, say
from linli._base.records import evolve
from linli._base.refusals import ChangedMeanwhile
from linli._engine.asking import asked_by
from linli._engine.moves import ActedMeanwhile
from linli._model.access import Actor
from linli._model.acts import Act
from linli._model.facts import Facts
from linli._model.subjects import StoredSubject
from linli._seeing.seeing import sees

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict
    from linli._engine.rules import Rules

# The latest: whoever was away for a year looks at the matter itself.
_MOST = 10


class ChangedSince(ChangedMeanwhile, says="since you saw it: {changes}; look at it again"):
    """Values beside the words: those of `ActedMeanwhile`, and the acts: version, verb, state before and after."""

    changes: Several
    matter: object = None
    seen: int = 0
    version: int = 0
    acts: tuple[Mapping[str, object], ...] = ()


@attrs.frozen
class _Change:
    act: Act
    before: str
    after: str

    @property
    def plain(self) -> Mapping[str, object]:
        """As programs read it."""
        return {"version": self.act.version, "verb": self.act.verb, "from": self.before, "to": self.after}

    def words(self, rules: "Rules") -> Text:
        """As people read it: what was done, and between which states that led."""
        done = rules.called(self.act.verb)
        if not self.before or self.before == self.after:
            return done
        flow = rules.workflow(self.act.kind)
        before, after = (
            Word(flow.name, flow.by_state[one].label or one) for one in (self.before, self.after)
        )
        return say("{done} ({before} → {after})", done=done, before=before, after=after)


def what_changed(district: "OpenDistrict", error: Conflict, actor: Actor | None) -> Conflict:
    """The refusal of an order for an older version, with what was done since; as it was where that is nothing to see."""
    late = error.reasons[0]
    if not isinstance(late, ActedMeanwhile):
        return error
    try:
        found = list(_changes(district, late, actor))[-_MOST:]
    except LinliError:  # no matter of a workflow, or nobody who may ask
        return error
    if not found:
        return error
    acts = tuple(one.plain for one in found)
    values = {name: late.values[name] for name in ("matter", "seen", "version")}
    words = listed(one.words(district.rules) for one in found)
    return Conflict(ChangedSince(changes=words, acts=acts, **values))  # type: ignore[arg-type]


def _changes(district: "OpenDistrict", late: ActedMeanwhile, actor: Actor | None) -> Iterator[_Change]:
    assert late.matter is not None
    tree, acts = district.tree(late.matter), district.history(late.matter)
    with asked_by(district, actor) as (facts, who):
        for act in acts:
            if act.version > late.seen and (change := _seen(act, tree, who, facts, district.rules)):
                yield change


def _seen(
    act: Act, tree: Sequence[StoredSubject], actor: Actor, facts: Facts, rules: "Rules"
) -> _Change | None:
    """What an act changed, where somebody may see its subject both as it was and as it became."""
    subject = next((one for one in tree if one.id == act.subject), None)
    before, after = (str(act.body.get(name) or "") for name in ("from", "to"))
    flow = rules.workflows.get(act.kind)
    if subject is None or flow is None:
        return None
    states = [one for one in (before, after) if one] or [subject.state]
    known = all(one in flow.by_state for one in states)
    if known and all(sees(evolve(subject, state=one), tree[0], actor, facts, rules) for one in states):
        return _Change(act, before, after)
    return None
