"""The [brief] table of a district's file."""

from collections.abc import Iterable

import attrs

from linli import Problem, say, setting

CHARTS = (
    "requests.accepted",
    "requests.closed",
    "requests.mean_hours_to_close",
    "decisions.decided",
    "sessions.held",
    "bank.gifts_handed_over",
)
MOST_CHARTS = 6


@attrs.frozen(kw_only=True)
class BriefSettings:
    """What a district decides about its reports."""

    title: str = setting("", "the report's heading; else the name of the district or the place")
    charts: tuple[str, ...] = setting(CHARTS, "figures that the printed page draws month by month, at most 6")
    months: int = setting(12, "how far back trends go from the last day", unit="months", least=2, most=36)
    fonts: tuple[str, ...] = setting(
        ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "SimSun", "sans-serif"),
        "fonts of the printed page; the first that is installed is used",
    )
    most_listed: int = setting(
        2000, "the most rows that a list in a form has", unit="rows", least=1, most=100_000
    )


def contradictions(settings: BriefSettings) -> Iterable[Problem]:
    """What contradicts itself in the [brief] table."""
    for index, name in enumerate(settings.charts):
        if name in settings.charts[:index]:
            yield Problem(where=f"brief.charts[{index}]", what=say("{name} is drawn already", name=name))
    if len(settings.charts) > MOST_CHARTS:
        yield Problem(
            where="brief.charts",
            what=say(
                "names {count} figures; a page has room for {most}",
                count=len(settings.charts),
                most=MOST_CHARTS,
            ),
        )
    if not settings.fonts:
        yield Problem(where="brief.fonts", what=say("is empty; name a font that has Chinese characters"))
