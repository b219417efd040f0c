"""Read the facts of one service and prove that none was missed. Needs nats-py and nothing of Retainer.

    retainer events user nordlicht           # prints url, user and password of a subscriber
    python examples/subscriber.py nats://nordlicht~main:PASSWORD@127.0.0.1:4222 billing nordlicht

Each message numbers the facts of its agency and service: 1, 2, 3 … without a gap. A subscriber that has seen the one
before has missed nothing; one that has not reads again from where it was. What was seen last is kept in a file, so that
a restart goes on there. After `retainer republish` the stream begins anew; what was seen is passed over by its number.
"""

import argparse
import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

API_PREFIX = "house.api"


class Missed(Exception):
    """Facts are missing between the last one seen and this one."""


class Notebook:
    """Where we are: the epoch and number of the last fact, and its place in the stream."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.source: str = kept.get("source", "")
        self.number: int = kept.get("number", 0)
        self.sequence: int = kept.get("sequence", 0)
        self.seen: int = kept.get("seen", 0)

    def note(self, message: Msg) -> bool:
        """True for a fact that is new; `Missed` where one before it was never seen."""
        headers = message.headers or {}
        number = int(headers["Retainer-Agency-Sequence"])
        if self.source not in ("", headers["ce-source"]):
            print(f"{headers['ce-source']} is a new epoch: the store was restored, numbers go on", file=sys.stderr)
        elif number <= self.number:
            return False
        elif number != self.number + 1:
            raise Missed(f"this is fact {number} of the agency, and the last one seen was {self.number}")
        self.source, self.number = headers["ce-source"], number
        self.sequence, self.seen = message.metadata.sequence.stream, self.seen + 1
        return True

    def keep(self) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps({key: value for key, value in vars(self).items() if not key.startswith("_")}))
        beside.replace(self._path)


async def follow(url: str, service: str, agency: str, notebook: Notebook, until: int) -> None:
    """Read from where the notebook says until `until` facts were seen in all; 0 is for ever."""
    user = urlsplit(url).username or ""
    connection = await nats.connect(url)
    try:
        jetstream = connection.jetstream(prefix=API_PREFIX)
        stream = f"retainer-{service}"
        facts = f"retainer.{agency.replace('.', '%2E')}.>"
        await begin_after(jetstream, stream, user, facts, notebook.sequence)
        subscription = await jetstream.pull_subscribe_bind(consumer=user, stream=stream)
        while not until or notebook.seen < until:
            try:
                messages = await subscription.fetch(100, timeout=5)
            except nats.errors.TimeoutError:
                continue  # nothing happened
            for message in messages:
                if notebook.note(message):
                    headers = message.headers or {}
                    print(notebook.number, headers["ce-type"], headers["ce-subject"], flush=True)
                    notebook.keep()
                    if until and notebook.seen >= until:
                        return
    finally:
        await connection.close()


async def begin_after(jetstream: JetStreamContext, stream: str, name: str, facts: str, sequence: int) -> None:
    """The one consumer that we may have, from the message after `sequence` on."""
    with suppress(NotFoundError):
        await jetstream.delete_consumer(stream, name)
    after = {"deliver_policy": DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": sequence + 1} if sequence else {}
    config = ConsumerConfig(name=name, filter_subject=facts, ack_policy=AckPolicy.NONE, inactive_threshold=300, **after)
    await jetstream.add_consumer(stream, config)


def main() -> None:
    parser = argparse.ArgumentParser(description="Read the facts of one service and prove that none was missed.")
    parser.add_argument("url", help="with user and password, as `retainer events user` prints them")
    parser.add_argument("service", choices=["contracts", "timelog", "billing", "notify"])
    parser.add_argument("agency", help="whose facts")
    parser.add_argument("--until", type=int, default=0, help="end after so many facts in all")
    parser.add_argument("--notebook", type=Path, default=None, help="where to keep the place")
    said = parser.parse_args()
    notebook = Notebook(said.notebook or Path(f"{said.agency}.{said.service}.place.json"))
    asyncio.run(follow(said.url, said.service, said.agency, notebook, said.until))
    print(f"{notebook.seen} facts up to number {notebook.number}, none missed")


if __name__ == "__main__":
    main()
