"""What contradicts itself in the [stewards] table."""

from collections.abc import Iterable

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_stewards.settings import StewardSettings


def contradictions(settings: StewardSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    for field, what in (*_in_services(settings), *_in_ladder(settings)):
        yield Problem(where=f"stewards.{field}", what=what)


def _in_services(settings: StewardSettings) -> Iterable[tuple[str, Text]]:
    known: dict[str, str] = {}
    for kind, codes in settings.services.by_kind():
        for code in codes:
            if code in known:
                what = say("{code} is named before, in {kind}; a service is of one kind", code=code, kind=known[code])  # fmt: skip
                yield f"services.{kind}", what
            known[code] = kind


def _in_ladder(settings: StewardSettings) -> Iterable[tuple[str, Text]]:
    if not settings.ladder:
        yield "ladder", say("is empty: nobody would hear of what is late")
    if len(set(settings.ladder)) < len(settings.ladder):
        yield "ladder", say("names something twice")
