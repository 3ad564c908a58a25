"""Party branches: the roster names their secretaries; their committees are completed in the first weeks."""

from datetime import timedelta

from linli import PersonId, Private
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_party.api import Party
from linli_party.branch import ChangeCommittee
from linli_party.branches import BranchFlow


def plan(play: Play, cast: list[Neighbourhood]) -> None:
    """Let the street add two members to each committee."""
    random = play.random("branches")
    for where in cast:
        if where.compound.branch:
            day = play.first + timedelta(days=random.randint(0, 6))
            play.at(play.office(random, day), _completed, play, where)


def _completed(play: Play, where: Neighbourhood) -> None:
    party = Party(play.district)
    branch = party.branch_at(where.place).id
    committee = [actor.person for actor in where.committee if actor.person]
    play.district.perform(
        BranchFlow.change_committee(
            BranchFlow.ref(branch),
            ChangeCommittee(committee=tuple(map(PersonId, committee)), reason=Private("增补委员")),
        ),
        actor=where.street.officer,
    )
