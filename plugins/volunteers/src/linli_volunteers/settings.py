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
    name: str = setting("", "what people read; empty: the code, in the reader's language")
    bank: bool = setting(
        False, "whether it is the pioneer bank's own, so that the bank runs it unless said otherwise"
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

    kinds: tuple[Kind, ...] = setting(KINDS, "the kinds of sessions", filled=True, each_once="code")
    volunteers_only: bool = setting(
        True, "whether only members of a volunteer organisation sign up and claim wishes"
    )
    capacity: int = setting(
        30, "the places of a session where nobody says how many", unit="places", least=1, most=MOST_PLACES
    )
    most_waiting: int = setting(
        50, "the most on a session's waiting list", unit="persons", least=0, most=MOST_WAITING
    )
    longest: timedelta = setting(
        timedelta(hours=8),
        "how long a session may last, and the most that it counts for one person; elapsed",
        least=timedelta(minutes=1),
        most=timedelta(hours=24),
    )
    check_in_before: timedelta = setting(
        timedelta(minutes=30),
        "how long before its beginning a session is opened for check-in; elapsed",
        least=timedelta(0),
    )
    late_after: timedelta = setting(
        timedelta(minutes=10),
        "how long after the beginning a check-in counts as late; elapsed",
        least=timedelta(0),
    )
    code_every: timedelta = setting(
        timedelta(minutes=1),
        "how often the code for check-in and check-out changes; longer where it is printed on paper",
        least=timedelta(seconds=10),
        most=timedelta(hours=12),
    )
    code_valid_for: timedelta = setting(
        timedelta(minutes=2),
        "how long a code is taken after it came up, so that a photograph of it is soon worth nothing",
        least=timedelta(seconds=10),
        most=timedelta(hours=12),
    )
    qr_address: str = setting(
        "", "the page that the QR opens, with the session and the code behind it; empty: the code alone"
    )
    begin_within: timedelta = setting(
        timedelta(hours=2),
        "how long after its time a session that nobody began or cancelled is late; elapsed",
        least=timedelta(minutes=1),
    )
    take_down_within: timedelta = setting(
        timedelta(days=30),
        "how long after its end a session that was kept on paper can be taken down; elapsed",
        least=timedelta(0),
    )
    close_within: timedelta = setting(
        timedelta(hours=13),
        "how long after its end a session is held or cancelled at the latest; service hours",
        least=timedelta(minutes=1),
    )
    adult_at: int = setting(
        ADULT_AT,
        "the age from which nobody needs a guardian's consent",
        unit="years",
        least=14,
        most=ADULT_AT,
    )
    unknown_age: Literal["adult", "minor"] = setting(
        "adult", "what somebody counts as whose identity number is not registered"
    )
    approve_within: timedelta = setting(
        timedelta(hours=13),
        "how long a wish waits for its approval before that is late; service hours",
        least=timedelta(minutes=1),
    )
    posted_for: timedelta = setting(
        timedelta(days=60),
        "how long a wish waits for claimants before it expires; time in which it is claimed does not count",
        least=timedelta(hours=1),
    )
    claim_within: timedelta = setting(
        timedelta(days=14),
        "how long a claimant has to fulfil a wish before it goes back to the others; elapsed",
        least=timedelta(hours=1),
    )
    thank_within: timedelta = setting(
        timedelta(days=7),
        "how long a fulfilled wish waits for the wisher's word before that is late; elapsed",
        least=timedelta(hours=1),
    )
    most_claimants: int = setting(
        20, "the most claimants that one wish may need", unit="persons", least=1, most=200
    )
    ladder: tuple[str, ...] = setting(
        ("volunteer_leader", "branch_secretary", "officer"),
        "the roles that hear of what is late, one after the other",
    )
    ladder_again: timedelta = setting(
        timedelta(hours=24),
        "how long after one rung of the ladder the next one hears; in the deadline's own hours",
        least=timedelta(minutes=1),
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
