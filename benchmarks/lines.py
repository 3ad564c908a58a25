"""`make lines`: lines of source that are not blank, by distribution; tests, migrations and catalogues apart."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
APART = {"migrations", "locale", "tests"}


def lines(folder: Path) -> int:
    """Lines that are not blank in the modules below a folder."""
    modules = (path for path in folder.rglob("*.py") if not APART & set(path.relative_to(folder).parts))
    return sum(
        1 for path in modules for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    )


def main() -> None:
    """Print them."""
    plugins = {
        path.name: lines(path / "src") for path in sorted((ROOT / "plugins").iterdir()) if path.is_dir()
    }
    adapters = {
        path.name: lines(path / "src") for path in sorted((ROOT / "adapters").iterdir()) if path.is_dir()
    }
    command_line = lines(ROOT / "core" / "linli" / "_cli")
    core = lines(ROOT / "core") - command_line
    for name, count in {**plugins, **{f"adapter {name}": count for name, count in adapters.items()}}.items():
        print(f"{count:7,}  {name}")
    print(f"{sum(plugins.values()):7,}  the plugins together")
    print(f"{core:7,}  the core\n{command_line:7,}  its command line")


if __name__ == "__main__":
    main()
