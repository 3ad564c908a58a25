"""`linli guardian`: guardians' consents to the service of minors."""

from linli.cli import add_lists, add_moves, add_openings, noun
from linli_volunteers.guardians import ConsentFlow

guardian = noun(
    "guardian",
    "guardians' consents to the service of minors: record, withdraw",
    """
linli guardian give --for 13900000000 --guardian 13800000000 --seen signed_form --place 锦绣花园
linli guardian list --open
linli guardian withdraw NUMBER --reason 搬家
""",
)


add_openings(guardian, ConsentFlow)
add_lists(guardian, ConsentFlow, person=True)
add_moves(guardian, ConsentFlow)
