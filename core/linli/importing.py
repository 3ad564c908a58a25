"""For importers, and for readers of tables: columns, lines, problems, and what the register knows of people and homes."""

from typing import TYPE_CHECKING

from linli._base.doors import lazily

if TYPE_CHECKING:
    from linli._engine.orders import AlreadySo
    from linli._hooks.importers import Importer
    from linli._importing.batches import BadLine, Batch, Line
    from linli._importing.headings import known_headings, match_headings
    from linli._importing.report import Report
    from linli._model.sheets import (
        EPOCH,
        PROBLEM_HEADING,
        ChangedSince,
        Column,
        FileMapping,
        HeadingMatch,
        Kind,
        Row,
        RowProblem,
        Table,
        Unread,
        Value,
    )
    from linli._verbs.register.claims import PersonData
    from linli._verbs.register.import_homes import (
        BUILDING,
        COMMUNITY,
        COMPOUND,
        PLACE_COLUMNS,
        STREET,
        UNIT,
        Homes,
    )
    from linli._verbs.register.import_people import MEMBERSHIPS, NAME, PHONE, RESIDENT_ID, Entries, claim_of
else:
    # Loaded when first used: a command needs little of it.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_engine.orders": "AlreadySo",
            "_hooks.importers": "Importer",
            "_importing.batches": "BadLine Batch Line",
            "_importing.headings": "known_headings match_headings",
            "_importing.report": "Report",
            "_model.sheets": "ChangedSince Column EPOCH FileMapping HeadingMatch Kind PROBLEM_HEADING Row RowProblem Table Unread Value",
            "_verbs.register.claims": "PersonData",
            "_verbs.register.import_homes": "BUILDING COMMUNITY COMPOUND Homes PLACE_COLUMNS STREET UNIT",
            "_verbs.register.import_people": "Entries MEMBERSHIPS NAME PHONE RESIDENT_ID claim_of",
        },
    )

__all__ = [
    "BUILDING",
    "COMMUNITY",
    "COMPOUND",
    "EPOCH",
    "MEMBERSHIPS",
    "NAME",
    "PHONE",
    "PLACE_COLUMNS",
    "PROBLEM_HEADING",
    "RESIDENT_ID",
    "STREET",
    "UNIT",
    "AlreadySo",
    "BadLine",
    "Batch",
    "ChangedSince",
    "Column",
    "Entries",
    "FileMapping",
    "HeadingMatch",
    "Homes",
    "Importer",
    "Kind",
    "Line",
    "PersonData",
    "Report",
    "Row",
    "RowProblem",
    "Table",
    "Unread",
    "Value",
    "claim_of",
    "known_headings",
    "match_headings",
]  # fmt: skip
