"""What contradicts itself in the [reporting] table."""

from collections.abc import Iterable

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_reporting.settings import Counted, ReportingSettings

LONGEST_KIND = 40


def contradictions(settings: ReportingSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    if not settings.ladder:
        yield Problem(where="reporting.ladder", what=say("is empty: nobody would hear of what is late"))
    if len(set(settings.ladder)) < len(settings.ladder):
        yield Problem(where="reporting.ladder", what=say("names something twice"))
    for number, one in enumerate(settings.counted):
        for field, what in _in_counted(one, settings.counted[:number], settings):
            yield Problem(where=f"reporting.counted[{number}].{field}", what=what)


def _in_counted(
    one: Counted, before: Iterable[Counted], settings: ReportingSettings
) -> Iterable[tuple[str, Text]]:
    kind, _, move = one.act.partition(".")
    if not kind or not move:
        yield "act", say("is no act; write it like seat.attend")
    if kind in ("membership_report", "reporting"):
        yield "act", say("reporting itself is nothing that a member has done since")
    if not 1 <= len(one.kind.strip()) <= LONGEST_KIND:
        yield "kind", say("must have 1 to {longest} characters", longest=LONGEST_KIND)
    if any((other.act, other.kind, other.whose) == (one.act, one.kind, one.whose) for other in before):
        yield "act", say("{act} is counted as {kind} twice", act=one.act, kind=one.kind)
    if one.back and not any(other.kind == one.kind and not other.back for other in settings.counted):
        yield "back", say("nothing is counted as {kind}, so nothing can be taken back", kind=one.kind)
    if one.back and one.minutes:
        yield "minutes", say("what is taken back is taken back whole; leave this out")
