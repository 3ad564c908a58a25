"""What the plugin brings, and what linli asks it."""

from collections.abc import Iterable

from linli import AnyAct, Award, Cap, Figure, Plugin, about, hookimpl
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
@about(Shovelling.confirm)
def points_for_act(t: AnyAct) -> Iterable[Award]:
    """Points for whoever cleared a path, once somebody else has confirmed it."""
    snow = t.settings(Snow)
    if (path := t.of(Shovelling.confirm)) and snow.points:
        cap = Cap(most=snow.most_a_month, period=f"{t.today:%Y-%m}")
        for person in path.subject.made(Shovelling.clear):
            yield Award(person=person, points=snow.points, rule="snow:a path", cap=cap)
