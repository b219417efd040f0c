"""Exit statuses and the one line that goes with them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from retainer.__main__ import run
from retainer.failures import MEANINGS, ExitStatus

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_lists_every_exit_status_with_its_meaning() -> None:
    page = (ROOT / "docs" / "cli.md").read_text()
    listed = {int(number): meaning for number, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)}
    assert listed == {int(status): meaning for status, meaning in MEANINGS.items()}
    assert set(MEANINGS) == set(ExitStatus)


def test_an_unknown_option_is_one_line_and_status_2(capsys) -> None:
    assert run(["budget", "--colour"]) is ExitStatus.WRONG_INPUT
    said = capsys.readouterr().err
    assert said.startswith("retainer: ")
    assert said.count("\n") == 1


def test_where_nothing_runs_the_line_says_how_to_start_it(tmp_path, capsys) -> None:
    assert run(["budget", "--data", str(tmp_path / "nothing")]) is ExitStatus.UNAVAILABLE
    said = capsys.readouterr().err
    assert "retainer up" in said
    assert said.count("\n") == 1


TAKES_A_PORT_THAT_IS_TAKEN = """
import socket, sys
from retainer.__main__ import main

sys.argv = ["retainer", "--version"]
try:
    main()
except SystemExit:
    pass
import grpc

held = socket.socket()
held.bind(("127.0.0.1", 0))
held.listen()
try:
    grpc.server(None).add_insecure_port("127.0.0.1:%d" % held.getsockname()[1])
except RuntimeError:
    print("taken")
"""


@pytest.mark.parametrize(("verbosity", "speaks"), [(None, False), ("ERROR", True)])
def test_the_core_of_grpc_is_silent_unless_it_is_asked_to_speak(verbosity: str | None, speaks: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "GRPC_VERBOSITY"}
    if verbosity:
        environment["GRPC_VERBOSITY"] = verbosity
    command = [sys.executable, "-c", TAKES_A_PORT_THAT_IS_TAKEN]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "taken" in done.stdout
    assert ("Address already in use" in done.stderr) is speaks


def test_a_date_that_is_none_names_its_option(tmp_path, capsys) -> None:
    assert run(["close", "--on", "soon", "--data", str(tmp_path)]) is ExitStatus.WRONG_INPUT
    assert "--on: 'soon' is no date" in capsys.readouterr().err
