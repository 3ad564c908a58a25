"""Party branches: one in every compound that has a centre; one in seven is an ordinary one."""

from datetime import date

from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_party.api import Party

ORDINARY = 7  # every seventh: 5 of 36


def enter(play: Play, cast: list[Neighbourhood]) -> None:
    """Take down the branches that were set up before the year began."""
    party = Party(play.district)
    reached = [where for where in cast if where.compound.branch]
    for number, where in enumerate(reached):
        kind = "ordinary" if number % ORDINARY == ORDINARY - 1 else "functional"
        party.enter(
            where.place,
            f"{where.compound.name}党支部",
            kind,
            date(2024, 3, 1),
            [actor.person for actor in where.committee if actor.person],
            elected_on=date(2024, 3, 1),
            actor=where.street.officer,
        )
