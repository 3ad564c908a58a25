"""A noun of the command line: the group of its commands, with what it is for."""

import click

from linli._base.i18n import translate


def noun(name: str, purpose: str, examples: str = "") -> click.Group:
    """The group of a noun's commands. Args: as of `noun_help`."""
    return click.Group(name=name, help=noun_help(name, purpose, examples))


def noun_help(name: str, purpose: str, examples: str = "") -> str:
    """The help of a noun, or of a command that is one.

    Args:
        purpose: what it is for, in English, written out as one text: `linli --help` reads name and purpose in the
            module's file, which it does not load.
        examples: how commands are written, a line each.
    """
    text = translate(purpose)
    return f"{text}\n\n\b\n{examples.strip()}" if examples else text
