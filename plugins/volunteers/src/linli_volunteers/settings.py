"""What a district decides about volunteer sessions and wishes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import attrs

from linli import Text, say, setting
from linli.hooks import ADULT_AT

# The end of a session is a move for everybody on its list, and linli makes at most 1,000 in one act.
MOST_PLACES = 300
MOST_WAITING = 100


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of session."""

    code: str = setting(help="its short name in the record; never change it", longest=40)
    name: str = setting(default="", help="what people read; empty: the code, in the reader's language")
    bank: bool = setting(
        default=False,
        help="whether it is the pioneer bank's own, so that the bank runs it unless said otherwise",
    )


KINDS = (
    Kind(code="policy"),
    Kind(code="epidemic"),
    Kind(code="courtesy"),
    Kind(code="cleaning"),
    Kind(code="health"),
    Kind(code="wish", bank=True),
    Kind(code="civility", bank=True),
)


@attrs.frozen(kw_only=True)
class VolunteerSettings:
    """The [volunteers] table of a district's file."""

    kinds: tuple[Kind, ...] = setting(
        default=KINDS, help="the kinds of sessions", filled=True, each_once="code"
    )
    volunteers_only: bool = setting(
        default=True, help="whether only members of a volunteer organisation sign up and claim wishes"
    )
    capacity: int = setting(
        default=30,
        minimum=1,
        maximum=MOST_PLACES,
        help="the places of a session where nobody says how many",
        unit="places",
    )
    most_waiting: int = setting(
        default=50,
        minimum=0,
        maximum=MOST_WAITING,
        help="the most on a session's waiting list",
        unit="persons",
    )
    longest: timedelta = setting(
        default=timedelta(hours=8),
        minimum=timedelta(minutes=1),
        maximum=timedelta(hours=24),
        help="how long a session may last, and the most that it counts for one person; elapsed",
        unit="duration",
    )
    check_in_before: timedelta = setting(
        default=timedelta(minutes=30),
        minimum=timedelta(0),
        help="how long before its beginning a session is opened for check-in; elapsed",
        unit="duration",
    )
    late_after: timedelta = setting(
        default=timedelta(minutes=10),
        minimum=timedelta(0),
        help="how long after the beginning a check-in counts as late; elapsed",
        unit="duration",
    )
    code_every: timedelta = setting(
        default=timedelta(minutes=1),
        minimum=timedelta(seconds=10),
        maximum=timedelta(hours=12),
        help="how often the code for check-in and check-out changes; longer where it is printed on paper",
        unit="duration",
    )
    code_valid_for: timedelta = setting(
        default=timedelta(minutes=2),
        minimum=timedelta(seconds=10),
        maximum=timedelta(hours=12),
        help="how long a code is taken after it came up, so that a photograph of it is soon worth nothing",
        unit="duration",
    )
    qr_address: str = setting(
        default="",
        help="the page that the QR opens, with the session and the code behind it; empty: the code alone",
    )
    begin_within: timedelta = setting(
        default=timedelta(hours=2),
        minimum=timedelta(minutes=1),
        help="how long after its time a session that nobody began or cancelled is late; elapsed",
        unit="duration",
    )
    take_down_within: timedelta = setting(
        default=timedelta(days=30),
        minimum=timedelta(0),
        help="how long after its end a session that was kept on paper can be taken down; elapsed",
        unit="duration",
    )
    close_within: timedelta = setting(
        default=timedelta(hours=13),
        minimum=timedelta(minutes=1),
        help="how long after its end a session is held or cancelled at the latest; service hours",
        unit="duration",
    )
    adult_at: int = setting(
        default=ADULT_AT,
        minimum=14,
        maximum=ADULT_AT,
        help="the age from which nobody needs a guardian's consent",
        unit="years",
    )
    unknown_age: Literal["adult", "minor"] = setting(
        default="adult", help="what somebody counts as whose identity number is not registered"
    )
    approve_within: timedelta = setting(
        default=timedelta(hours=13),
        minimum=timedelta(minutes=1),
        help="how long a wish waits for its approval before that is late; service hours",
        unit="duration",
    )
    posted_for: timedelta = setting(
        default=timedelta(days=60),
        minimum=timedelta(hours=1),
        help="how long a wish waits for claimants before it expires; time in which it is claimed does not count",
        unit="duration",
    )
    claim_within: timedelta = setting(
        default=timedelta(days=14),
        minimum=timedelta(hours=1),
        help="how long a claimant has to fulfil a wish before it goes back to the others; elapsed",
        unit="duration",
    )
    thank_within: timedelta = setting(
        default=timedelta(days=7),
        minimum=timedelta(hours=1),
        help="how long a fulfilled wish waits for the wisher's word before that is late; elapsed",
        unit="duration",
    )
    most_claimants: int = setting(
        default=20, minimum=1, maximum=200, help="the most claimants that one wish may need", unit="persons"
    )
    ladder: tuple[str, ...] = setting(
        default=("volunteer_leader", "branch_secretary", "officer"),
        help="the roles that hear of what is late, one after the other",
    )
    ladder_again: timedelta = setting(
        default=timedelta(hours=24),
        minimum=timedelta(minutes=1),
        help="how long after one rung of the ladder the next one hears; in the deadline's own hours",
        unit="duration",
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        if self.code_valid_for < self.code_every:
            yield "code_valid_for", say("is shorter than code_every: the code on show would not be taken")
        if self.late_after >= self.longest:
            yield "late_after", say("is not shorter than longest: nobody could ever be late")
        if self.claim_within > self.posted_for:
            yield "claim_within", say("is longer than posted_for: a claim would outlive its wish")

    def kind(self, code: str) -> Kind | None:
        """The kind of session that has this code."""
        return next((kind for kind in self.kinds if kind.code == code), None)
