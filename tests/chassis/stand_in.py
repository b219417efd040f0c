"""Stands in for a service in the tests of the supervisor: `python stand_in.py services.<name> <what it does>`.

serve     says that it is ready, and stops when asked
refuse    ends with status 2, as for wrong settings
deaf      does not stop when asked
"""

import os
import signal
import sys
import time

from chassis.settings import load


def main(name: str, does: str) -> int:
    if does == "refuse":
        print("the settings are wrong", file=sys.stderr)
        return 2
    if does == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = load()
    said = {"pid": os.getpid(), "address": "127.0.0.1:1", "metrics": "127.0.0.1:2", "ready": True}
    settings.say_running(name, {**said, "nats": settings.nats_url})
    while True:
        time.sleep(60)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].removeprefix("services."), sys.argv[2]))
