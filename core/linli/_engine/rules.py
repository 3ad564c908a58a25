"""A district's rules, put together from its plugins: what the engine runs."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

import attrs

from linli._base.errors import NotFound
from linli._base.i18n import Several, Text, listed
from linli._base.refusals import NotFoundHere
from linli._hooks.plugins import Plugins
from linli._model.access import Role
from linli._model.compiled import Workflow
from linli._model.constants import Constants
from linli._model.direct import DirectAct
from linli._model.figures import Counts, Figure
from linli._model.wording import verb_label
from linli._vault.vault import Vault


class NoSuchWorkflow(NotFoundHere, says="there is no workflow {name}; there are: {known}"):
    name: str
    known: Several


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Rules:
    """What holds in a district while it is open.

    Attributes:
        settings: the version of the settings, kept with every act.
        direct_acts: what is no workflow's move.
    """

    constants: Constants
    vault: Vault
    zone: ZoneInfo
    settings: str
    workflows: Mapping[str, Workflow]
    figures: Mapping[str, Figure]
    direct_acts: tuple[DirectAct[Any], ...]

    @property
    def plugins(self) -> Plugins:
        """The typed door to the plugins."""
        return cast(Plugins, self.constants.plugins)

    @property
    def trial(self) -> bool:
        """Whether the district is one for trials, whose console may do everything, at any moment."""
        return self.constants.trial

    @property
    def district(self) -> str:
        """The district's code."""
        return self.constants.district

    def workflow(self, name: str) -> Workflow:
        """A workflow by its name; NotFound where no enabled plugin has it."""
        found = self.workflows.get(name)
        if found is None:
            raise NotFound(NoSuchWorkflow(name=name, known=listed(self.workflows)))
        return found

    def called(self, verb: str) -> Text:
        """What people call an act with this verb: "request · accept", in the reader's language."""
        return verb_label(verb, self.workflows, self._other_verbs)

    @cached_property
    def kept_nowhere(self) -> frozenset[str]:
        """Names of what is asked for and kept neither in the record nor in the journal."""
        moves = (move for flow in self.workflows.values() for move in flow.by_move.values())
        return frozenset(one.name for move in moves for one in move.fields if not one.input.kept)

    @cached_property
    def permissions(self) -> Mapping[str, Role]:
        """By verb, who may do what is no workflow's move."""
        return {act.verb: act.by for act in self.direct_acts}

    def declared(self, act: DirectAct[Any]) -> DirectAct[Any] | None:
        """A direct act as an enabled plugin has declared it, guarded; None where none has."""
        return self._declared.get(act.declared)

    @cached_property
    def _declared(self) -> Mapping[DirectAct[Any], DirectAct[Any]]:
        return {act.declared: act for act in self.direct_acts}

    @cached_property
    def _other_verbs(self) -> Mapping[str, str]:
        return {act.verb: act.label for act in self.direct_acts}

    @cached_property
    def counts(self) -> Mapping[str, list[tuple[str, Counts]]]:
        """By verb, the figures that it adds to."""
        found: dict[str, list[tuple[str, Counts]]] = {}
        for figure in self.figures.values():
            for verb, counts in figure.on.items():
                found.setdefault(verb, []).append((figure.name, counts))
        return found

    @cached_property
    def hearers(self) -> Callable[[str], list[str]]:
        """The plugins that hear of a verb, each verb looked up once."""
        known: dict[str, list[str]] = {}

        def look_up(verb: str) -> list[str]:
            if verb not in known:
                known[verb] = self.plugins.hearers(verb)
            return known[verb]

        return look_up
