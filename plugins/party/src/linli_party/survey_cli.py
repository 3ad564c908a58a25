"""`linli survey`."""

import click

from linli import District, translate
from linli.cli import (
    actor_of,
    add_lists,
    add_moves,
    add_reports,
    as_option,
    json_option,
    noun,
    pass_district,
    print_json,
    table,
)
from linli_party.reports import REPORTS
from linli_party.survey_api import Surveys
from linli_party.surveys import SurveyFlow

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_place = click.option("--place", required=True, help=_PLACE_HELP)


survey = noun(
    "survey",
    "surveys of the party members who live in compounds",
    """
linli survey call --place 城南街道 --round 2026
linli import 摸底表.xlsx --kind party_members
linli survey note 13800000000 --place 锦绣花园 --not-reported
linli survey numbers --place 城南街道
linli survey members --place 锦绣花园 --as 13900000000
linli survey hand-in NUMBER
""",
)


@survey.command(help=translate("call the survey of a compound, or of every compound below a place"))
@_place
@click.option("--round", "round_", required=True, help=translate("which one: 2026"))
@as_option
@json_option
@pass_district
def call(district: District, place: str, round_: str, who: str | None, as_json: bool) -> None:
    where = district.register.find_place(place)
    acts = Surveys(district).call_below(where, round_, actor=actor_of(district, who))
    names = {one.id: one.name for one in district.register.places(where, kind="compound")}
    rows = [(names[act.place], act.subject) for act in acts if act.place]
    table(["compound", "number"], rows, as_json)


@survey.command(help=translate("note how PERSON, a party member who lives in a compound, stands"))
@click.argument("person")
@_place
@click.option(
    "--reported/--not-reported",
    required=True,
    help=translate("whether they have reported to the compound's branch"),
)
@click.option("--active/--not-active", default=True, help=translate("whether they take part"))
@as_option
@json_option
@pass_district
def note(
    district: District, person: str, place: str, reported: bool, active: bool, who: str | None, as_json: bool
) -> None:
    found, where = district.register.find_one(person), district.register.find_place(place)
    act = Surveys(district).note(
        where, found, reported=reported, active=active, actor=actor_of(district, who)
    )
    print_json({"act": act.id}) if as_json else click.echo(translate("noted"))


add_lists(survey, SurveyFlow)
add_moves(survey, SurveyFlow)
add_reports(survey, REPORTS)
