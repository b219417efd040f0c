"""`retainer up`: the whole system on this machine."""

import os
import sys
from pathlib import Path


def up(*, data: Path | None = None, logs_in_files: bool = False) -> None:
    """Run the whole system on this machine until Ctrl-C: a NATS server, four services, SQLite.

    Example: retainer up
    Example: retainer up --data /srv/retainer --logs-in-files

    Parameters
    ----------
    data
        Where everything is kept; else RETAINER_DATA_DIR, else ./data.
    logs_in_files
        Keep the services' logs in <data>/logs instead of showing them here.
    """
    options = ["--logs-in-files"] if logs_in_files else []
    if data is not None:
        options += ["--data", str(data.absolute())]
    sys.stdout.flush()
    # The process becomes another one, which has imported next to nothing and lives as long as the house.
    os.execv(sys.executable, [sys.executable, "-m", "retainer.up", *options])
