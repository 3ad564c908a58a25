"""What a district decides about its decisions."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from string import Formatter
from typing import Literal

import attrs

from linli import Text, listed, say, setting

Executor = Literal["owners_committee", "property_company", "residents_committee"]
_IN_NUMBERS = ("year", "entry", "tier", "serial")
_LONGEST_NUMBER = 80


@attrs.frozen(kw_only=True)
class Entry:
    """A kind of matter that must go the whole way."""

    code: str = setting(help="its short name in the record; never change it", longest=40)
    name: str = setting(help="what people read", longest=120)
    tier: Literal["street", "district"] = setting(
        "street", "whose joint meeting files it: the street's or the district's"
    )
    vote: Literal["", "ordinary", "special"] = setting(
        "", "the owners' own vote that the law asks for (Civil Code art. 278) before it is filed; empty: none"
    )
    company_silent: bool = setting(
        False, "whether the property company has no say: true where it is about the company's own dismissal"
    )
    carried_out_by: Executor = setting(
        "owners_committee", "the kind of body that carries it out, or whoever stands in for it"
    )
    papers: tuple[str, ...] = setting(
        (),
        "the papers that a complete proposal has, such as a plan and an estimate",
        longest=40,
        each_once=True,
    )
    stages: tuple[str, ...] = setting(
        (),
        "the stages of carrying it out, each disclosed, in this order; empty: as they come",
        longest=40,
        each_once=True,
    )
    notice_days: int | None = setting(
        None, "its own notice period of the resolution", unit="days", least=1, most=365
    )
    stage_notice_days: int | None = setting(
        None, "its own notice period of each stage", unit="days", least=0, most=365
    )
    result_notice_days: int | None = setting(
        None, "its own notice period of the result", unit="days", least=0, most=365
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        if self.company_silent and self.carried_out_by == "property_company":
            yield "carried_out_by", say("a company that has no say in a matter does not carry it out")


@attrs.frozen(kw_only=True)
class DecisionSettings:
    """The [decisions] table of a district's file."""

    catalogue: tuple[Entry, ...] = setting((), "the matters that must go the whole way", each_once="code")
    elsewhere: Mapping[str, str] = setting(
        attrs.Factory(dict), "by the code of a matter that is not in the catalogue, where people take it"
    )
    notice_days: int = setting(
        7, "how long the disclosed resolution stands before it holds", unit="days", least=1, most=365
    )
    stage_notice_days: int = setting(
        0,
        "how long a disclosed stage stands before the next step; 0: not at all",
        unit="days",
        least=0,
        most=365,
    )
    result_notice_days: int = setting(
        0,
        "how long the disclosed result stands before it is completed; 0: not at all",
        unit="days",
        least=0,
        most=365,
    )
    notice_in: Literal["days", "working_days"] = setting(
        "days", "whether notice periods count every day, or days on which the desks are open"
    )
    review_days: int = setting(
        10, "how long a body has for each of its reviews", unit="working days", least=1, most=365
    )
    submit_days: int = setting(
        60,
        "how long a proposal waits to be submitted before the street hears of it",
        unit="working days",
        least=1,
        most=365,
    )
    vote_days: int = setting(
        60,
        "how long the owners' vote takes, from its preparing to the certified result",
        unit="working days",
        least=1,
        most=365,
    )
    authority_days: int = setting(
        40, "how long the authority has for a stated breach of law", unit="working days", least=1, most=365
    )
    carry_out_days: int = setting(
        250,
        "how long carrying it out takes, from the resolution in force to the branch's check",
        unit="working days",
        least=1,
        most=2000,
    )
    check_days: int = setting(
        10, "how long the branch has to check what was carried out", unit="working days", least=1, most=365
    )
    write_days: int = setting(
        5,
        "how long the meeting's secretary has to write what was decided for the public",
        unit="working days",
        least=1,
        most=365,
    )
    look_days: int = setting(
        3,
        "how long another person has to look at a disclosure that waits for it",
        unit="working days",
        least=1,
        most=365,
    )
    how_to_object: str = setting(
        "",
        "how an owner objects, as disclosures say it: where, to whom; empty: at the service desk, in writing",
    )
    answer_days: int = setting(
        5, "how long the branch has to answer an objection", unit="working days", least=1, most=365
    )
    appeal_within_days: int = setting(
        15, "how long after a rejection it can be appealed", unit="days", least=1, most=365
    )
    appeal_days: int = setting(
        15, "how long the street has to decide an appeal", unit="working days", least=1, most=365
    )
    number: str = setting(
        "{year}-{serial:04}",
        "the pattern of filing numbers, of {serial}, {year}, {entry} and {tier}; "
        "the serial begins anew wherever the rest differs",
    )
    language: Literal["zh", "en"] = setting("zh", "the language of what linli itself writes in disclosures")
    ladder: tuple[str, ...] = setting(
        ("officer", "district_officer"),
        "the roles that hear of what is late, one after the other, after whoever should have done it",
        each_once=True,
    )
    ladder_again: timedelta = setting(
        timedelta(days=1),
        "how long after one rung of the ladder the next one hears",
        least=timedelta(minutes=1),
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        for code in self.elsewhere:
            if self.entry(code):
                what = say("{code} is in the catalogue: it must go the whole way; take one out", code=code)
                yield f"elsewhere.{code}", what
        try:
            names = {name for _, name, _, _ in Formatter().parse(self.number) if name is not None}
            shown = self.number.format(year=2026, entry="entry", tier="street", serial=1)
        except (ValueError, LookupError, AttributeError):
            yield "number", say("is no pattern; write it like {example}", example="{year}-{serial:04}")
            return
        if names - set(_IN_NUMBERS):
            yield "number", say("knows only {known}", known=listed(_IN_NUMBERS))
        elif "serial" not in names:
            yield (
                "number",
                say("needs {serial}: without it two matters would have one number", serial="{serial}"),
            )
        elif len(shown) > _LONGEST_NUMBER:
            yield "number", say("is too long")

    def entry(self, code: str) -> Entry | None:
        """The catalogue's entry of a code."""
        return next((entry for entry in self.catalogue if entry.code == code), None)

    def notice_of(self, entry: Entry) -> tuple[int, int, int]:
        """The notice periods of the resolution, of each stage and of the result, in days."""
        return (
            self.notice_days if entry.notice_days is None else entry.notice_days,
            self.stage_notice_days if entry.stage_notice_days is None else entry.stage_notice_days,
            self.result_notice_days if entry.result_notice_days is None else entry.result_notice_days,
        )
