"""`retainer what-if --csv`: a time sheet under several terms, without any server."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from retainer.__main__ import run
from retainer.samples import TIME_SHEET


@pytest.fixture
def tiers(tmp_path: Path) -> list[str]:
    texts = {
        "small": "cycle: month\nfee: {amount: 1000.00}\nallowance: {hours: 10}\nrate: 100.00\n",
        "hourly": "terms: {cycle: month, rate: 110.00}\n",
    }
    arguments = []
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        arguments += ["--terms", str(tmp_path / f"{name}.yaml")]
    return arguments


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(["what-if", *arguments])
    out, err = capsys.readouterr()
    return int(status), out, err


def test_a_new_clients_past_is_priced_under_each_tier(capsys: pytest.CaptureFixture[str], tiers: list[str]) -> None:
    sheet = ["--csv", str(TIME_SHEET), "--zone", "Europe/Berlin"]
    status, out, _ = told(capsys, *sheet, *tiers, "--json")
    found = json.loads(out)
    assert status == 0
    small, hourly = found["variants"]
    # 289:25 in three months: 3 · 1000.00 + 259:25 at 100.00, each month's entries rounded by themselves
    assert (small["time"], small["charged"]["units"]) == ("1041900s", "28941")
    assert [period["used"]["time"] for period in hourly["periods"]] == ["331080s", "328920s", "381900s"]
    assert hourly["charged"]["units"] == "31835"
    status, out, _ = told(capsys, *sheet, *tiers, "--from", "2026-02-01", "--to", "2026-03-01", "--json")
    assert [len(one["periods"]) for one in json.loads(out)["variants"]] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--csv", "none.csv", "--zone", "Europe/Berlin"], "none.csv cannot be read"),
        (["--csv", str(TIME_SHEET), "--zone", "Nowhere"], "is no time zone"),
        (["--csv", str(TIME_SHEET)], "--zone Europe/Berlin"),
        ([], "name a contract"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], tiers: list[str], arguments: list[str], said: str
) -> None:
    status, _, err = told(capsys, *arguments, *tiers)
    assert status != 0
    assert said in err
    assert len(err.splitlines()) == 1


SHEET = """\
User,Email,Client,Project,Description,Billable,Start date,Start time,End date,End time,Duration
Anna,anna@example.org,Acme,Web,fine,Yes,2026-03-02,09:00:00,2026-03-02,11:00:00,02:00:00
Anna,anna@example.org,Acme,Web,no date,Yes,2026-02-31,09:00:00,2026-02-31,10:00:00,01:00:00
Anna,anna@example.org,Acme,Web,inside,No,2026-03-03,09:00:00,2026-03-03,10:00:00,01:00:00
Anna,anna@example.org,Acme,Web,still runs,Yes,2026-03-04,09:00:00,,,01:00:00
Anna,anna@example.org,Acme,Web,no such hour,Yes,2026-03-29,02:30:00,2026-03-29,03:30:00,01:00:00
Anna,anna@example.org,Acme,Web,too late,Yes,2026-03-05,23:00:00,2026-03-05,01:00:00,02:00:00
"""


def test_rows_that_cannot_be_read_are_named(
    capsys: pytest.CaptureFixture[str], tiers: list[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET)
    asked = ["--csv", str(sheet), "--zone", "Europe/Berlin", *tiers]
    status, out, _ = told(capsys, *asked)
    assert status == 0
    assert "6 rows: 2 priced, 1 not billable, 3 skipped, 1 to look at." in out
    found = json.loads(told(capsys, *asked, "--json")[1])
    assert found["variants"][0]["time"] == "14400s"  # 2:00 and 2:00
    assert (found["rows"], found["not_billable"]) == (6, 1)
    assert [note["line"] for note in found["skipped"]] == [3, 5, 6]
    assert [note["line"] for note in found["warnings"]] == [7]
    for note in (*found["skipped"], *found["warnings"]):
        assert note["reason"] in out
    sheet.write_text("\n".join(SHEET.splitlines()[i] for i in (0, 2, 3)))
    status, _, err = told(capsys, *asked)
    assert status != 0
    assert "no billable rows that can be read: line 2" in err


CHARTS = {
    "en": ("What would have been charged, net, Jan 1, 2026 – Mar 31, 2026", "€28,941.61", "+€2,894.28"),
    "de": ("Was berechnet worden wäre, netto, 01.01.2026 – 31.03.2026", "28.941,61 €", "+2.894,28 €"),
}


@pytest.mark.parametrize("language", CHARTS)
def test_the_variants_are_drawn_side_by_side(
    capsys: pytest.CaptureFixture[str], tiers: list[str], tmp_path: Path, language: str
) -> None:
    sheet = ["--csv", str(TIME_SHEET), "--zone", "Europe/Berlin", "--language", language]
    drawn = tmp_path / "tiers.svg"
    status, out, _ = told(capsys, *sheet, *tiers, "--chart", str(drawn))
    assert (status, f"Drew {drawn}" in out.replace("\n", "")) == (0, True)
    root = ElementTree.fromstring(drawn.read_text())
    texts = [one.text.replace("\xa0", " ") for one in root.iter("{http://www.w3.org/2000/svg}text") if one.text]
    for text in (*CHARTS[language], "small", "hourly"):
        assert text in texts, texts
    small, hourly = (int(one.attrib["height"]) for one in root.iter("{http://www.w3.org/2000/svg}rect"))
    assert small == hourly * 2894161 // 3183589  # 28941.61 beside 31835.89
    picture = tmp_path / "tiers.png"
    assert told(capsys, *sheet, *tiers, "--chart", str(picture))[0] == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_chart_of_another_format_is_refused_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str], tiers: list[str], tmp_path: Path
) -> None:
    status, _, err = told(capsys, "web", *tiers, "--chart", str(tmp_path / "tiers.gif"))
    assert status != 0
    assert ".svg, .png" in err
