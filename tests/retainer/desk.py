"""A person at the keyboard: the command, called with a house's data folder and an agency of its own."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from retainer.__main__ import run
from retainer.failures import ExitStatus
from tests.house import RunningHouse

TERMS = """
currency: EUR
time_zone: Europe/Berlin
contract:
  starts_on: 2026-01-01
  region: DE-BE
  terms:
    cycle: month
    fee: {amount: 3000.00}
    allowance: {hours: 30}
    rate: 120.00
    rollover: {cap: 10, expires_after: 2}
    overage: {policy: bill, rate: 130.00}
    rounding: {minutes: 15, mode: up, per: entry}
    tax: {category: standard, rate: 19}
"""


@dataclass
class Said:
    status: ExitStatus
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Desk:
    """`now` is the rehearsed time of what is asked."""

    house: RunningHouse
    agency: str
    screen: pytest.CaptureFixture[str]
    now: str = "2025-12-15T09:00:00Z"

    def __call__(self, *arguments: str, now: str = "") -> Said:
        self.screen.readouterr()
        where = ("--data", str(self.house.data_dir), "--agency", self.agency, "--now", now or self.now)
        status = run([*arguments, *where])
        said = self.screen.readouterr()
        return Said(status, said.out, said.err)

    def done(self, *arguments: str, now: str = "") -> Said:
        """The same where nothing may go wrong."""
        said = self(*arguments, now=now)
        assert said.status is ExitStatus.OK, said.err
        return said

    def json(self, *arguments: str, now: str = "") -> Any:
        return self.done(*arguments, "--json", now=now).json
