"""Case files made at random: whole stories of every kind of terms, with facts of every kind that a file can tell.

What is made keeps the format; the rules may refuse some of it. A seed makes the same file for ever.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import yaml

ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "UTC")
CURRENCIES = {"EUR": 2, "JPY": 0, "TND": 3}
KINDS = ("flat", "hourly", "hours", "amount", "units", "bank")
PEOPLE = {"anna": {"role": "senior"}, "ben": {"role": "junior"}, "cleo": {}}
DAY = timedelta(days=1)


class Writer:
    """One file on its way."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.currency = self.dice.choice(list(CURRENCIES))
        self.kind = self.dice.choice(KINDS)
        self.cycle = self.dice.choices(("month", "week", "quarter"), (6, 2, 1))[0]
        self.starts_on = date(2026, self.dice.randint(1, 12), self.dice.randint(1, 28))
        self.days = {"week": 45, "month": 150, "quarter": 400}[self.cycle]
        self.until = self.starts_on + self.dice.randint(self.days // 2, self.days) * DAY
        self.log: list[dict[str, Any]] = []
        self.entries: dict[str, date] = {}
        self.things: dict[str, date] = {}

    def file(self) -> dict[str, Any]:
        contract: dict[str, Any] = {"starts_on": self.starts_on, "terms": self.terms()}
        if self.dice.random() < 0.2:
            contract["ends_on"] = self.starts_on + self.dice.randint(self.days // 3, self.days) * DAY
        for place in range(self.dice.randint(3, 22)):
            self.fact(place)
        return {
            "title": f"{self.kind}, made at random",
            "currency": self.currency,
            "time_zone": self.dice.choice(ZONES),
            "people": PEOPLE,
            "contract": contract,
            "log": self.log,
            "until": self.until,
        }

    # Terms

    def money(self, least: int, most: int) -> Decimal:
        """An amount with the digits of the currency."""
        digits = CURRENCIES[self.currency]
        part = self.dice.choice((0, 0, 5, 33)) if digits else 0
        return Decimal(self.dice.randint(least, most)) + Decimal(part).scaleb(-digits)

    def terms(self) -> dict[str, Any]:
        dice = self.dice
        terms: dict[str, Any] = {"cycle": self.cycle, "rate": self.money(60, 140)}
        if dice.random() < 0.6:
            terms["anchor"] = dice.randint(1, 7 if self.cycle == "week" else 31)
        if self.kind in ("flat", "hours", "amount", "units"):
            terms["fee"] = {"amount": self.money(300, 4000), "billed": dice.choice(("in_advance", "in_arrears"))}
            if self.cycle == "month" and dice.random() < 0.2:
                terms["fee"] = {"amount": self.money(900, 9000), "every": dice.choice(("quarter", "year", "once"))}
        if self.kind == "hourly" and dice.random() < 0.5:
            terms["minimum"] = self.money(100, 900)
        if self.kind == "bank":
            terms["bank"] = True
        if self.kind in ("hours", "amount", "units"):
            terms["allowance"] = self.allowance()
        if dice.random() < 0.3:
            terms["access_fee"] = self.money(10, 99)
        if dice.random() < 0.3:
            terms["rates"] = {"tasks": {"seo": self.money(80, 150)}, "people": {"anna": self.money(90, 160)}}
        terms |= self.measured_terms()
        if dice.random() < 0.5:
            terms["rounding"] = self.rounding()
        if dice.random() < 0.6:
            terms["tax"] = {"category": "standard", "rate": dice.choice((7, 19, 8.1))}
        if dice.random() < 0.3:
            terms["net_days"] = dice.choice((0, 7, 30))
        return terms

    def allowance(self) -> dict[str, Any]:
        match self.kind:
            case "hours":
                return {"hours": self.dice.randint(2, 20)}
            case "amount":
                return {"amount": self.money(300, 2500)}
            case _:
                return {"units": self.dice.randint(1, 6), "of": "post"}

    def measured_terms(self) -> dict[str, Any]:
        dice, terms = self.dice, dict[str, Any]()
        if self.kind in ("hours", "amount", "units"):
            if dice.random() < 0.5:
                rollover: dict[str, Any] = {}
                if dice.random() < 0.6:
                    rollover["cap"] = self.money(50, 900) if self.kind == "amount" else dice.randint(1, 8)
                if dice.random() < 0.6:
                    rollover["expires_after"] = dice.randint(1, 3)
                terms["rollover"] = rollover
            policy = dice.choice(("bill", "approve", "stop", "borrow"))
            terms["overage"] = {"policy": policy}
            if self.kind == "units" or (self.kind == "hours" and dice.random() < 0.6):
                terms["overage"]["rate"] = self.money(70, 190)
        if self.kind == "bank":
            terms["overage"] = {"policy": dice.choice(("bill", "approve", "stop"))}
        return terms

    def rounding(self) -> dict[str, Any]:
        minutes, mode = self.dice.choice((1, 6, 15, 30)), self.dice.choice(("up", "nearest", "down"))
        return {"minutes": minutes, "mode": mode, "per": self.dice.choice(("entry", "day"))}

    # Facts

    def day(self, over: int = 10) -> date:
        return self.starts_on + self.dice.randint(0, (self.until - self.starts_on).days + over) * DAY

    def later(self, day: date) -> date:
        return day + self.dice.choice((0, 0, 1, 3, 20, 45)) * DAY

    def fact(self, place: int) -> None:
        dice = self.dice
        makers = (self.entry, self.correct, self.remove, self.change, self.post, self.pay, self.approve, self.turn)
        made = dice.choices(makers, (12, 3, 1, 2, 2, 2, 2, 1))[0](place)
        if made is not None:
            self.log.append(made)
        if self.kind == "units" and dice.random() < 0.5:
            on = self.day()
            self.things[f"d{place}"] = on
            self.log.append({"deliver": {"units": dice.randint(1, 4)}, "on": on, "id": f"d{place}"})
        if self.kind == "bank" and dice.random() < 0.3:
            self.log.append(self.block(place))

    def entry(self, place: int) -> dict[str, Any]:
        dice, id, on = self.dice, f"e{place}", self.day()
        self.entries[id] = on
        hours, minutes, seconds = dice.randint(0, 9), dice.randint(0, 59), dice.choice((0, 0, 30))
        entry: dict[str, Any] = {"id": id, "for": f"{hours}:{minutes:02}" + (f":{seconds}" if seconds else "")}
        if dice.random() < 0.5:
            at = datetime(on.year, on.month, on.day, dice.randint(0, 23), dice.choice((0, 30)), tzinfo=UTC)
            entry["at"] = at.isoformat()
        else:
            entry["on"] = on
        entry["person"] = dice.choice(list(PEOPLE))
        if dice.random() < 0.3:
            entry["task"] = dice.choice(("seo", "ads"))
        if dice.random() < 0.15:
            entry["billable"] = False
        if dice.random() < 0.1:
            entry["rate"] = self.money(50, 200)
        if dice.random() < 0.2:
            entry["known"] = self.later(on) + DAY
        return entry

    def correct(self, place: int) -> dict[str, Any] | None:
        if not self.entries:
            return None
        id, on = self.dice.choice(list(self.entries.items()))
        made: dict[str, Any] = {"correct": id, "known": self.later(on) + 50 * DAY * self.dice.randint(0, 1) + DAY}
        match self.dice.randint(0, 4):
            case 0:
                made["for"] = f"{self.dice.randint(0, 12)}:{self.dice.randint(0, 59):02}"
            case 1:
                made["on"] = self.day(0)
            case 2:
                made["person"] = self.dice.choice(list(PEOPLE))
            case 3:
                made["billable"] = self.dice.random() < 0.5
            case _:
                made["rate"] = self.money(50, 200)
        return made

    def remove(self, place: int) -> dict[str, Any] | None:
        known = {**self.entries, **self.things}
        if not known:
            return None
        id, on = self.dice.choice(list(known.items()))
        self.entries.pop(id, None)
        self.things.pop(id, None)
        return {"delete": id, "known": self.later(on) + 60 * DAY}

    def change(self, place: int) -> dict[str, Any]:
        dice, patch = self.dice, dict[str, Any]()
        match dice.randint(0, 6):
            case 0 if self.kind in ("flat", "hours", "amount", "units"):
                patch["fee"] = {"amount": self.money(300, 5000)}
            case 1 if self.kind in ("hours", "amount", "units"):
                patch["allowance"] = self.allowance()
            case 2:
                patch["rounding"] = self.rounding()
            case 3:
                patch |= self.measured_terms()
            case 4:
                patch["tax"] = {"category": "standard", "rate": dice.choice((7, 19))}
            case 5:
                patch["access_fee"] = dice.choice((self.money(10, 99), None))
            case _:
                patch["rate"] = self.money(60, 140)
        made: dict[str, Any] = {"terms": patch, "from": self.day(), "immediately": True}
        if dice.random() < 0.3:
            made["known"] = self.later(made["from"])
        return made

    def post(self, place: int) -> dict[str, Any]:
        on = self.day(-1)
        if self.dice.random() < 0.6:
            self.things[f"c{place}"] = on
            return {"credit": {"amount": self.money(10, 300), "why": "late"}, "on": on, "id": f"c{place}"}
        return self.block(place)

    def block(self, place: int) -> dict[str, Any]:
        on = self.day(-1) - self.dice.choice((0, 0, 20)) * DAY
        self.things[f"b{place}"] = on
        bought: dict[str, Any] = {"hours": self.dice.randint(2, 20), "price": self.money(200, 2000)}
        if self.dice.random() < 0.5:
            bought["expires_on"] = on + self.dice.randint(10, 120) * DAY
        return {"buy": bought, "on": on, "id": f"b{place}"}

    def pay(self, place: int) -> dict[str, Any]:
        paid: dict[str, Any] = {"amount": self.money(10, 5000), "id": f"Überweisung {place}/26"}
        if self.dice.random() < 0.4:
            paid["invoice"] = f"2026-{self.dice.randint(1, 5):04}"
        return {"pay": paid, "on": self.day(40)}

    def approve(self, place: int) -> dict[str, Any]:
        start = self.starts_on if self.dice.random() < 0.5 else self.day()
        known = self.later(start) + 20 * DAY
        if self.dice.random() < 0.3:
            return {"decline_overage": {"period": start}, "known": known}
        measure: Mapping[str, Any] = {"amount": {"amount": self.money(10, 400)}, "units": {"units": 1}}
        return {"approve_overage": {"period": start, **measure.get(self.kind, {"minutes": 90})}, "known": known}

    def turn(self, place: int) -> dict[str, Any]:
        day = self.day()
        if self.dice.random() < 0.5:
            return {"pause": [day, day + self.dice.randint(1, 50) * DAY]}
        return {"end": day, "known": day - self.dice.randint(-10, 30) * DAY}


class Plainly(yaml.SafeDumper):
    """Amounts as a person writes them: without quotes."""


Plainly.add_representer(
    Decimal,
    lambda dumper, amount: dumper.represent_scalar(
        "tag:yaml.org,2002:float" if "." in str(amount) else "tag:yaml.org,2002:int", str(amount)
    ),
)


def random_story(seed: int) -> dict[str, Any]:
    return Writer(seed).file()


def written(story: Mapping[str, Any]) -> str:
    """The file as text."""
    return yaml.dump(story, Dumper=Plainly, sort_keys=False, allow_unicode=True)
