"""What contradicts itself in the [decisions] table."""

from collections.abc import Collection, Iterable, Sequence

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_decisions.numbers import pattern_problem
from linli_decisions.settings import DecisionSettings, Entry

# It may stand in a filing number.
_LONGEST_CODE = 40
VOTES = "owners_vote"


def contradictions(settings: DecisionSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    codes = [entry.code for entry in settings.catalogue]
    for index, entry in enumerate(settings.catalogue):
        for field, what in (*_code(entry, codes[:index]), *_in_entry(entry)):
            yield Problem(where=f"decisions.catalogue[{index}].{field}", what=what)
    for code in settings.elsewhere:
        if code in codes:
            what = say("{code} is in the catalogue: it must go the whole way; take one out", code=code)
            yield Problem(where=f"decisions.elsewhere.{code}", what=what)
    wrong = pattern_problem(settings.number)
    if wrong:
        yield Problem(where="decisions.number", what=wrong)
    if _repeated(settings.ladder):
        yield Problem(where="decisions.ladder", what=say("names a role twice"))


def unvoted(settings: DecisionSettings, enabled: Collection[str]) -> Iterable[Problem]:
    """Matters that would wait for ever: for a vote of the owners that nothing holds."""
    for index, entry in enumerate(settings.catalogue):
        if entry.vote and VOTES not in enabled:
            what = say("needs a vote of the owners; enable the plugin {plugin}, which holds it", plugin=VOTES)
            yield Problem(where=f"decisions.catalogue[{index}].vote", what=what)


def _code(entry: Entry, before: Sequence[str]) -> Iterable[tuple[str, Text]]:
    if not entry.code.strip() or not entry.name.strip():
        yield "code", say("a matter needs a code and a name")
    if len(entry.code) > _LONGEST_CODE:
        yield "code", say("must have 1 to {longest} characters", longest=_LONGEST_CODE)
    if entry.code in before:
        yield "code", say("{code} is another matter's code", code=entry.code)


def _in_entry(entry: Entry) -> Iterable[tuple[str, Text]]:
    if entry.company_silent and entry.carried_out_by == "property_company":
        yield "carried_out_by", say("a company that has no say in a matter does not carry it out")
    for field in ("papers", "stages"):
        names = getattr(entry, field)
        if _repeated(names) or not all(name.strip() for name in names):
            yield field, say("must be names, each once")


def _repeated(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)
