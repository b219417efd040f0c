"""Read every fact of one service and prove that none was missed. Needs nats-py and nothing of Retainer.

    python examples/subscriber.py nats://127.0.0.1:4222 billing
    python examples/subscriber.py nats://127.0.0.1:4222 timelog --until 500

Each message names its position in the service's store and the position before it. A subscriber that has seen the one
before has missed nothing; one that has not reads again from where it was. The consumer is ordered: after a lost
connection the server goes on where we were. What was seen last is kept in a file, so that a restart goes on there too.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

import nats
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy


class Missed(Exception):
    """Facts are missing between the last one seen and this one."""


class Notebook:
    """Where we are: the epoch and position of the last fact, and its place in the stream."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.source: str = kept.get("source", "")
        self.position: int = kept.get("position", 0)
        self.sequence: int = kept.get("sequence", 0)
        self.seen: int = kept.get("seen", 0)

    def note(self, message: Msg) -> bool:
        """True for a fact that is new; `Missed` where one before it was never seen."""
        headers = message.headers or {}
        position, before = int(headers["Retainer-Position"]), int(headers["Retainer-Previous"])
        if self.source not in ("", headers["ce-source"]):
            print(f"{headers['ce-source']} is a new epoch: the store was restored, positions go on", file=sys.stderr)
        elif position <= self.position:
            return False
        elif before != self.position:
            raise Missed(f"the fact before {position} is {before}, and the last one seen was {self.position}")
        self.source, self.position = headers["ce-source"], position
        self.sequence, self.seen = message.metadata.sequence.stream, self.seen + 1
        return True

    def keep(self) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps({key: value for key, value in vars(self).items() if not key.startswith("_")}))
        beside.replace(self._path)


async def follow(url: str, service: str, notebook: Notebook, until: int) -> None:
    """Read from where the notebook says until `until` facts were seen in all; 0 is for ever."""
    connection = await nats.connect(url)
    try:
        after = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=notebook.sequence + 1)
        subscription = await connection.jetstream().subscribe(
            f"retainer.*.{service}.>", stream=f"retainer-{service}", ordered_consumer=True, config=after
        )
        while not until or notebook.seen < until:
            message = await subscription.next_msg(timeout=None)
            if notebook.note(message):
                headers = message.headers or {}
                print(notebook.position, headers["ce-type"], headers["ce-subject"], flush=True)
                notebook.keep()
    finally:
        await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Read every fact of one service and prove that none was missed.")
    parser.add_argument("url", help="of the NATS server, like nats://127.0.0.1:4222")
    parser.add_argument("service", choices=["contracts", "timelog", "billing", "notify"])
    parser.add_argument("--until", type=int, default=0, help="end after so many facts in all")
    parser.add_argument("--notebook", type=Path, default=None, help="where to keep the place")
    said = parser.parse_args()
    notebook = Notebook(said.notebook or Path(f"{said.service}.place.json"))
    asyncio.run(follow(said.url, said.service, notebook, said.until))
    print(f"{notebook.seen} facts up to position {notebook.position}, none missed")


if __name__ == "__main__":
    main()
