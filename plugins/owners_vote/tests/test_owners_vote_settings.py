"""Settings that contradict each other are refused by `linli config check`; what the README shows is not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from linli._hooks.plugins import Plugins
from linli._schema import migrate
from linli._store.store import Store
from linli.testing import Printed, write_district
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.tables import TABLES

README = Path(__file__).parent.parent / "README.md"


def _checked(command: Callable[..., Printed], folder: Path, more: str) -> Printed:
    return command("config", "check", folder=write_district(folder, enabled=("owners_vote",), more=more))


def test_what_the_readme_shows_is_right(command: Callable[..., Printed], tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    more = shown[shown.index("[owners_vote]") :]
    printed = _checked(command, tmp_path, "\n" + more)
    assert printed.code == 0, printed.err


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ('ways = ["proxy"]', "owners_vote.ways", "needs online or paper"),
        ("ways = []", "owners_vote.ways", "needs online or paper"),
        ('ways = ["paper", "paper"]', "owners_vote.ways", "is there twice"),
        ("proxies_per_person = 0", "owners_vote.proxies_per_person", "is 0, but ways has proxy"),
        ('uses_left_out = ["home", "shop", "parking"]', "owners_vote.uses_left_out", "leaves out every use"),
        (
            'extension = true\nlongest_extension = "0s"',
            "owners_vote.longest_extension",
            "is 0, but extension",
        ),
        (
            'extension = true\nperiod = "7d"',
            "owners_vote.longest_extension",
            "is longer than the vote itself",
        ),
        ('ways = ["email"]', "owners_vote.ways[0]", "online"),
        ('period = "0s"', "owners_vote.period", "must be at least"),
        ("quorum = 0.5", "owners_vote.quorum", ""),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    command: Callable[..., Printed], tmp_path: Path, line: str, where: str, what: str
) -> None:
    printed = _checked(command, tmp_path, f"\n[owners_vote]\n{line}\n")
    assert printed.code == 1
    told = printed.out + printed.err
    assert where in told
    assert what in told


def test_what_a_district_says_nothing_of_is_no_contradiction(
    command: Callable[..., Printed], tmp_path: Path
) -> None:
    assert _checked(command, tmp_path, "").code == 0
    assert VoteSettings().extension is False


def test_the_revisions_make_exactly_the_tables_that_are_declared(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    plugins = Plugins(("owners_vote",))
    store = Store(f"sqlite:///{tmp_path / 'up.db'}")
    migrate.upgrade(store, plugins)
    with create_engine(f"sqlite:///{tmp_path / 'up.db'}").connect() as connection:
        names = {name for name in inspect(connection).get_table_names() if name.startswith("owners_vote")}
        assert names == set(TABLES.tables)
        ours = {
            "include_name": lambda name, kind, _parents: kind != "table" or name in names,
            "compare_type": True,
        }
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, TABLES) == []
    store.close()
