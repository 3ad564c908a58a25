"""What contradicts itself in the [volunteers] table."""

from collections.abc import Iterable

from linli import say
from linli.errors import Problem
from linli_volunteers.settings import VolunteerSettings


def contradictions(settings: VolunteerSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    yield from _in_kinds(settings)
    yield from _in_times(settings)


def _in_kinds(settings: VolunteerSettings) -> Iterable[Problem]:
    codes = [kind.code for kind in settings.kinds]
    if not codes:
        yield Problem(where="volunteers.kinds", what=say("is empty: there would be no sessions"))
    for index, code in enumerate(codes):
        if not code.strip() or len(code) > 40:
            yield Problem(
                where=f"volunteers.kinds[{index}].code",
                what=say("must have 1 to {longest} characters", longest=40),
            )
        if code in codes[:index]:
            yield Problem(
                where=f"volunteers.kinds[{index}].code", what=say("{code} is another kind's code", code=code)
            )


def _in_times(settings: VolunteerSettings) -> Iterable[Problem]:
    if settings.code_valid_for < settings.code_every:
        yield Problem(
            where="volunteers.code_valid_for",
            what=say("is shorter than code_every: the code on show would not be taken"),
        )
    if settings.late_after >= settings.longest:
        yield Problem(
            where="volunteers.late_after", what=say("is not shorter than longest: nobody could ever be late")
        )
    if settings.claim_within > settings.posted_for:
        yield Problem(
            where="volunteers.claim_within",
            what=say("is longer than posted_for: a claim would outlive its wish"),
        )
