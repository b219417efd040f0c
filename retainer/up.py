"""`python -m retainer.up`: the process that lives as long as the house; so it imports next to nothing."""

import sys

from chassis.alone import DataFolderHeld
from chassis.settings import SettingsWrong, load
from chassis.supervise import StartFailed, supervise
from services import PORTS

WRONG_INPUT, UNAVAILABLE = 2, 7


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; `--logs-in-files` keeps the services' logs in <data>/logs."""
    try:
        settings = load()
        say(f"data folder {settings.data_dir.absolute()}; letters go to {settings.smtp_host or settings.outbox}")
        if settings.rehearsal:
            say("a rehearsal: the time of a command may come from the call (RETAINER_REHEARSAL)")
        return supervise(settings, PORTS, say, logs_in_files="--logs-in-files" in arguments)
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
