"""What takes one kind of table into the record: what a plugin declares of it."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from linli._model.access import KEEPERS
from linli._model.direct import DirectAct
from linli._model.inputs import NoInputs
from linli._model.sheets import Column


def _act_of(importer: "Importer") -> DirectAct[NoInputs]:
    return DirectAct(f"import.{importer.kind}", label=importer.done or importer.label, by=KEEPERS)


@attrs.frozen(kw_only=True)
class Importer:
    """What takes one kind of table into the record.

    Attributes:
        kind: its name for `--kind` and in the verb of its acts ("import.people").
        label: what its rows are, in English; the catalogues have the other languages.
        columns: what it asks for; a row that lacks a required one is skipped and reported.
        signs: headings that only such a table has, one of which must be there for a sheet to be guessed to
            be one. Without any, those are signs that no other importer knows.
        plain: whether a table is guessed to be this without a sign: what makes nobody something else.
        done: what people call the act that takes some of them, in English.
        act: by which it takes some of them; it follows from the rest.
        load: takes good rows, as `Line`s, into a `Batch` (`linli.importing`); called again from the start when the transaction is tried again.
    """

    kind: str
    label: str
    columns: tuple[Column, ...]
    load: Callable[[Sequence[Any], Any], None]
    done: str = ""
    signs: tuple[str, ...] = ()
    plain: bool = False
    act: DirectAct[NoInputs] = attrs.Factory(_act_of, takes_self=True)

    @property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}
