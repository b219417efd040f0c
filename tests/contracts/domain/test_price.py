"""What is a price increase (R23)."""

from typing import Any

import pytest

from services.contracts.domain.price import raises_price
from tests.contracts.domain.stories import HOURS
from vocabulary.terms import merged


@pytest.mark.parametrize(
    "patch",
    [
        {"fee": {"amount": 300001}},
        {"access_fee": 1},
        {"rate": 12001},
        {"rates": {"tasks": {"seo": 12001}}},
        {"overage": {"rate": 13001}},
        {"allowance": {"measure": "hours", "minutes": 1799}},
        {"fee": {"amount": 300000, "every": "once"}, "access_fee": 10},
    ],
)
def test_dearer_terms_raise_the_price(patch: dict[str, Any]) -> None:
    assert raises_price(HOURS, merged(HOURS, patch))


@pytest.mark.parametrize(
    "patch",
    [
        {"fee": {"amount": 299999}},
        {"fee": {"amount": 900000, "every": "quarter"}},  # as much by the year
        {"rate": 11999},
        {"rates": {"tasks": {"seo": 12000}}},  # as the default rate was
        {"overage": {"rate": None}},
        {"allowance": {"measure": "hours", "minutes": 1801}},
        {"fee": {"amount": 290000}, "allowance": {"measure": "hours", "minutes": 1740}},  # less, for less
        {"tax": {"category": "standard", "rate_ppm": 190000}},
        {"net_days": 7},
    ],
)
def test_other_terms_do_not(patch: dict[str, Any]) -> None:
    assert not raises_price(HOURS, merged(HOURS, patch))
