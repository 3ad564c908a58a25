"""For commands of plugins: those that come from declarations, and what a command by hand needs."""

from typing import TYPE_CHECKING

from linli._base.doors import lazily

if TYPE_CHECKING:
    from linli._base.i18n import language, sentences, speaking
    from linli._cli.choices import Choice
    from linli._cli.giving import given_files, save
    from linli._cli.moves import Columns, add_lists, add_moves, print_act
    from linli._cli.nouns import noun, noun_help
    from linli._cli.openings import add_openings
    from linli._cli.options import of_move
    from linli._cli.reports import add_reports, print_answer
    from linli._cli.shared import (
        actor_of,
        as_option,
        identifier,
        json_option,
        minute,
        names_of,
        pass_district,
        period_options,
        plain_record,
        print_json,
        progress,
        show,
        table,
    )
    from linli._model.wording import state_of
else:
    # Loaded when first used: a command needs little of it.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_base.i18n": "language sentences speaking",
            "_cli.choices": "Choice",
            "_cli.giving": "given_files save",
            "_cli.moves": "Columns add_lists add_moves print_act",
            "_cli.nouns": "noun noun_help",
            "_cli.openings": "add_openings",
            "_cli.options": "of_move",
            "_cli.reports": "add_reports print_answer",
            "_cli.shared": "actor_of as_option identifier json_option minute names_of pass_district period_options plain_record print_json progress show table",
            "_model.wording": "state_of",
        },
    )

__all__ = [
    "Choice", "Columns", "actor_of", "add_lists", "add_moves", "add_openings", "add_reports", "as_option",
    "given_files", "identifier", "json_option", "language", "minute", "names_of", "noun", "noun_help",
    "of_move", "pass_district", "period_options", "plain_record", "print_act", "print_answer",
    "print_json", "progress", "save", "sentences", "show", "speaking", "state_of", "table",
]  # fmt: skip
