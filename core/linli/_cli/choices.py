"""Choices as people type them: by the word that lists show, or by the code that programs and these docs use."""

from collections.abc import Iterable, Mapping
from gettext import ngettext

import click

from linli._base.i18n import listed, say, translate, within

ORGANISATIONS = (
    "residents_committee", "owners_assembly", "owners_committee", "property_company", "association", "department",
    "branch", "volunteer_organisation", "party_organisation",
)  # fmt: skip
TIES = ("resident", "owner", "tenant", "volunteer", "party_member")
"""Kinds of organisations and ties that people have a word for; a district may have others."""


class Choice(click.Choice[str]):
    """One of some codes, typed as it is or as it is called in the reader's language.

    Args:
        codes: what programs know the choices by.
        called: what people call them, as a message; a code that is not in it is called by its own name.
        context: the workflow whose words they are.
    """

    def __init__(
        self, codes: Iterable[str], called: Mapping[str, str] | None = None, *, context: str = ""
    ) -> None:
        super().__init__(tuple(codes))
        self.context = context
        self.called = called or {}

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code of what was typed."""
        code = coded(value, {code: self._word(code) for code in self.choices})
        if code not in self.choices:  # the word that other mechanisms have for it will do, too
            code = coded(value, {code: translate(self.called.get(code, code)) for code in self.choices})
        if code in self.choices:
            return code
        raise click.BadParameter(self.get_invalid_choice_message(value, ctx), ctx, param)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What help shows: words where each can be typed without quotes."""
        shown = "|".join(map(self._typed, self.choices))
        return f"{{{shown}}}" if param.required and param.param_type_name == "argument" else f"[{shown}]"

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """What there is to choose from."""
        return str(say("choose from: {known}", known=listed(map(self._typed, self.choices))))

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """What there is instead of what was typed."""
        one, several = "{value!r} is not {choice}.", "{value!r} is not one of {choices}."
        shown = str(listed(map(self._typed, self.choices)))
        return ngettext(one, several, len(self.choices)).format(value=value, choice=shown, choices=shown)

    def _word(self, code: str) -> str:
        return within(self.context, self.called.get(code, code))

    def _typed(self, code: str) -> str:
        """The word, or the code where the word has several words or is another choice's too."""
        word = self._word(code)
        alone = sum(self._word(other) == word for other in self.choices) == 1
        return word if alone and " " not in word else code


def coded(value: str, codes: Iterable[str] | Mapping[str, str]) -> str:
    """The code that people call `value`; `value` itself where it is a code, or the word of none or several.

    Args:
        codes: the codes, with what people call each where that is not a code's own word.
    """
    words = codes if isinstance(codes, Mapping) else {code: translate(code) for code in codes}
    if value in words:
        return value
    meant = [code for code, word in words.items() if word == value]
    return meant[0] if len(meant) == 1 else value
