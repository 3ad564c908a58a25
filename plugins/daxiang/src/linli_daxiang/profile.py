"""`linli init DIR --profile daxiang`: the district's file and its sample files."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path

from linli_daxiang.compounds import sample
from linli_daxiang.files import write_files

UNTIL = datetime.fromisoformat("2026-06-30T18:00:00+08:00")


def write(folder: Path, *, seed: int = 1, scale: float = 1.0) -> list[Path]:
    """Write district.toml and the sample files into `folder`; the files, in the order of importing them.

    Args:
        seed: what the people and requests are made up from.
        scale: how many of them; 1 has about 160 members and 360 requests.
    """
    text = files("linli_daxiang").joinpath("district.toml").read_text(encoding="utf-8")
    (folder / "district.toml").write_text(text, encoding="utf-8")
    return write_files(folder, sample(seed, scale, UNTIL), seed)
