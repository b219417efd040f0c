"""The system that the demo happens in: `retainer up` as a child, rehearsing, in a folder that can be thrown away."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from chassis.child import tied_to_us
from chassis.settings import Settings, surroundings
from retainer.demo.agency import AGENCY
from retainer.failures import ExitStatus, Failure
from retainer.place import SERVICES, Place, place

MARK: Final = "demo.json"
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0


def clear(folder: Path) -> None:
    """Throw an earlier demo away; `Failure` where the folder holds anything else, or another demo runs in it."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARK).is_file():
        raise Failure(f"{folder} holds something else than a demo: name another folder with --data")
    if (pid := Settings(data_dir=folder).running("up").get("pid")) and Path(f"/proc/{pid}").exists():
        raise Failure(f"a demo is running in {folder} (process {pid}): stop it, or name another folder with --data")
    shutil.rmtree(folder)


@contextmanager
def serving(folder: Path) -> Iterator[Place]:
    """The house, serving; stopped in order at the end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).write_text(json.dumps({"made by": "retainer demo", "may be removed": True}) + "\n")
    environment = surroundings(RETAINER_DATA_DIR=str(folder), RETAINER_REHEARSAL="true")
    with (folder / "up.log").open("wb") as log:
        house = subprocess.Popen(
            [sys.executable, "-m", "retainer.up", "--logs-in-files"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us, so that the order of stopping is ours
            preexec_fn=tied_to_us(signal.SIGTERM),
        )
    served = Place(_settings(folder))
    try:
        _wait_until_ready(house, served, folder)
        yield served
    finally:
        house.terminate()
        try:
            house.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            house.kill()
            house.wait()


def _settings(folder: Path) -> Settings:
    """Of this folder alone, whatever the environment says of another system."""
    apart = {"data_dir": folder, "agency": AGENCY, "services": {}, "nats_url": "", "rehearsal": True}
    apart |= {"signing_keys_file": None, "revoked_file": None}
    secrets = {"token": SecretStr(""), "master_key": SecretStr("")}
    return place(folder).settings.model_copy(update={**apart, **secrets})


def _wait_until_ready(house: subprocess.Popen[bytes], served: Place, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not all(served.run_file(service).get("ready") for service in SERVICES):
        if house.poll() is not None or time.monotonic() > until:
            last = (folder / "up.log").read_text(errors="replace").strip().splitlines()[-1:]
            why = f": {last[0]}" if last else ""
            raise Failure(f"the system did not start{why} (logs in {folder}/logs)", ExitStatus.UNAVAILABLE)
        time.sleep(0.05)
