"""Deliberate slips in `tools_to_borrow.py`, each of which must be found before a district runs with it."""

from pathlib import Path

import attrs

SOURCE = Path(__file__).with_name("tools_to_borrow.py").read_text(encoding="utf-8")


@attrs.frozen
class Slip:
    """A slip.

    Attributes:
        kind: a row of the table of what must be found.
        right, wrong: what stands there, and what is written instead.
        by: what finds it: "mypy", "pyright", "load" (importing and loading, the look into callbacks among it).
    """

    kind: str
    right: str
    wrong: str
    by: tuple[str, ...] = ("mypy", "pyright", "load")

    @property
    def source(self) -> str:
        """The whole module with the slip in it."""
        assert SOURCE.count(self.right) == 1, f"not once in the source: {self.right}"
        return SOURCE.replace(self.right, self.wrong)

    @property
    def lines(self) -> range:
        """The lines that the slip stands on, or that must be told: those of what was written."""
        first = SOURCE[: SOURCE.index(self.right)].count("\n") + 1
        return range(first, first + self.wrong.count("\n") + 1)


TYPES = ("mypy", "pyright")
LOAD = ("load",)
# Pyright knows of `evolve` that it copies, not which fields there are.
BUT_PYRIGHT = ("mypy", "load")

SLIPS = (
    Slip("a state in a path", "move(out.to(lost), Why", "move(out.to(lst), Why"),
    Slip("a state in a path", "move(there.to(gone), Why", "move(ther.to(gone), Why"),
    Slip("a state in a path", "move(lost.back(out), by", "move(lost.back(outt), by"),
    Slip("a quota", "releases=[piece])\n    replace", "releases=[pieces])\n    replace"),
    Slip("a quota", "holds=[piece]", "holds=[peice]"),
    Slip("a quota", "not_by=[lose], releases=[piece]", "not_by=[lose], releases=[lose]"),
    Slip("a clock's states", "Clock(out, until_back", "Clock(uot, until_back"),
    Slip("a clock's states", "pauses_in=lost)", "pauses_in=losst)"),
    Slip("a clock's states", "pauses_in=lost)", "pauses_in=lose)"),
    Slip("a clock's move", "pauses_in=lost)", "pauses_in=lost, then=ende)"),
    Slip("a clock's move", "pauses_in=lost)", "pauses_in=lost, then=bring_back)", LOAD),
    Slip("a clock's move", "pauses_in=lost)", "pauses_in=lost, then=end)", LOAD),
    Slip("a move whose maker may not", "not_by=[lose]", "not_by=[loose]"),
    Slip("a move whose maker may not", "not_by=[lose]", "not_by=[lost]"),
    Slip("a move whose maker may not", "not_by=[lose]", 'not_by=["lose"]'),
    Slip("a state compared", "t.before.state is LoanFlow.out and", "t.before.state is LoanFlow.outt and"),
    Slip("a state compared", "t.before.state is LoanFlow.out and", "t.before.state is LoanFlo.out and"),
    Slip("a state compared", "t.before.state is LoanFlow.out and", "t.before.stat is LoanFlow.out and"),
    Slip("a move made", "LoanFlow.bring_back(loan)", "LoanFlow.bring_bak(loan)"),
    Slip("a move made", "ToolFlow.write_off(tool, Why", "ToolFlow.writeoff(tool, Why"),
    Slip("a move made", "ToolFlow.write_off(tool, Why", "ToolFlow.move_off(tool, Why"),
    Slip("a workflow opened", "LoanFlow.borrow.at(place", "LoanFlow.borow.at(place"),
    Slip("a workflow opened", "LoanFlow.borrow.at(place", "LoanFlow.bring_back.at(place"),
    Slip("a workflow opened", "LoanFlow.borrow.at(place", "LonFlow.borrow.at(place"),
    Slip("a field of the record read", "if t.record.days > 30", "if t.record.day > 30"),
    Slip("a field of the record read", "owner=ctx.record.tool,", "owner=ctx.record.tol,"),
    Slip("a field of the record read", "not back.record.late", "not back.record.was_late"),
    Slip("an input read", "None if t.given.purpose else", "None if t.given.purpos else"),
    Slip("an input read", "amount=t.given.pieces,", "amount=t.given.peices,"),
    Slip("an input read", "found.given.condition is", "found.given.conditions is"),
    Slip("an input given", "Borrow(tool=tool, purpose", "Borrow(tol=tool, purpose"),
    Slip("an input given", 'Why(reason=Private("broken"))', 'Why(why=Private("broken"))'),
    Slip("an input given", 'Why(reason=Private("broken"))', 'Why(reason=Private("broken"), by="me")'),
    Slip("a field computed", 'record.days), name="")', 'record.days), nam="")', BUT_PYRIGHT),
    Slip("a field computed", "evolve(t.record, late=", "evolve(t.record, lat=", BUT_PYRIGHT),
    Slip("a field computed", "Loan(tool=t.given.tool, days=", "Loan(tool=t.given.tool, dayz="),
    Slip("a verb in a hook", "t.of(LoanFlow.bring_back)", "t.of(LoanFlow.brought_back)"),
    Slip("a verb in a hook", "t.of(Inspection.inspect)", "t.of(Inspection.inspected)"),
    Slip("a verb in a hook", "t.of(Inspection.inspect)", "t.of(Inspections.inspect)"),
    Slip("another move's input in a hook", "found.given.condition is", "found.given.purpose is"),
    Slip("another move's input in a hook", "not back.record.late", "not back.given.days"),
    Slip("another move's input in a hook", "not back.record.late", "not back.before.record.pieces"),
    Slip("a verb in a hook", "t.late(LoanFlow)", "t.late(LoanFlo)"),
    Slip("another move's input in a hook", "late.record.days if", "late.record.dayz if"),
    Slip("another move's input in a hook", "late.record.days if", "late.given.days if", TYPES),
    Slip("a code of a choice", "is Condition.GOOD:", "is Condition.GOD:"),
    Slip("a code of a choice", "= Condition.GOOD\n\n\n@attrs.frozen(kw_only=True)\nclass Sight", "= Condition.GOD\n\n\n@attrs.frozen(kw_only=True)\nclass Sight"),
    Slip("a code of a choice", "condition: Condition = Condition.GOOD", 'condition: Condition = "god"'),
    Slip("a move counted by a figure", "LoanFlow.end.count(", "LoanFlow.ende.count("),
    Slip("a move counted by a figure", "LoanFlow.end.count(", "LoanFlow.over.count("),
    Slip("a move counted by a figure", "LoanFlow.end.count(", "ToolFlow.write_off.count("),
    Slip("what linli works out, given", 'purpose=Private("to paint"))', 'purpose=Private("to paint"), name="for ever")'),
    Slip("what linli works out, given", 'purpose=Private("to paint"))', 'purpose=Private("to paint"), late=False)'),
    Slip("what linli works out, given", "LoanFlow.bring_back(loan)", "LoanFlow.bring_back(loan, late=False)"),
    Slip("a check of another move", "move(out.to(lost), Why, by=OWN", "move(out.to(lost), Why, needs=[says_what_for], by=OWN"),
    Slip("a check of another move", "needs=[not_for_long, says_what_for]", "needs=[not_for_long, has_pieces]"),
    Slip("a check of another move", "record=brought_back, then", "record=borrowed, then"),
    Slip("a move of another kind of subject", "ToolFlow.write_off(tool, Why", "LoanFlow.lose(tool, Why", TYPES),
    Slip("a move of another kind of subject", "LoanFlow.bring_back(loan)", "Inspection.inspect(loan, Found(condition=Condition.GOOD))", TYPES),
    Slip("a move of another kind of subject", "Borrow(tool=tool, purpose", "Borrow(tool=person, purpose", TYPES),
    Slip("a state of another workflow", "move(out.to(lost), Why", "move(out.to(Inspection.done), Why", LOAD),
    Slip("a state of another workflow", "Clock(out, until_back", "Clock(ToolFlow.there, until_back", LOAD),
    Slip("a state of another workflow", "move(lost.back(out), by", "move((lost | Inspection.asked).to(out), by", LOAD),
    Slip("what is private, in a record", "    days: int = 7\n    name: str", "    days: int = 7\n    note: Private | None = None\n    name: str", LOAD),
    Slip("what is private, in a record", "    condition: Condition = Condition.GOOD", "    condition: Condition = Condition.GOOD\n    why: Private = Private(\"\")", LOAD),
    Slip("what is private, in a record", "    pieces: int = 1", "    pieces: int = 1\n    note: Annotated[Private, Input(\"x\")] = Private(\"\")", LOAD),
    Slip("a field left out", "    condition: Condition = Condition.GOOD", "    condition: Condition", LOAD),
    Slip("a field left out", "    condition: Condition = Condition.GOOD", "    condition: Condition = Condition.GOOD\n    seen: bool", LOAD),
    Slip("a field left out", "    condition: Condition = Condition.GOOD", "    condition: Condition\n    seen: bool = False", LOAD),
    Slip("a field of the summary", 'name="tool", summary_fields=("name",)', 'name="tool", summary_fields=("nme",)', LOAD),
    Slip("a field of the summary", 'name="loan", summary_fields=("name",)', 'name="loan", summary_fields=("purpose",)', LOAD),
    Slip("a field of the summary", 'name="inspection")', 'name="inspection", hidden_fields=("x",))', LOAD),
    Slip("a state that nothing leads to", '    lost = State("lost")', '    lost = State("lost")\n    stolen = State("stolen", ends=True)', LOAD),
    Slip("a state that nothing leads to", '    there = State("to be borrowed")', '    there = State("to be borrowed")\n    sold = State("sold")', LOAD),
    Slip("a state that nothing leads to", '    asked = State("to be inspected")', '    asked = State("to be inspected")\n    later = State("later")', LOAD),
    Slip("a state that nothing leads out of", '    gone = State("written off", ends=True)', '    gone = State("written off")', LOAD),
    Slip("a state that nothing leads out of", '    over = State("over", ends=True)', '    over = State("over")', LOAD),
    Slip("a state that nothing leads out of", "    done = State(\"inspected\", ends=Condition)", '    done = State("inspected")', LOAD),
    Slip("a value of a refusal", "TooManyDays(days=t.given.days)", "TooManyDays(day=t.given.days)"),
    Slip("a value of a refusal", "TooManyDays(days=t.given.days)", "TooManyDays(days=str(t.given.days))", TYPES),
    Slip("a value of a refusal", "TooManyDays(days=t.given.days)", "TooManyDays()"),
    Slip("a refusal's sentence", 'says="{days} days are too many"', 'says="{dys} days are too many"', LOAD),
    Slip("a refusal's sentence", 'says="it must say what for"', 'says="{purpose}: it must say what for"', LOAD),
    Slip("a refusal's sentence", '(Refusal, says="somebody has it")', '(NoneLeft, says="somebody has it")', LOAD),
    Slip("a direct act's input read", "ctx.given.hours * 2", "ctx.given.hour * 2"),
    Slip("a direct act's input read", "if ctx.given.hours > 3", "if ctx.givn.hours > 3"),
    Slip("a direct act's input read", 'done.given.shed == "north"', 'done.given.sheds == "north"'),
    Slip("a direct act's input given", 'Clean(shed="north", hours=2)', 'Clean(shd="north", hours=2)'),
    Slip("a direct act's input given", 'Clean(shed="north", hours=2)', 'Clean(shed="north", hour=2)'),
    Slip("a direct act's input given", 'CLEAN(Clean(shed="north", hours=2), place', "CLEAN(Tool(name=\"north\"), place", TYPES),
    Slip("a direct act made", "return CLEAN(Clean", "return CLEEN(Clean"),
    Slip("a direct act made", "place=place)\n\n\ndef who_cleaned", "plaze=place)\n\n\ndef who_cleaned", TYPES),
    Slip("a direct act made", "ctx.of(CLEAN)", "ctx.of(CLEAM)"),
    Slip("a direct act's callback", "does=cleaned", "does=borrowed"),
    Slip("a direct act's callback", "also_at=next_door", "also_at=who_is_thanked", TYPES),
    Slip("a direct act's callback", "does=cleaned", "doing=cleaned"),
    Slip("a direct act's verb", '"tools.clean"', '"tools_clean"', LOAD),
    Slip("a direct act's verb", '"tools.clean"', '"tools.clean "', LOAD),
    Slip("a direct act's verb", '"tools.clean"', '"Tools.clean"', LOAD),
    Slip("a reason that is no refusal", "else NoneLeft()", 'else "there is none left"', TYPES),
    Slip("a reason that is no refusal", "else PurposeNotSaid()", "else PurposeNotSaid", TYPES),
    Slip("a reason that is no refusal", "empty=SomebodyHasIt", 'empty="somebody has it"', TYPES),
)  # fmt: skip
