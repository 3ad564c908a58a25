"""What the plugin brings, and what linli asks it."""

from collections.abc import Iterable

from linli import Act, Award, Cap, Facts, Figure, Plugin, StoredSubject, hookimpl
from linli_snow.settings import Snow
from linli_snow.workflow import Shovelling

PLUGIN = Plugin(
    name="snow",
    settings=Snow,
    workflows=(Shovelling,),
    figures=(
        Figure(
            name="snow.paths",
            help="paths that were cleared and confirmed in the period",
            label="paths cleared of snow",
            on=(Shovelling.confirm,),
        ),
    ),
)


@hookimpl
def points_for_act(act: Act, subject: StoredSubject | None, facts: Facts) -> Iterable[Award]:
    """Points for whoever cleared a path, once somebody else has confirmed it."""
    snow = facts.settings(Snow)
    if act.verb != Shovelling.confirm.code or subject is None or snow.points == 0:
        return
    cap = Cap(most=snow.most_a_month, period=f"{facts.today:%Y-%m}")
    for person in subject.hands.moves[Shovelling.clear.name]:
        yield Award(person=person, points=snow.points, rule="snow:a path", cap=cap)
