"""Figures of meetings and whistles, under the brief's names."""

from collections.abc import Iterable

from linli import Act, Count, Figure, Subject
from linli.figures import back, once
from linli_meetings.outcomes import count_enforcements, count_rectifications

_OPENED, _ENDED = ("whistle.blow", "whistle.take_up"), ("whistle.close", "whistle.withdraw")


def _in_time(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    if act.body["from"] == "blown":
        yield Count()


FIGURES = (
    Figure(
        name="meetings.rectifications",
        help="rectifications that agenda items and whistles came to in the period",
        label="rectifications",
        on={"agenda_item.resolve": count_rectifications, "whistle_part.evaluate": count_rectifications},
    ),
    Figure(
        name="meetings.enforcements",
        help="enforcements that agenda items and whistles came to in the period",
        label="enforcements",
        on={"agenda_item.resolve": count_enforcements, "whistle_part.evaluate": count_enforcements},
    ),
    Figure(
        name="meetings.mediations",
        help="disputes that were settled in the period, each once",
        label="disputes settled",
        on={"mediation.settle": once},
    ),
    Figure(
        name="meetings.held",
        help="joint meetings that were held in the period",
        label="joint meetings held",
        on={"meeting.hold": once},
    ),
    Figure(
        name="meetings.items_open",
        help="agenda items that are not decided yet",
        label="agenda items open",
        stock=True,
        on={
            "agenda_item.propose": once,
            "agenda_item.resolve": back,
            "agenda_item.withdraw": back,
            "agenda_item.overtaken": back,
        },
    ),
    Figure(
        name="meetings.tasks_open",
        help="follow-up tasks of resolutions that are not done yet",
        label="follow-up tasks open",
        stock=True,
        on={"follow_up.give": once, "follow_up.finish": back, "follow_up.cancel": back},
    ),
    Figure(
        name="meetings.whistles_proposed",
        help="whistles that were proposed in the period, by the desk or by the ladder",
        label="whistles proposed",
        on={"whistle.propose": once},
    ),
    Figure(
        name="meetings.whistles_blown",
        help="whistles that were blown in the period",
        label="whistles blown",
        on=dict.fromkeys(_OPENED, once),
    ),
    Figure(
        name="meetings.whistles_closed",
        help="whistles that were settled in the period: every department's part is evaluated",
        label="whistles settled",
        on={"whistle.close": once},
        beside=("meetings.whistles_open",),
    ),
    Figure(
        name="meetings.whistles_closed_in_time",
        help="of them, those that never went on the district's agenda by themselves",
        label="whistles settled in time",
        on={"whistle.close": _in_time},
    ),
    Figure(
        name="meetings.whistles_open",
        help="whistles that were blown and are neither settled nor withdrawn",
        label="whistles open",
        stock=True,
        on=dict.fromkeys(_OPENED, once) | dict.fromkeys(_ENDED, back),
    ),
)
