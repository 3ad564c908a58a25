"""The list of direct acts, docs/direct-acts.md, made of what the installed plugins declare.

python -m linli._testing.direct_acts
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linli._hooks.plugins import BUILT_IN, Plugins, installed
from linli._model.access import Role
from linli._model.direct import DirectAct

PAGE = Path("docs/direct-acts.md")
_HEAD = """# Direct acts

What is no workflow's move, with who may do it: posts at the place of the act and at every other place that it touches, or from
above. Posts are begun and ended by whom the district's table of posts names; what linli alone does follows from other acts. Acts
of the register that ask for nothing here are planned on what it has before they are made. `make direct-acts` writes this page from the code;
[the contract](contract.md) says how one is declared.
"""


def page() -> str:
    """The list, by the plugins that bring them."""
    plugins = Plugins([name for name in installed() if name not in BUILT_IN])
    return "\n".join([_HEAD, *(line for name in sorted(plugins.declarations) for line in _of(plugins, name))])


def _of(plugins: Plugins, name: str) -> Iterator[str]:
    acts = sorted(plugins.declarations[name].all_direct_acts, key=lambda act: act.verb)
    if acts:
        yield f"## {name}\n\n| verb | label | who | asks for |\n|---|---|---|---|"
        yield from map(_row, acts)
        yield ""


def _row(act: DirectAct[Any]) -> str:
    asked = ", ".join(f"`{one.name}`" for one in act.fields)
    return f"| `{act.verb}` | {act.label} | {_who(act.by)} | {asked} |"


def _who(role: Role) -> str:
    others = {"whose it is": role.own, "anybody registered": role.anyone, "linli": role.engine}
    return ", ".join(
        [*sorted(f"`{post}`" for post in role.posts), *(one for one, may in others.items() if may)]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
