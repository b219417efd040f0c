"""Exit statuses and the one line that goes with them."""

import re
from pathlib import Path

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


def test_a_date_that_is_none_names_its_option(tmp_path, capsys) -> None:
    assert run(["close", "--on", "soon", "--data", str(tmp_path)]) is ExitStatus.WRONG_INPUT
    assert "--on: 'soon' is no date" in capsys.readouterr().err
