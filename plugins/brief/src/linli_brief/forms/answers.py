"""What the record answers to what a form asks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from linli import District, DistrictSettings, Figure, say, translate
from linli.cli import speaking
from linli.query import Amount, Brief, Period, worded
from linli_brief.forms.errors import Unclear
from linli_brief.forms.grammar import EachAsked, FigureAsked, ListAsked, Names, WordAsked
from linli_brief.forms.lists import Value, list_columns, place_columns, rows, spots
from linli_brief.forms.periods import period_named
from linli_brief.settings import BriefSettings

_DECIMALS, _DECIMALS_OF_SHARES = 2, 4


def _labels(district: District, names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """By what the brief calls a figure, in the reader's language and in Chinese, the figures that it calls so."""
    found: dict[str, list[str]] = {}
    for name in names:
        figure = district.rules.figures[name]
        for label in dict.fromkeys(_called(figure)):
            found.setdefault(label, []).append(name)
    return found


def _called(figure: Figure) -> Iterable[str]:
    text = figure.label or figure.help
    yield translate(text)
    with speaking("zh"):
        yield translate(text)


class Answers:
    """Answers about a place and all below it; what is asked twice is read once."""

    def __init__(self, district: District, place: UUID | None, start: date | None, end: date | None) -> None:
        self._district, self._place = district, place
        self._briefs: dict[Period, Brief] = {}
        brief = district.brief(place, start, end)
        self.period = brief.period
        self._briefs[brief.period] = brief
        self.names = Names(
            figures=tuple(brief.figures),
            labels=_labels(district, brief.figures),
            list_columns=list_columns(district),
            place_columns=place_columns(),
        )

    def figure(self, asked: FigureAsked) -> Value:
        """An amount as a cell has it; None where there is nothing to tell, and for what is still to come."""
        amount = self._amount(asked)
        return None if amount is None else _rounded(self._of(asked), amount)

    def figure_in_words(self, asked: FigureAsked) -> str:
        """The same within a sentence."""
        return worded(self._of(asked), self._amount(asked))

    def word(self, asked: WordAsked) -> str:
        """A day, or a name."""
        first, last = self.period.start, self.period.end
        zone = self._district.rules.zone
        name = self._district.configuration.section(DistrictSettings).name
        words: Mapping[str, str] = {
            "district": name,
            "place": self._district.register.name_path(self._place) if self._place else name,
            "from": str(first),
            "to": str(last),
            "period": str(say("{start} to {end}", start=first, end=last)),
            "today": str(self._district.now().astimezone(zone).date()),
            "year": str(last.year),
            "month": str(last.month),
        }
        return words[asked.name]

    def listed(self, asked: ListAsked) -> list[tuple[Value, ...]]:
        """The rows of a list. Raises: Unclear where there are more than the district allows."""
        period = self._period(asked.figure)
        if period is None:
            return []
        most = self._district.configuration.section(BriefSettings).most_listed
        found = self._district.explain(asked.figure.name, self._place, period.start, period.end, most=most)
        if found.more:
            raise Unclear(
                say(
                    "{figure} has more than {most} rows; name a shorter period, or raise [brief] most_listed",
                    figure=asked.figure.name,
                    most=most,
                )
            )
        return list(rows(self._district, found.counted, asked.columns))

    def each(self, asked: EachAsked) -> list[tuple[Value, ...]]:
        """A row for each place of a kind."""
        places = spots(self._district, self._place, asked.kind)
        idents = [place.id for place in places]
        columns: list[Sequence[Value]] = []
        for column in asked.columns:
            if isinstance(column, FigureAsked):
                columns.append(self._by_place(idents, column))
            else:
                columns.append([place.word(column, n) for n, place in enumerate(places, start=1)])
        return list(zip(*columns, strict=True))

    def _by_place(self, idents: Sequence[UUID], asked: FigureAsked) -> list[Value]:
        period = self._period(asked)
        if period is None:
            return [None] * len(idents)
        found = self._district.by_place(idents, [asked.name], period.start, period.end)
        figure = self._of(asked)
        return [_rounded(figure, found[ident][asked.name]) for ident in idents]

    def _amount(self, asked: FigureAsked) -> Amount:
        period = self._period(asked)
        if period is None:
            return None
        if period not in self._briefs:
            self._briefs[period] = self._district.brief(self._place, period.start, period.end)
        return self._briefs[period].figures[asked.name]

    def _period(self, asked: FigureAsked) -> Period | None:
        return period_named(asked.period, self.period) if asked.period else self.period

    def _of(self, asked: FigureAsked) -> Figure:
        return self._district.rules.figures[asked.name]


def _rounded(figure: Figure, amount: Amount) -> Value:
    if not isinstance(amount, float):
        return amount
    return round(amount, _DECIMALS_OF_SHARES if figure.share else _DECIMALS)
