"""A command's module is loaded before the plugins are: nothing that it has looked at may then be in the way."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from random import Random, SystemRandom

from linli._cli.main import NOUNS
from linli._hooks.plugins import BUILT_IN

SEED = int(os.environ.get("LINLI_SEED", "0")) or SystemRandom().randrange(10**6)
SHARE = None if os.environ.get("LINLI_SLOW") else 8
TARGETS = sorted(
    {target for target, _ in NOUNS.values()} | {one.value for one in entry_points(group="linli.commands")}
)
PLUGINS = sorted({one.name for one in entry_points(group="linli.plugins")} - set(BUILT_IN))
_CODE = """
import sys
from importlib import import_module
import_module(sys.argv[1].partition(":")[0])
from linli._hooks.plugins import Plugins
print(len(Plugins([one for one in sys.argv[2].split(",") if one]).declarations))
"""


def test_whichever_command_comes_first_every_plugin_loads() -> None:
    targets = Random(SEED).sample(TARGETS, len(TARGETS))[:SHARE]
    print(f"commands, seed {SEED}: {', '.join(targets)}")
    for target in targets:
        done = subprocess.run(
            [sys.executable, "-c", _CODE, target, ",".join(PLUGINS)], capture_output=True, text=True
        )
        assert done.returncode == 0, f"{target}: {done.stderr[-1000:]}"
        assert int(done.stdout) == len(PLUGINS) + len(BUILT_IN)


def test_with_the_core_alone_too() -> None:
    for target in sorted(target for target, _ in NOUNS.values() if target.partition(":")[0].endswith("task")):
        done = subprocess.run([sys.executable, "-c", _CODE, target, ""], capture_output=True, text=True)
        assert done.returncode == 0, f"{target}: {done.stderr[-1000:]}"
