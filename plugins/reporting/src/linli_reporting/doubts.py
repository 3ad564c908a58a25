"""Where the party-building system's file says otherwise than the register: who is no member, who lives elsewhere."""

from collections.abc import Sequence
from uuid import UUID

import attrs

from linli import Facts, say
from linli.importing import BadLine
from linli.query import survivor, ties_of
from linli_reporting.reading import MEMBER_TIE
from linli_reporting.rows import HERE, Filed
from linli_reporting.settings import ReportingSettings


@attrs.frozen(kw_only=True)
class Doubts:
    """What the register knows of those whom a file says to have reported."""

    members: frozenset[UUID]
    homes: frozenset[tuple[UUID, UUID]]
    members_only: bool
    at_home_only: bool

    def refuse(self, one: Filed) -> None:
        """Refuse a report of somebody who is no party member, by the register and by the row itself."""
        if one.status != HERE or not self.members_only or one.person in self.members:
            return
        if one.line.text("party_organisation") is None:
            raise BadLine(
                "name",
                say(
                    "the register does not know them as a party member, and the row names no party organisation; "
                    "import the list of members first, or name it"
                ),
            )

    def elsewhere(self, one: Filed) -> bool:
        """Whether the register knows where somebody lives, and it is not where they reported."""
        if one.status != HERE or not self.at_home_only or one.compound is None:
            return False
        return (one.person, one.compound) not in self.homes


def doubts(facts: Facts, filed: Sequence[Filed]) -> Doubts:
    """Read at once what the register knows of them all."""
    people = [one.person for one in filed if one.status == HERE]
    settings = facts.settings(ReportingSettings)
    return Doubts(
        members=frozenset(facts.get(ties_of(people, MEMBER_TIE))),
        homes=frozenset(
            (person, facts.get(survivor(home.compound)))
            for person, homes in facts.get(ties_of(people, "resident", "owner")).items()
            for home in homes
        ),
        members_only=settings.known_members_only,
        at_home_only=settings.at_home_only,
    )
