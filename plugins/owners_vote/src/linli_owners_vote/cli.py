"""`linli vote`: the vote itself, its roll, its result."""

from linli import translate
from linli.cli import (
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    noun,
)
from linli_owners_vote.cli_ballots import add_ballots
from linli_owners_vote.cli_elsewhere import add_elsewhere
from linli_owners_vote.cli_keepers import add_keepers
from linli_owners_vote.contests import ContestFlow
from linli_owners_vote.reports import REPORTS
from linli_owners_vote.workflow import VoteFlow

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")


vote = noun(
    "vote",
    "votes of the owners of a compound (Civil Code art. 278)",
    """
linli vote prepare --topic 更换电梯 --place 锦绣花园 --majority ordinary
linli vote announce NUMBER
linli vote roll NUMBER
linli vote raise-contest NUMBER --part 锦绣花园/1栋/1单元/101 --reason 面积不对 --as 13800000000
linli vote contests NUMBER
linli vote keepers NUMBER
linli vote take-code KEEPER --as 13800000005
linli vote open NUMBER
linli vote cast NUMBER --part 锦绣花园/1栋/1单元/101 --choice agree --as 13800000000
linli vote enter NUMBER --part 锦绣花园/1栋/1单元/102 --choice against --as 13800000001
linli vote check BALLOT --choice against --secret 7Q2M-… --as 13800000002
linli vote turnout NUMBER --as 13800000001
linli vote count NUMBER --as 13800000001
linli vote certify NUMBER --as 13800000002
linli vote result NUMBER
""",
)


add_lists(vote, VoteFlow)
add_reports(vote, REPORTS)
add_ballots(vote)
add_keepers(vote)
add_elsewhere(vote)
add_openings(vote, VoteFlow)
add_moves(vote, VoteFlow, leave_out=("count",))
add_openings(vote, ContestFlow, part_of=VoteFlow, suffix="contest")
add_moves(vote, ContestFlow, suffix="contest")
