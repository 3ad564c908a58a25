"""What plugins answer to "which points does this act earn?"."""

from uuid import UUID

import attrs

from linli._base.refusals import Refusal

POINTS = "points"


class AlreadyPaid(Refusal, says="this act has already been paid by this rule"): ...


@attrs.frozen(kw_only=True)
class Cap:
    """At most this much by a rule, for a person, in a period.

    Attributes:
        most: units, at least 0.
        period: what the period is called: "2026-11", "2026-Q4", "all".
    """

    most: int = attrs.field(validator=attrs.validators.ge(0))
    period: str


@attrs.frozen(kw_only=True)
class Award:
    """Points that somebody earns by an act.

    Attributes:
        points: whole units, more than 0.
        rule: the plugin's name and the rule's: "bank:one an hour". An act is paid once by a rule.
        unit: the ledger it belongs to.
        issuer: who gives them; None: the compound where the act was.
        cap: what is beyond it is not paid.
        cause: the act that is paid, where that is an earlier one, confirmed by this.
    """

    person: UUID
    points: int = attrs.field(validator=attrs.validators.gt(0))
    rule: str
    unit: str = POINTS
    issuer: UUID | None = None
    cap: Cap | None = None
    cause: UUID | None = None
