"""The plugin: what it brings, and the two hooks it answers."""

from collections.abc import Iterable

from linli import Act, Award, Facts, Manifest, Subject, hookimpl
from linli.errors import Problem
from linli_bank.checking import contradictions
from linli_bank.earning import earned
from linli_bank.figures import FIGURES
from linli_bank.gifts import GIFT
from linli_bank.members import ACCOUNT, BANK
from linli_bank.redemptions import REDEMPTION
from linli_bank.settings import BankSettings


@hookimpl
def describe() -> Manifest:
    """What the bank brings."""
    return Manifest(
        name="bank",
        settings=BankSettings,
        workflows=(BANK, ACCOUNT, GIFT, REDEMPTION),
        figures=FIGURES,
    )


@hookimpl
def settings_check(settings: BankSettings) -> Iterable[Problem]:
    """What contradicts itself in the [bank] table."""
    return contradictions(settings)


@hookimpl
def points_for_act(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Award]:
    """What an act earns by the district's rules."""
    return earned(act, subject, facts)
