"""`linli brief`: the figures of a place and a period, on one page."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter

import click

from linli._base import codec
from linli._base.i18n import listed, say, translate
from linli._cli.choices import coded
from linli._cli.shared import columns, json_option, padded, pass_district, period_options, print_json, table
from linli._config.district import DistrictSettings
from linli._district.district import District
from linli._figures.brief import Brief
from linli._model.figures import Amount, Counted, Figure, worded
from linli._seeing.tracing import Explanation

_HELP = f"""{translate("print the figures of a place and a period")}

\b
linli brief
linli brief --place 锦绣花园 --from 2026-01-01 --to 2026-03-31
linli brief --figures
linli brief --explain requests.closed
linli brief --json
"""


@click.command(help=_HELP)
@period_options
@click.option("--explain", "figure", default=None, help=translate("list what was counted for this figure"))
@click.option(
    "--figures", is_flag=True, help=translate("list the figures that there are, and what each counts")
)
@click.option("--most", default=100, show_default=True, type=click.IntRange(1, 1_000_000))
@json_option
@pass_district
def brief(
    district: District,
    place: str | None,
    start: date | None,
    end: date | None,
    figure: str | None,
    figures: bool,
    most: int,
    as_json: bool,
) -> None:
    if figures:
        rows = [(one.name, _label(one), translate(one.help)) for one in district.rules.figures.values()]
        table(["name", "figure", "about"], rows, as_json)
        return
    where = district.register.find_place(place) if place else None
    if figure:
        name = coded(figure, {one.name: _label(one) for one in district.rules.figures.values()})
        _print_explanation(district, district.explain(name, where, start, end, most=most), as_json)
        return
    found = district.brief(where, start, end)
    if as_json:
        # Not `print_json`, which sorts: the figures stand in the order of the registry.
        click.echo(json.dumps(codec.plain(found.document()), ensure_ascii=False))
    else:
        print_brief(district, found, place)


def print_brief(district: District, found: Brief, place: str | None = None) -> None:
    """Print the brief for people to read."""
    click.echo("\n".join(_page(district, found, place)))


# --- the page --------------------------------------------------------------------------------------


def _page(district: District, found: Brief, place: str | None) -> Iterable[str]:
    period = say("{start} to {end}", start=found.period.start, end=found.period.end)
    yield f"{place or district.configuration.section(DistrictSettings).name}  {period}"
    figures = [district.rules.figures[name] for name in found.figures]
    shown_beside = {name for figure in figures for name in figure.shown_with}
    rows = [figure for figure in figures if figure.name not in shown_beside]
    label_width = max((columns(_label(figure)) for figure in rows), default=0)
    amount_width = max((columns(worded(figure, found.figures[figure.name])) for figure in rows), default=0)
    for group, members in groupby(rows, key=attrgetter("heading")):
        yield ""
        yield translate(group)
        for figure in members:
            label = padded(_label(figure), label_width)
            amount = worded(figure, found.figures[figure.name])
            tail = _unit(figure, found.figures[figure.name]) + _beside(district, found, figure)
            yield f"  {label}  {' ' * (amount_width - columns(amount))}{amount}{tail}"


def _beside(district: District, found: Brief, figure: Figure) -> str:
    """What is shown with a figure because it misleads alone."""
    return _in_brackets(
        district, {name: found.figures[name] for name in figure.shown_with if name in found.figures}
    )


def _in_brackets(district: District, amounts: Mapping[str, Amount]) -> str:
    figures = district.rules.figures
    said = [
        f"{_label(figures[name])} {worded(figures[name], amount)}{_unit(figures[name], amount)}"
        for name, amount in amounts.items()
    ]
    return f"  ({', '.join(said)})" if said else ""


def _label(figure: Figure) -> str:
    return translate(figure.label or figure.help)


def _unit(figure: Figure, amount: Amount) -> str:
    return f" {translate(figure.unit)}" if figure.unit and amount is not None else ""


# --- what stands behind a figure -------------------------------------------------------------------


def _print_explanation(district: District, found: Explanation, as_json: bool) -> None:
    if as_json:
        print_json(_document(found))
        return
    figure = found.figure
    amount = f"{worded(figure, found.amount)}{_unit(figure, found.amount)}"
    click.echo(f"{_label(figure)} ({figure.name}): {amount}{_in_brackets(district, found.beside)}")
    click.echo(_sentence(district, found))
    where = district.register.name_paths({line.place for line in found.counted if line.place})
    for line in found.counted:
        when = line.at.astimezone(district.rules.zone).strftime("%Y-%m-%d %H:%M")
        place = where.get(line.place, "-") if line.place else "-"
        what = district.rules.called(line.what)
        click.echo(f"{when}  {what}  {place}  {line.subject}  {_adds(figure, line)}".rstrip())
    if found.more:
        click.echo(str(say("and more; see them with --most")))


def _adds(figure: Figure, line: Counted) -> str:
    """What a line adds, where it is not just one."""
    if line.note:
        return str(line.note)
    if line.amount is not None and figure.derived is not None:
        # Two decimals: many lines must add up to the figure.
        amount = f"{line.amount:,}" if isinstance(line.amount, int) else f"{line.amount:,.2f}"
        return f"{amount}{_unit(figure, line.amount)}"
    return str(say("counts as {n}", n=f"{line.n:+}")) if line.n != 1 else ""


def _sentence(district: District, found: Explanation) -> str:
    start, end = found.period.start, found.period.end
    when = (
        say("up to {end}", end=end) if found.figure.stock else say("{start} to {end}", start=start, end=end)
    )
    rule, verbs = say(found.figure.help), listed(district.rules.called(verb) for verb in found.verbs)
    if not found.verbs:
        return str(say("{help}; {when}; as the register has it", help=rule, when=when))
    return str(say("{help}; {when}; counted by: {verbs}", help=rule, when=when, verbs=verbs))


def _document(found: Explanation) -> dict[str, object]:
    return {
        "figure": found.figure.name,
        "amount": found.amount,
        "beside": dict(found.beside),
        "rule": translate(found.figure.help),
        "from": found.period.start,
        "to": found.period.end,
        "verbs": found.verbs,
        "counted": [
            {
                "at": one.at,
                "what": one.what,
                "subject": one.subject,
                "place": one.place,
                "n": one.n,
                "amount": one.n if one.amount is None else one.amount,
                "note": str(one.note or ""),
            }
            for one in found.counted
        ],
        "more": found.more,
    }
