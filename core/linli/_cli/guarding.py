"""The commands of plugins are guarded as everything is that a plugin gives."""

import functools
from collections.abc import Callable
from typing import Any

import click

from linli._hooks.guarding import blamed, is_nobodys


def guarded_command(command: click.Command, plugin: str, path: str) -> click.Command:
    """A plugin's command and all below it, guarded where they are run; what click says is click's."""
    if command.callback is not None and not hasattr(command.callback, "__guarded__"):
        command.callback = _guard_command(command.callback, plugin, path)
    for name, below in getattr(command, "commands", {}).items():
        guarded_command(below, plugin, f"{path} {name}")
    return command


def _guard_command(function: Callable[..., Any], plugin: str, path: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as error:
            if is_nobodys(error):
                raise
            raise blamed(plugin, path, error, outside=True) from error

    call.__guarded__ = True  # type: ignore[attr-defined]
    return call
