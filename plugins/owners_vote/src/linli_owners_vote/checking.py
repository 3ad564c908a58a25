"""What contradicts itself in the [owners_vote] table."""

from collections.abc import Iterable

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_owners_vote.sealing import LEAST_KEEPERS
from linli_owners_vote.settings import VoteSettings

_USES = frozenset({"home", "shop", "parking"})


def contradictions(settings: VoteSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    for name, what in (*_in_ways(settings), *_in_times(settings)):
        yield Problem(where=f"owners_vote.{name}", what=what)


def _in_ways(settings: VoteSettings) -> Iterable[tuple[str, Text]]:
    if not {"online", "paper"} & set(settings.ways):
        yield "ways", say("needs online or paper: an owner must be able to vote in person")
    if len(set(settings.keepers)) < LEAST_KEEPERS:
        yield (
            "keepers",
            say(
                "names fewer than {least} kinds of bodies; any two of the keepers open the ballots",
                least=LEAST_KEEPERS,
            ),
        )
    for name in ("ways", "uses_left_out", "keepers"):
        given = getattr(settings, name)
        if len(set(given)) < len(given):
            yield name, say("names something twice")
    if "proxy" in settings.ways and settings.proxies_per_person == 0:
        yield "proxies_per_person", say("is 0, but ways has proxy; take proxy out, or allow one part")
    if set(settings.uses_left_out) >= _USES:
        yield "uses_left_out", say("leaves out every use: nobody would be on the roll")


def _in_times(settings: VoteSettings) -> Iterable[tuple[str, Text]]:
    if settings.extension and not settings.longest_extension:
        yield "longest_extension", say("is 0, but extension allows one; give its longest")
    if settings.extension and settings.longest_extension > settings.period:
        yield "longest_extension", say("is longer than the vote itself; announce a longer period instead")
