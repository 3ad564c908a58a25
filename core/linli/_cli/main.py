"""`linli`: the nouns and the page that shows them, without loading anything that the page needs not.

The rest of the command line, which click draws, is in `linli._cli.top`.
"""

import gc
import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module

from linli._base.catalogues import add_catalogue, translate
from linli._base.entry_points import declared

GROUP = "linli.commands"

# Noun -> module:attribute and what it is for. Modules are imported only when their noun is used.
NOUNS: Mapping[str, tuple[str, str]] = {
    "init": ("linli._cli.init:init", "make a district's folder from a profile"),
    "import": ("linli._cli.importing:import_", "take spreadsheets into the record"),
    "brief": ("linli._cli.brief:brief", "print the figures of a place and a period"),
    "mine": (
        "linli._cli.mine:mine",
        "what waits for the person or the post that I act as, what is late first",
    ),
    "request": ("linli._cli.request:request", "residents' requests, from submission to the one feedback"),
    "task": ("linli._cli.task:task", "tasks: take, finish, confirm, hand over"),
    "offer": ("linli._cli.task:offer", "tasks offered to somebody else, who accepts or refuses them"),
    "handover": ("linli._cli.task:handover", "requests handed over to bodies outside: what they answered"),
    "late-entry": (
        "linli._cli.task:late_entry",
        "what was entered afterwards: somebody above confirms from when it counts",
    ),
    "person": ("linli._cli.person:person", "register, find, merge and end people"),
    "place": ("linli._cli.place:place", "the tree of places, from the district to a home"),
    "organisation": ("linli._cli.organisation:organisation", "organisations and who is in them"),
    "post": ("linli._cli.post:post", "who has which role where"),
    "appointment": (
        "linli._cli.second_person:appointment",
        "posts put forward by one person, for another to confirm",
    ),
    "removal": (
        "linli._cli.second_person:removal",
        "people who move to a place that others keep: the old place releases them",
    ),
    "record-merge": (
        "linli._cli.second_person:record_merge",
        "two records of one person that have posts or points: a second person decides",
    ),
    "points": ("linli._cli.points:points", "accounts, statements, awards and reversals"),
    "publication": ("linli._cli.publication:publication", "draft, approve, publish, withdraw, correct"),
    "delivery": ("linli._cli.delivery:delivery", "what is due, what failed, sending it again"),
    "worker": ("linli._cli.worker:worker", "carry out what is due"),
    "verify": ("linli._cli.verify:verify", "seal the journal and check that nothing was changed"),
    "vault": ("linli._cli.vault:vault", "the keys of personal data: replace the one of limited age"),
    "workflow": ("linli._cli.workflow:workflow", "show a workflow as a table or a diagram"),
    "plugin": ("linli._cli.plugin:plugin", "what is installed, enabled and broken"),
    "config": ("linli._cli.config:config", "check and explain a district's file"),
    "db": ("linli._cli.db:db", "create and upgrade the tables"),
    "doctor": ("linli._cli.doctor:doctor", "say what is wrong with this installation"),
}

HELP = """linli runs the work of a district's residential compounds.

A district lives in a folder with a district.toml. Start with:

linli demo                        see it all on sample data
linli init DIR                    make a district's folder
linli import people.xlsx          register everybody in a file
linli mine --as 13800138000       list what waits for somebody
linli brief                       print the district's figures

LINLI_LANG=en speaks English, LINLI_LANG=zh Chinese."""

OPTIONS: Mapping[str, str] = {
    "--district PATH": "the district's folder or file; else LINLI_DISTRICT, else this folder",
    "--at MOMENT": "in a district for trials: what is now, 2026-03-31T09:00",
    "--version": "show the version",
    "--help": "show this page, or that of a noun: linli request --help",
}


def plugin_nouns() -> Mapping[str, tuple[str, ...]]:
    """Nouns of installed plugins: entry points whose name is the noun, with what brings it."""
    return {name: where for name, where in declared(GROUP).items() if name not in NOUNS}


def help_page() -> str:
    """What `linli --help` prints."""
    nouns = {name: translate(purpose) for name, (_, purpose) in NOUNS.items()}
    more = {name: translate(_purpose(name, where)) for name, where in sorted(plugin_nouns().items())}
    options = {name: translate(purpose) for name, purpose in OPTIONS.items()}
    parts = [
        "linli [--district PATH] " + translate("NOUN VERB …"),
        _indented(translate(HELP)),
        _listed(translate("Options"), options),
        _listed(translate("Nouns"), nouns),
        *([_listed(translate("Nouns of plugins"), more)] if more else []),
    ]
    return "\n\n".join(parts)


def _purpose(noun: str, where: tuple[str, ...]) -> str:
    """What a plugin says that a noun is for, as its module has it in `noun(..)`; nothing of it is loaded."""
    package, *inner = where[0].partition(":")[0].split(".")
    try:
        folder = import_module(package).__path__[0]
        with open(os.path.join(folder, *inner) + ".py", encoding="utf-8") as source:
            found = re.search(_SAID.format(noun=re.escape(noun)), source.read())
    except Exception:  # whatever is wrong with a plugin, the page is shown: linli plugin list says what
        found = None
    if not found:
        return translate("see: linli {noun} --help").format(noun=noun)
    add_catalogue(os.path.join(folder, "locale"))
    return found[1]


# A call of `noun`, or of `noun_help`: its name, and its purpose.
_SAID = r'\bnoun(?:_help)?\(\s*"{noun}",\s*"([^"\\]+)"'


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.splitlines())


def _listed(heading: str, rows: Mapping[str, str]) -> str:
    width = max(map(len, rows))
    return "\n".join([heading, *(f"  {name:<{width}}  {purpose}" for name, purpose in rows.items())])


def _print(page: str) -> None:
    """As much of a page as is read: `linli --help | head` is no error."""
    try:
        print(page, flush=True)
    except BrokenPipeError:
        # So that Python does not try again as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """The console script."""
    if sys.argv[1:] in ([], ["--help"]) and "_LINLI_COMPLETE" not in os.environ:
        # Click alone takes longer to load than all of this page.
        _print(help_page())
        return
    # What a command loads stays: looking for garbage in it at Python's usual rate takes a tenth of a list's time.
    gc.set_threshold(200_000, 20, 100)
    from linli._cli.top import run

    sys.exit(run())
