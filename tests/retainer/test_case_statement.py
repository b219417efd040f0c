"""The page that `retainer simulate` prints for people."""

from pathlib import Path

import pytest

from retainer.simulate import run

STORY = """
title: Two months [in hours]
currency: EUR
time_zone: Europe/Berlin
contract:
  starts_on: 2026-01-15
  terms:
    cycle: month
    anchor: 1
    fee: {amount: 3000.00}
    allowance: {hours: 30}
    rollover: {cap: 2}
    overage: {policy: bill, rate: 130.00}
    tax: {category: standard, rate: 19}
log:
  - {id: a, on: 2026-01-16, for: "1:35", person: anna}
  - {pay: {amount: 2000.00}, on: 2026-01-20}
  - {id: b, on: 2026-02-10, for: "24:00", person: anna}
  - {id: c, on: 2026-02-11, for: "9:00", person: anna}
  - {credit: {amount: 4000.00, why: a lost week}, on: 2026-02-20}
until: 2026-03-01
"""
PAGE = """\
Two months [in hours] · EUR · Europe/Berlin · up to 2026-03-01

2026-01-15 – 2026-02-01   allowance 16:27, used 1:35, remaining 14:52, expired 12:52
  Invoice 2026-0001 of 2026-01-15, due 2026-01-29
    fee       2026-01-15 – 2026-02-01     1645.16
    net                                   1645.16
    tax                                    312.58
    gross     EUR                         1957.74
    open                                     0.00

2026-02-01 – 2026-03-01   allowance 30:00, carried 2:00, used 33:00, remaining 0:00, overage 1:00
  Invoice 2026-0002 of 2026-02-01, due 2026-02-15
    fee       2026-02-01 – 2026-03-01     3000.00
    net                                   3000.00
    tax                                    570.00
    gross     EUR                         3570.00
    open                                  2492.44

2026-03-01 – 2026-04-01   allowance 30:00, used 0:00, remaining 30:00
  Credit note CN-2026-0001 of 2026-03-01, due 2026-03-15
    credit    2026-02-01 – 2026-03-01    -4000.00
    overage   2026-02-01 – 2026-03-01      130.00
    fee       2026-03-01 – 2026-04-01     3000.00
    net                                   -870.00
    tax                                   -165.30
    gross     EUR                        -1035.30
    open                                     0.00

Asked in all: 3775.16 and 717.28 tax, 4492.44 EUR; 2492.44 EUR is open.
"""
# 3000 · 17/31 = 1645.16; 2000.00 - 1957.74 = 42.26 of balance; 3570.00 - 42.26 - 1035.30 = 2492.44


def test_a_story_is_told_month_by_month(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "story.yaml").write_text(STORY)
    run(tmp_path / "story.yaml")
    assert capsys.readouterr().out == PAGE
