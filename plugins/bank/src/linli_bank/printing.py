"""What the bank's commands share."""

import click

from linli import translate

key_option = click.option(
    "--key", type=click.UUID, default=None, help=translate("the act's number, to repeat a call safely")
)
PLACE_HELP = translate("a number or a path of names: 锦绣花园")
unit_option = click.option("--ledger", "unit", default=None, help=translate("the ledger; else the first one"))
# What commands print of settings and records, word by word.
WORDS = (
    "both", "earn", "redeem", "hour", "minute", "one", "suspended", "breach", "factor", "until", "confirm",
    "hold points", "release points", "zeroed", "expiry", "by hand",
    "redemption_window|refused", "credit|rejected",
)  # fmt: skip
