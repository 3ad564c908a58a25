"""Gifts: what points buy, with a price and a stock that is counted in the ledger."""

from collections.abc import Iterable, Mapping

import attrs

from linli import NOBODY, Act, Ask, Facts, Move, State, Subject, Transfer, Workflow, say
from linli.award.rules import POINTS
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.workflow import REASON
from linli_bank.banks import KEEPER, served_here
from linli_bank.settings import PIECES, BankSettings


@attrs.frozen(kw_only=True)
class Gift:
    """What is kept with a gift. Its stock is in the ledger: what the gift has free, in pieces.

    Attributes:
        price: of a piece, in whole units; 0 or more.
        ledger: what it is paid in.
    """

    name: str
    price: int
    ledger: str = POINTS


def _stocked(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Pieces come from nowhere: they are issued by the gift itself."""
    if act.value("pieces"):
        yield _moved(act, subject, "issued", "free", "stock")


def _written_off(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield _moved(act, subject, "free", "expired", "write off")


def _moved(act: Act, subject: Subject, source: str, target: str, rule: str) -> Transfer:
    return Transfer(
        unit=PIECES,
        amount=act.value("pieces"),
        source=(subject.id, source),
        target=(subject.id, target),
        rule=rule,
    )


def _price_not_negative(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("the price cannot be less than 0") if subject.record.price < 0 else None


def _unit_kept(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Only what has a ledger buys anything."""
    units = facts.settings(BankSettings).units
    if subject.record.ledger in units:
        return None
    return say("{unit} has no ledger; there are: {known}", unit=subject.record.ledger, known=listed(units))


def _usual_unit(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"ledger": facts.settings(BankSettings).units[0]}


def _pieces_not_negative(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("there cannot be less than 0 pieces") if act.value("pieces") < 0 else None


def _some_pieces(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("say how many pieces: 1 or more") if act.value("pieces") < 1 else None


_PRICE = Ask(name="price", help="points for a piece", type=int)
_PIECES = Ask(name="pieces", help="how many", type=int)

GIFT = Workflow(
    name="gift",
    label="gift",
    read_by=KEEPER,
    record=Gift,
    told_by=("name",),
    states=(
        State("offered", "offered", turn=NOBODY),
        State("withdrawn", "no longer offered", ends=("withdrawn",)),
    ),
    moves=(
        Move(
            name="offer",
            label="offer",
            sources=(),
            to="offered",
            by=KEEPER,
            asks=(
                Ask(name="name", help="what it is", longest=80),
                _PRICE,
                Ask(name="pieces", help="how many there are", type=int, default=0),
                Ask(
                    name="ledger",
                    help="what it is paid in; else the first ledger's",
                    proposed=True,
                    longest=40,
                    required=False,
                ),
            ),
            fills=(_usual_unit,),
            checks=(served_here, _price_not_negative, _pieces_not_negative, _unit_kept),
            effects=(_stocked,),
        ),
        Move(
            name="restock",
            label="restock",
            sources=("offered",),
            to=None,
            by=KEEPER,
            asks=(_PIECES,),
            checks=(served_here, _some_pieces),
            effects=(_stocked,),
        ),
        Move(
            name="write_off",
            label="write off",
            sources=("offered", "withdrawn"),
            to=None,
            by=KEEPER,
            asks=(_PIECES, REASON),
            checks=(_some_pieces,),
            effects=(_written_off,),
        ),
        Move(
            name="reprice",
            label="change the price",
            sources=("offered",),
            to=None,
            by=KEEPER,
            asks=(_PRICE,),
            checks=(served_here, _price_not_negative),
        ),
        Move(
            name="withdraw",
            label="stop offering",
            sources=("offered",),
            to="withdrawn",
            by=KEEPER,
            asks=(REASON,),
        ),
        Move(
            name="offer_again",
            label="offer again",
            sources=("withdrawn",),
            to="offered",
            by=KEEPER,
            checks=(served_here,),
        ),
    ),
)
