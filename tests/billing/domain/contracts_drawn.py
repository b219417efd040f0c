"""Contracts and changes of terms as the machine draws them: every kind and policy, stubs, spans, roundings, taxes."""

from datetime import date
from typing import Any

import msgspec
from hypothesis import strategies as st

from vocabulary.terms import Agreement, Terms

HOURS = {"measure": "hours", "minutes": 300}
KINDS: list[dict[str, Any]] = [
    {"fee": {"amount": 50_001}, "allowance": HOURS, "overage": {"rate": 9_000}},
    {"fee": {"amount": 50_000}, "allowance": HOURS, "rate": 8_333, "rollover": {"cap": 200, "expires_after": 2}},
    {"fee": {"amount": 31_000}, "allowance": HOURS, "rate": 8_000, "overage": {"policy": "borrow"}, "rollover": {}},
    {"fee": {"amount": 31_000}, "allowance": HOURS, "overage": {"policy": "borrow", "rate": 7_001}},
    {"allowance": HOURS, "rate": 8_333, "overage": {"policy": "approve"}, "access_fee": 990},
    {"allowance": HOURS, "overage": {"policy": "approve", "rate": 7_001}, "rollover": {"expires_after": 1}},
    {"fee": {"amount": 12_345, "billed": "in_arrears"}, "allowance": HOURS, "overage": {"policy": "stop"}},
    {"allowance": {"measure": "amount", "amount": 40_001}, "rate": 8_333, "rollover": {"cap": 9_000}},
    {"allowance": {"measure": "amount", "amount": 40_001}, "rate": 8_333, "overage": {"policy": "borrow"}},
    {"allowance": {"measure": "amount", "amount": 40_001}, "rate": 8_333, "overage": {"policy": "approve"}},
    {"allowance": {"measure": "units", "units": 5, "of": "post"}, "overage": {"rate": 2_500}, "rollover": {"cap": 3}},
    {"allowance": {"measure": "units", "units": 4}, "overage": {"policy": "borrow", "rate": 2_500}},
    {"allowance": {"measure": "units", "units": 4}, "overage": {"policy": "approve", "rate": 2_500}},
    {"bank": True, "rate": 8_333},
    {"bank": True, "rate": 8_333, "overage": {"policy": "approve", "rate": 9_999}, "fee": {"amount": 1_000}},
    {"rate": 8_333, "minimum": 20_000},
    {"rates": {"tasks": {"seo": 9_100}, "people": {"ben": 7_000}, "roles": {"senior": 12_000}}, "access_fee": 4_900},
    {"fee": {"amount": 100_000}},
    {"access_fee": 4_900},
    {"fee": {"amount": 120_000, "every": "quarter"}, "allowance": HOURS, "overage": {"rate": 9_000}},
    {"fee": {"amount": 365_000, "every": "year"}, "allowance": HOURS, "overage": {"policy": "stop"}},
    {"fee": {"amount": 77_777, "every": "once"}, "allowance": HOURS, "rate": 6_000},
]
"""Terms without cycle, anchor, rounding and tax."""
ROUNDINGS: list[dict[str, Any]] = [
    {},
    {"minutes": 15},
    {"minutes": 15, "mode": "nearest"},
    {"minutes": 6, "mode": "down"},
    {"minutes": 15, "mode": "up", "per": "day"},
    {"minutes": 30, "mode": "nearest", "per": "day"},
    {"minutes": 15, "mode": "down", "per": "day"},
]
TAXES: list[dict[str, Any]] = [
    {},
    {"category": "standard", "rate_ppm": 190_000},
    {"category": "reduced", "rate_ppm": 70_000},
    {"category": "reverse_charge", "rate_ppm": None},
]
PATCHES: list[dict[str, Any]] = [
    {"fee": {"amount": 33_333}},
    {"fee": {"amount": 0}},
    {"fee": None},
    {"fee": {"amount": 90_000, "every": None}},
    {"fee": {"amount": 250_000, "every": "quarter", "billed": None}},
    {"fee": {"amount": 999_999, "every": "year", "billed": None}},
    {"fee": {"amount": 40_000, "every": "once", "billed": None}},
    {"fee": {"amount": 45_000, "billed": "in_arrears", "every": None}},
    {"access_fee": 2_500},
    {"access_fee": None},
    {"allowance": {"measure": "hours", "minutes": 617}},
    {"allowance": {"measure": "hours", "minutes": 0}},
    {"allowance": {"measure": "hours", "minutes": 420}, "fee": {"amount": 66_600}},
    {"allowance": {"measure": "amount", "amount": 55_555}, "overage": {"rate": None}},
    {"allowance": {"measure": "units", "units": 7, "of": "post"}, "overage": {"rate": 3_000}},
    {"allowance": {"measure": "units", "units": 2, "of": "video"}, "overage": {"rate": 3_000}},
    {"allowance": None, "bank": True},
    {"allowance": None, "bank": None, "fee": None},
    {"allowance": HOURS, "bank": None},
    {"rate": 9_100},
    {"rate": None},
    {"rates": {"tasks": {"seo": 5_000}, "people": {"anna": 6_000}}},
    {"rates": {"people": {"anna": None}}},
    {"rates": None},
    {"minimum": 31_000},
    {"rollover": {}},
    {"rollover": {"cap": 120, "expires_after": 1}},
    {"rollover": {"cap": None, "expires_after": 3}},
    {"rollover": None},
    {"overage": {"policy": "bill"}},
    {"overage": {"policy": "approve"}},
    {"overage": {"policy": "stop"}},
    {"overage": {"policy": "borrow"}},
    {"overage": {"rate": 11_111}},
    {"overage": {"rate": None}},
    {"net_days": 30},
    *({"rounding": rounding or None} for rounding in ROUNDINGS),
    *({"tax": tax or None} for tax in TAXES),
]


def patches() -> st.SearchStrategy[dict[str, Any]]:
    """One change, or two in one."""
    one = st.sampled_from(PATCHES)
    return one | st.builds(lambda first, second: {**first, **second}, one, one)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    cycle = draw(st.sampled_from(["month", "month", "month", "week", "quarter", "year"]))
    starts_on = draw(st.sampled_from([date(2026, 1, 1), date(2026, 1, 15), date(2027, 10, 31), date(2028, 2, 29)]))
    terms: dict[str, Any] = {"cycle": cycle, **draw(st.sampled_from(KINDS))}
    if cycle != "month" and terms.get("fee", {}).get("every") not in (None, "once"):
        terms["fee"] = {"amount": 70_000}
    terms["anchor"] = draw(st.none() | st.sampled_from([1, 15, 31] if cycle != "week" else [1, 3, 7]))
    terms["rounding"], terms["tax"] = draw(st.sampled_from(ROUNDINGS)), draw(st.sampled_from(TAXES))
    if terms["tax"].get("rate_ppm", 0) is None:
        terms["tax"] = {"category": "reverse_charge"}
    terms["invoicing"] = {"after_days": draw(st.sampled_from([0, 0, 0, 3, 9]))}
    ends_on = draw(st.none() | st.sampled_from([40, 100, 250]))
    return Agreement(
        currency="EUR",
        time_zone="Europe/Berlin",
        starts_on=starts_on.isoformat(),
        ends_on=None if ends_on is None else date.fromordinal(starts_on.toordinal() + ends_on).isoformat(),
        terms=msgspec.convert({key: value for key, value in terms.items() if value is not None}, Terms),
    )
