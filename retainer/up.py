"""`python -m retainer.up`: the process that lives as long as the house; so it imports next to nothing."""

import argparse
import sys
from pathlib import Path

from chassis.alone import DataFolderHeld
from chassis.settings import SettingsWrong, load
from chassis.supervise import StartFailed, supervise
from services import FRONT, HEARS, PORTS

WRONG_INPUT, UNAVAILABLE = 2, 7


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; `--logs-in-files` keeps the services' logs in <data>/logs."""
    said = argparse.ArgumentParser(prog="retainer up")
    said.add_argument("--data", type=Path)
    said.add_argument("--logs-in-files", action="store_true")
    options = said.parse_args(arguments)
    try:
        settings = load()
        if options.data is not None:
            settings = settings.model_copy(update={"data_dir": options.data})
        say(f"data folder {settings.data_dir.absolute()}; letters go to {settings.smtp_host or settings.outbox}")
        if settings.rehearsal:
            say("a rehearsal: the time of a command may come from the call (RETAINER_REHEARSAL)")
        return supervise(settings, PORTS, say, hears=HEARS, logs_in_files=options.logs_in_files, front=FRONT)
    except SettingsWrong as error:
        print(f"retainer: {error}", file=sys.stderr)
        return WRONG_INPUT
    except (DataFolderHeld, StartFailed) as error:
        print(f"retainer: {error}", file=sys.stderr)
        return UNAVAILABLE


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
