"""Back within thirty minutes: how long a backup, its check and its restore take for a store with 100,000 facts.

`python -m bench.restore`
"""

import asyncio
import tempfile
import time
from pathlib import Path

from bench.counting import CATALOG
from bench.projector import fill
from bench.report import Line, tell
from chassis.copies.backup import back_up
from chassis.copies.restore import checked, heard_of, restore_store
from chassis.store import Store
from chassis.testing import FixedKeys, postgres_server

FACTS = 100_000
GOAL_SECONDS = 30 * 60


async def measure(source_url: str, target_url: str, folder: Path) -> tuple[float, float]:
    """Seconds for a backup of what is at `source_url`, and for checking and restoring it to `target_url`."""
    service = CATALOG.service
    began = time.perf_counter()
    made = await asyncio.to_thread(back_up, {service: source_url}, folder, "bench")
    backed_up = time.perf_counter() - began
    began = time.perf_counter()
    manifest = checked(made)
    heard = heard_of({service: target_url})[service]
    done = await restore_store(made, manifest, CATALOG, target_url, heard=heard, stamp="bench")
    assert done.facts >= FACTS  # and what an earlier restore said of itself
    return backed_up, time.perf_counter() - began


async def figures(folder: Path) -> list[Line]:
    source = f"sqlite:///{folder}/source.db"
    store = await Store.open(source, CATALOG, FixedKeys())
    await fill(store, FACTS)
    await store.close()
    goal = f"{GOAL_SECONDS} s"
    taken, restored = await measure(source, f"sqlite:///{folder}/there.db", folder / "one")
    lines = [
        Line("backup of a store with 100,000 facts, SQLite", f"{taken:,.1f} s"),
        Line("check and restore of it, SQLite", f"{restored:,.1f} s", goal=goal),
    ]
    with postgres_server() as server:
        _, restored = await measure(source, server.url, folder / "two")
        lines.append(Line("check and restore of it, PostgreSQL", f"{restored:,.1f} s", goal=goal))
        taken, _ = await measure(server.url, f"sqlite:///{folder}/back.db", folder / "three")
        lines.append(Line("backup of it, PostgreSQL", f"{taken:,.1f} s"))
    return lines


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tell(asyncio.run(figures(Path(folder))))


if __name__ == "__main__":
    main()
