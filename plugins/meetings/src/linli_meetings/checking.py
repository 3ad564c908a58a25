"""What contradicts itself in the [meetings] table."""

from collections.abc import Iterable

from linli import say
from linli.errors import Problem
from linli_meetings.membership import Rule
from linli_meetings.settings import MeetingSettings

# Each in turn leaves no time for the one beside it.
_SHORTER = (
    ("agenda_closes", "notice"),
    ("notice", "hold_within"),
    ("notice", "decide_within"),
    ("circulation_within", "decide_within"),
)


def contradictions(settings: MeetingSettings) -> Iterable[Problem]:
    """Every contradiction, with the setting that it is in."""
    for shorter, longer in _SHORTER:
        # Without any notice the agenda is open until the meeting begins.
        if getattr(settings, shorter) >= getattr(settings, longer) and getattr(settings, shorter):
            yield Problem(where=f"meetings.{shorter}", what=say("must be less than {other}", other=longer))
    needed = settings.report_within + settings.do_within + settings.evaluate_within
    if needed > settings.settle_within:
        yield Problem(
            where="meetings.settle_within",
            what=say(
                "is less than report_within, do_within and evaluate_within together: nothing could be in time"
            ),
        )
    if len(set(settings.ladder)) != len(settings.ladder):
        yield Problem(where="meetings.ladder", what=say("names a role twice"))
    yield from _strangers(settings)
    if not settings.members:
        yield Problem(
            where="meetings.members", what=say("names no kind of organisation; nobody would be invited")
        )


def _strangers(settings: MeetingSettings) -> Iterable[Problem]:
    """Kinds of bodies that a kind of matter names and no meeting has."""
    known = {Rule.read(one).kind for one in (*settings.members, *settings.district_members)}
    for matter, rules in settings.matters.items():
        for rule in rules:
            if Rule.read(rule).kind not in known:
                what = say(
                    "{kind} does not belong to the joint meetings; name it in members first", kind=rule
                )
                yield Problem(where=f"meetings.matters.{matter}", what=what)
