"""A PostgreSQL with an archive, run by the commands of docs/operations.md, word for word: it can be lost with its
folder and brought back, whole or as it was at a moment."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from chassis.testing import PostgresServer
from tests.house import ROOT
from tests.runbook import blocks_below

PREPARE, RECEIVE, WAIT_FOR_IT, BASE, RECOVER, MOMENT, INTO_PLACE = blocks_below("### PostgreSQL's archive")
IN_STEP_SECONDS = 30.0
COMMAND_SECONDS = 240


class ArchivedPostgres:
    """The server, its receiver and its archive; each life of the server has an archive of its own."""

    def __init__(self, server: PostgresServer, archives: Path) -> None:
        self._data = server.folder
        self._archives = archives
        self._lives = 0
        self._receiver: subprocess.Popen[bytes] | None = None
        self._binaries = Path((self._data / "postmaster.opts").read_text().split()[0]).parent
        owner = self._data.stat()
        for folder in (archives, self._data.parent):
            os.chown(folder, owner.st_uid, owner.st_gid)
        self._as_owner: Sequence[str] = ()
        """As root the server runs as another user. A command becomes that user by itself: a child of a process with
        threads of gRPC in it may do no more than begin another program."""
        if os.geteuid() == 0:
            self._as_owner = (
                "setpriv",
                f"--reuid={owner.st_uid}",
                f"--regid={owner.st_gid}",
                "--clear-groups",
            )
        self._listen_beside(server)

    def begin_archive(self) -> None:
        """The receiver takes the log, the server waits for it, and there is a base backup."""
        self._lives += 1
        self.run(PREPARE)
        self.start_receiver()
        self.run(WAIT_FOR_IT)
        self._wait_until_in_step()
        self.run(BASE)

    def start_receiver(self) -> None:
        with (self._archives / "receiver.log").open("ab") as log:
            self._receiver = subprocess.Popen(
                [*self._as_owner, "sh", "-ec", f"exec {RECEIVE}"],
                env=self._environment({}),
                stdout=log,
                stderr=log,
            )

    def hold_receiver(self) -> None:
        """It stands still, as over a network that takes nothing."""
        self._signal_receiver(signal.SIGSTOP)

    def let_receiver_go_on(self) -> None:
        self._signal_receiver(signal.SIGCONT)

    def lose(self) -> None:
        """`kill -9`; its folder is gone, and where it listened, as with the machine."""
        os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until = time.monotonic() + IN_STEP_SECONDS
        while self._data.exists():  # its backends end by themselves, and write until then
            assert time.monotonic() < until, f"{self._data} cannot be removed"
            shutil.rmtree(self._data, ignore_errors=True)
        for left in self._data.parent.glob(".s.PGSQL.5432*"):
            left.unlink()

    def recover(self) -> None:
        """Into an empty folder, out of base backup and archive; afterwards it has an archive of its own."""
        self.stop_receiver()
        self.run(RECOVER, BASE=str(self._newest_base()))
        self.begin_archive()

    def now(self) -> str:
        """By the server's own clock."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT clock_timestamp()::text").fetchone()
            assert row is not None
            return str(row[0])

    def bring_back(self, moment: str) -> str:
        """A server beside it that has what this one had then; its address."""
        then_url = f"{self.url}&port=5433"
        then = str(self._data.with_name("then"))
        self.run(MOMENT, BASE=str(self._newest_base()), THEN=then, THEN_URL=then_url, MOMENT=moment)
        return then_url

    def stop_what_was_brought_back(self) -> None:
        self.run('pg_ctl -D "$THEN" -m immediate stop', THEN=str(self._data.with_name("then")))

    def stop_receiver(self) -> None:
        if self._receiver is not None:
            self._receiver.send_signal(signal.SIGINT)
            self._receiver.wait(IN_STEP_SECONDS)
            self._receiver = None

    def run(self, commands: str, **variables: str) -> str:
        """As the user who owns the server's folder."""
        done = subprocess.run(
            [*self._as_owner, "sh", "-ec", commands],
            cwd=ROOT,
            env=self._environment(variables),
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        logs = "\n".join(log.read_text() for log in self._data.parent.glob("*/recovery.log"))
        assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}{logs}"
        return done.stdout

    def _environment(self, variables: Mapping[str, str]) -> Mapping[str, str]:
        path = f"{self._binaries}{os.pathsep}{os.environ['PATH']}"
        archive = self._archives / f"life-{self._lives}"
        own = {"PATH": path, "ADMIN_URL": self.url, "PGDATA": str(self._data), "ARCHIVE": str(archive)}
        return {**own, "PSQLRC": os.devnull, **variables}

    def _newest_base(self) -> Path:
        return max((self._archives / f"life-{self._lives}" / "base").iterdir())

    def _wait_until_in_step(self) -> None:
        until = time.monotonic() + IN_STEP_SECONDS
        with psycopg.connect(self.url, autocommit=True) as connection:
            while connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall() != [("sync",)]:
                assert time.monotonic() < until, f"no receiver is in step: {self._archives / 'receiver.log'}"
                time.sleep(0.05)

    def _signal_receiver(self, how: signal.Signals) -> None:
        assert self._receiver is not None
        self._receiver.send_signal(how)

    def _listen_beside(self, server: PostgresServer) -> None:
        """Through a socket beside its folder, so that no base backup holds its lock file; and its configuration says
        where, so that a copy of it listens there too."""
        place = self._data.parent
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET listen_addresses = ''")
            connection.execute(f"ALTER SYSTEM SET unix_socket_directories = '{place}'".encode())
        server.stop()
        self.url = server.url.replace(str(self._data), str(place))
        assert self.url != server.url, "its socket is not in its folder"
        self.run('pg_ctl -D "$PGDATA" -l "$PGDATA/server.log" -w start')
