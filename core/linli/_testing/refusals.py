"""The list of all refusals, docs/refusals.md: found by importing every module of the packages.

python -m linli._testing.refusals core/linli plugins/bank/src/linli_bank
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from linli._base.refusals import Refusal, declared

PAGE = Path("docs/refusals.md")

_BEGINNING = """# Refusals

Every reason why something may not be has a code, which stays when its words change: programs get both with `--json`, and
as `code` and `reasons` of what is raised (`linli._base.errors.Refused`). Several sentences of one code are one to a program. The values are
what the sentence has in braces, and what is told beside it. `make refusals` writes this page from the code; what is no
longer on it is gone for the programs that rely on it, so say so in the changelog.
"""


def page(packages: Iterable[Path]) -> str:
    """The list of what the packages declare."""
    parts = [_BEGINNING]
    for package in packages:
        rows = [_row(one) for one in of_package(package)]
        if rows:
            head = "| code | what is said | values |\n|---|---|---|\n"
            parts.append(f"## {package.name}\n\n{head}" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def of_package(package: Path) -> Iterator[type[Refusal]]:
    """What a package declares, by code; every module of it is imported."""
    for module in _modules(package):
        import_module(module)
    # Not what a test made, nor what was there before a module was loaded again.
    own = (one for one in declared() if one.__module__.partition(".")[0] == package.name)
    yield from (one for one in own if getattr(sys.modules[one.__module__], one.__qualname__, None) is one)


def codes(text: str) -> set[str]:
    """The codes in a list that was written."""
    return set(re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE))


def _modules(package: Path) -> Iterator[str]:
    for found in walk_packages([str(package)], f"{package.name}."):
        if not re.search(r"\.(migrations|_?testing|__main__)(\.|$)", found.name):
            yield found.name


def _row(one: type[Refusal]) -> str:
    values = ", ".join(f"`{name}`" for name in one.declares)
    said = one.says.replace("|", "\\|") or "*any of those with this code*"
    return f"| `{one.code}` | {said} | {values} |"


def main(packages: list[str]) -> None:
    """Write the list of the packages named, and say what is new and what is gone."""
    known = codes(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else set()
    text = page([Path(name).resolve() for name in packages])
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE}: {len(codes(text))} codes")
    for mark, some in (("new", codes(text) - known), ("gone", known - codes(text))):
        for code in sorted(some):
            print(f"  {mark}: {code}")


if __name__ == "__main__":
    main(sys.argv[1:])
