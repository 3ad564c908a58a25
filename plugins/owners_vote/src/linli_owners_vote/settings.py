"""What a district decides about the owners' votes. What the law fixes is in `arithmetic`."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, get_args

import attrs

from linli import Text, say, setting
from linli_owners_vote.sealing import LEAST_KEEPERS

Way = Literal["online", "paper", "proxy"]
Use = Literal["home", "shop", "parking"]
Ballots = Literal["secret", "by_name"]


@attrs.frozen(kw_only=True)
class VoteSettings:
    """The [owners_vote] table of a district's file."""

    notice: timedelta = setting(
        timedelta(days=15),
        "how long before it opens a vote is announced (Property Management Regulations, art. 14: 15 days)",
        least=timedelta(hours=1),
    )
    period: timedelta = setting(
        timedelta(days=15), "how long a vote is open", least=timedelta(hours=1), most=timedelta(days=365)
    )
    ends_on_working_day: bool = setting(
        True,
        "whether a vote whose last day is a day off stays open to the same hour of the next working day"
        " (Civil Code art. 203)",
    )
    extension: bool = setting(False, "whether a vote that is open can be extended, once, with a reason")
    longest_extension: timedelta = setting(
        timedelta(days=15), "how much later than announced an extended vote may end", least=timedelta(0)
    )
    ways: tuple[Way, ...] = setting(
        ("online", "paper", "proxy"),
        "how ballots are cast; fixed for a vote when it is announced",
        each_once=True,
    )
    proxies_per_person: int = setting(
        3, "for how many parts one person may cast ballots as a proxy", unit="exclusive parts", least=0
    )
    enter_after_closing: timedelta = setting(
        timedelta(days=2),
        "how long after closing papers that were handed in before it may be entered",
        least=timedelta(0),
    )
    certify_within: timedelta = setting(
        timedelta(hours=30),
        "how long after closing the result must be certified; then the ladder is climbed",
        unit="duration in service hours",
        least=timedelta(hours=1),
    )
    ballots: Ballots = setting(
        "secret", "whether votes are secret or by name, where the announcement does not say; fixed by it"
    )
    keepers: tuple[str, ...] = setting(
        ("residents_committee", "owners_committee", "branch", "department"),
        "kinds of bodies, at the compound or above, that each keep a code of a vote; any two open its ballots",
        each_once=True,
    )
    keep_ballots: timedelta = setting(
        timedelta(days=730),
        "how long after the result was disclosed ballots are kept (Civil Code art. 280: at least a year)",
        least=timedelta(days=366),
    )
    uses_left_out: tuple[Use, ...] = setting(
        (), "uses of exclusive parts that are not on the roll", each_once=True
    )
    publish: bool = setting(
        True, "whether the notice, the calling off and the result are made public by themselves"
    )
    language: Literal["zh", "en"] = setting("zh", "the language of what linli itself writes in publications")

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        if not {"online", "paper"} & set(self.ways):
            yield "ways", say("needs online or paper: an owner must be able to vote in person")
        if len(self.keepers) < LEAST_KEEPERS:
            what = say(
                "names fewer than {least} kinds of bodies; any two of the keepers open the ballots",
                least=LEAST_KEEPERS,
            )
            yield "keepers", what
        if "proxy" in self.ways and self.proxies_per_person == 0:
            yield "proxies_per_person", say("is 0, but ways has proxy; take proxy out, or allow one part")
        if set(self.uses_left_out) >= set(get_args(Use)):
            yield "uses_left_out", say("leaves out every use: nobody would be on the roll")
        if self.extension and not self.longest_extension:
            yield "longest_extension", say("is 0, but extension allows one; give its longest")
        if self.extension and self.longest_extension > self.period:
            yield "longest_extension", say("is longer than the vote itself; announce a longer period instead")
