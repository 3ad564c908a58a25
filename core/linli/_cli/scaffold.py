"""The files of a new plugin. They are complete: installed, they work, and their test passes."""

import re
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path

from linli._base.errors import Refused
from linli._base.refusals import Invalid
from linli._base.version import __version__
from linli._hooks.plugins import BUILT_IN

_SETUP_CFG = """\
[metadata]
name = linli-NAME
version = 0.1.0
description = A plugin for linli
long_description = file: README.md
long_description_content_type = text/markdown

[options]
python_requires = >=3.11
package_dir =
    = src
packages = find:
install_requires =
    linli >= VERSION

[options.extras_require]
test =
    linli[authors] >= VERSION

[options.packages.find]
where = src

[options.package_data]
linli_NAME =
    py.typed
    locale/*/LC_MESSAGES/*.mo
    locale/*/LC_MESSAGES/*.po

[options.entry_points]
linli.plugins =
    NAME = linli_NAME.plugin
"""

_PYPROJECT = """\
[build-system]
requires = ["setuptools >= 77"]
build-backend = "setuptools.build_meta"

# So that the tests run before the plugin is installed.
[tool.pytest.ini_options]
pythonpath = ["src"]
addopts = ["--import-mode=importlib"]
"""

_README = """\
# linli-NAME

A plugin for [linli](https://pypi.org/project/linli/): an example that offers help between neighbours.

    pip install -e ".[test]"
    pytest

Then write it into the district's file, and say who may do what:

    [plugins]
    enabled = ["NAME"]

    [NAME]
    longest_hours = 4

What it brings: `linli workflow show NAME`, its settings: `linli config show NAME`.
"""

_PLUGIN = '''\
"""Help between neighbours: somebody offers it, a clerk sees that it was given."""

from typing import Annotated

import attrs
from linli import (
    ANYONE,
    Figure,
    Input,
    Moves,
    Plugin,
    Refusal,
    State,
    Transition,
    Why,
    Workflow,
    has_post,
    setting,
)

CLERK = has_post("clerk")


@attrs.frozen(kw_only=True)
class Settings:
    """The [NAME] table of a district's file."""

    longest_hours: int = setting(8, "the longest help that is taken", unit="hours", least=1)


@attrs.frozen(kw_only=True)
class Help:
    """What is asked of whoever offers it, and kept: no personal data."""

    hours: Annotated[int, Input("how long")]


class TooManyHours(Refusal, says="at most {longest} hours are taken at once"):
    """Programs know it by its code: NAME.too_many_hours."""

    longest: int


def not_too_long(t: Transition[Help, Help]) -> Refusal | None:
    """Why an offer may not be made; None where it may."""
    longest = t.settings(Settings).longest_hours
    return TooManyHours(longest=longest) if t.given.hours > longest else None


class Helping(Workflow[Help], name="NAME", label="help between neighbours"):
    """Offered, given or withdrawn."""

    move = Moves(Help)
    offered = accepted_in = State("offered")
    given = State("given", ends=True)
    withdrawn = State("withdrawn", ends=True)
    offer = move.opening(offered, Help, by=CLERK | ANYONE, needs=[not_too_long])
    give = move(offered.to(given), by=CLERK)
    withdraw = move(offered.to(withdrawn), Why, by=CLERK)


PLUGIN = Plugin(
    name="NAME",
    settings=Settings,
    workflows=(Helping,),
    figures=(Figure(name="NAME.given", help="help given in the period", on=(Helping.give,)),),
)
'''

_TEST = '''\
"""The plugin in a district of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from linli import District, Refused
from linli.testing import a_place, make_district
from linli_NAME import plugin


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with make_district(tmp_path, plugins={"NAME": plugin}) as opened:
        yield opened


def test_help_that_was_given_is_counted(district: District) -> None:
    offer = district.start("NAME", "offer", a_place(district, "compound"), {"hours": 2})
    district.make(offer.subject, "give")
    assert district.subject(offer.subject).outcome == "given"
    assert district.brief().figures["NAME.given"] == 1


def test_help_that_is_too_long_is_refused_with_the_reason(district: District) -> None:
    with pytest.raises(Refused, match="8"):
        district.start("NAME", "offer", a_place(district, "compound"), {"hours": 9})


def test_what_was_given_is_not_withdrawn(district: District) -> None:
    offer = district.start("NAME", "offer", a_place(district, "compound"), {"hours": 2})
    district.make(offer.subject, "give")
    with pytest.raises(Refused):
        district.make(offer.subject, "withdraw", {"reason": "by mistake"})
'''

_FILES: Mapping[str, str] = {
    "setup.cfg": _SETUP_CFG,
    "pyproject.toml": _PYPROJECT,
    "README.md": _README,
    "src/linli_NAME/__init__.py": '"""A plugin for linli."""\n',
    "src/linli_NAME/py.typed": "",
    "src/linli_NAME/plugin.py": _PLUGIN,
    "tests/test_NAME_plugin.py": _TEST,
}


class BadPluginName(
    Invalid, says="'{name}' is no name for a plugin; use small letters, digits and _, such as: snow"
):
    name: str
    field: str = "name"


class BuiltInName(Invalid, says="'{name}' is the name of a built-in plugin; choose another"):
    name: str
    field: str = "name"


class FolderNotEmpty(Invalid, says="{folder} exists and is not empty; name another folder"):
    folder: Path
    field: str = "folder"


def scaffold(name: str, folder: Path) -> Path:
    """Write a plugin into a new folder; Refused where its name or its folder cannot be used."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) or iskeyword(name):
        raise Refused(BadPluginName(name=name))
    if name in BUILT_IN:
        raise Refused(BuiltInName(name=name))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(FolderNotEmpty(folder=folder))
    for path, text in _FILES.items():
        file = folder / _filled(path, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(text, name), encoding="utf-8")
    return folder


def _filled(text: str, name: str) -> str:
    return text.replace("NAME", name).replace("VERSION", __version__)
