"""What a district decides about joint meetings and whistles."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import attrs

from linli import Text, say, setting

OWN = "own"
# Each in turn leaves no time for the one beside it.
_SHORTER = (
    ("agenda_closes", "notice"),
    ("notice", "hold_within"),
    ("notice", "decide_within"),
    ("circulation_within", "decide_within"),
)


@attrs.frozen(kw_only=True)
class MeetingSettings:
    """The [meetings] table of a district's file."""

    members: tuple[str, ...] = setting(
        ("department",),
        "kinds of organisations that belong to a joint meeting, at its place or below it; "
        "'department@street': only those that sit at a street",
        filled=True,
    )
    district_members: tuple[str, ...] = setting(
        (), "the same of the district's own meeting; empty: as in members"
    )
    matters: Mapping[str, tuple[str, ...]] = setting(
        attrs.Factory(dict),
        "by kind of matter, which of the members belong to it: 'residents_committee@own' is the committee "
        "of the matter's own community alone; kinds of matter that are not named: all members",
    )
    notice: timedelta = setting(
        timedelta(days=3),
        "how long before it begins a meeting is called, unless it is urgent; elapsed",
        least=timedelta(0),
    )
    agenda_closes: timedelta = setting(
        timedelta(days=1),
        "how long before a meeting begins its agenda is closed, unless it is urgent; elapsed",
        least=timedelta(0),
    )
    quorum: int = setting(
        50,
        "how many of the meeting's members must be present, at least, whoever was invited",
        unit="percent",
        least=1,
        most=100,
    )
    hold_within: timedelta = setting(
        timedelta(days=60),
        "how long after its call a meeting is held or cancelled at the latest; elapsed",
        least=timedelta(hours=1),
    )
    decide_within: timedelta = setting(
        timedelta(days=45),
        "how long after its proposal an agenda item is decided at the latest; elapsed",
        least=timedelta(hours=1),
    )
    circulation_within: timedelta = setting(
        timedelta(days=5),
        "how long a circulation waits for answers; then the item goes to a meeting; elapsed",
        least=timedelta(hours=1),
    )
    circulation_quorum: int = setting(
        100,
        "how many of the meeting's members that may answer must agree, at least, whoever was asked; "
        "silence is no agreement",
        unit="percent",
        least=1,
        most=100,
    )
    report_within: timedelta = setting(
        timedelta(hours=4),
        "how long a department has to report in; service hours, for an urgent whistle elapsed ones",
        least=timedelta(minutes=1),
    )
    do_within: timedelta = setting(
        timedelta(hours=40),
        "how long a department has from reporting in to its result; hours as for report_within",
        least=timedelta(minutes=1),
    )
    evaluate_within: timedelta = setting(
        timedelta(hours=16),
        "how long the street has for what a department declined or did; hours as for report_within",
        least=timedelta(minutes=1),
    )
    settle_within: timedelta = setting(
        timedelta(days=15),
        "how long after it was blown a whistle goes on the district's agenda by itself; elapsed",
        least=timedelta(hours=1),
    )
    ladder: tuple[str, ...] = setting(
        ("officer", "district_officer"),
        "the roles that hear of what is late, one after the other, after whoever should have done it",
        each_once=True,
    )
    ladder_again: timedelta = setting(
        timedelta(hours=8),
        "how long after one rung of the ladder the next one hears; in the deadline's own hours",
        least=timedelta(minutes=1),
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        for shorter, longer in _SHORTER:
            # Without any notice the agenda is open until the meeting begins.
            if getattr(self, shorter) >= getattr(self, longer) and getattr(self, shorter):
                yield shorter, say("must be less than {other}", other=longer)
        if self.report_within + self.do_within + self.evaluate_within > self.settle_within:
            what = say(
                "is less than report_within, do_within and evaluate_within together: nothing could be in time"
            )
            yield "settle_within", what
        yield from self._strangers()

    def _strangers(self) -> Iterable[tuple[str, Text]]:
        """Kinds of bodies that a kind of matter names and no meeting has."""
        known = {rule.partition("@")[0] for rule in (*self.members, *self.district_members)}
        for matter, rules in self.matters.items():
            for rule in rules:
                if rule.partition("@")[0] not in known:
                    what = say(
                        "{kind} does not belong to the joint meetings; name it in members first", kind=rule
                    )
                    yield f"matters.{matter}", what
