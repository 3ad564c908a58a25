"""`linli init DIR --profile daxiang`: the district's file and its sample files."""

from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from linli_daxiang.compounds import compounds, sample
from linli_daxiang.files import write_files
from linli_daxiang.lists import lists


def yesterday() -> datetime:
    """Yesterday evening: the samples end there, so that what is open in them is not years old."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=18, minute=0, second=0, microsecond=0)
    return today - timedelta(days=1)


def write(folder: Path, *, seed: int = 1, scale: float = 1.0) -> list[Path]:
    """Write district.toml and the sample files into `folder`; the files, in the order of importing them.

    Args:
        seed: what the people and requests are made up from; the days count back from yesterday.
        scale: how many of them; 1 has 40 compounds, 5,350 members and 300 requests.
    """
    text = files("linli_daxiang").joinpath("district.toml").read_text(encoding="utf-8")
    (folder / "district.toml").write_text(text, encoding="utf-8")
    people = sample(seed, scale, yesterday())
    rosters = lists(Random(seed), compounds(scale), people.members, people.volunteers)
    return write_files(folder, people, rosters, compounds(scale), seed)
