"""What terms say, read off their JSON (R9, R14, R18, R22, R31): a part of the plain reckoning."""

from fractions import Fraction
from typing import Any

TAXED = ("standard", "reduced")
Json = dict[str, Any]


def rounded(value: Fraction) -> int:
    """Half away from zero (R2)."""
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def patched(terms: Json, patch: Json) -> Json:
    """Key by key, an allowance whole, null takes away."""
    after = dict(terms)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict) and key != "allowance":
            after[key] = patched(after.get(key, {}), value)
        else:
            after[key] = value
    return after


def kind_of(terms: Json) -> str:
    """R14."""
    if "allowance" in terms:
        return str(terms["allowance"]["measure"])
    if terms.get("bank"):
        return "bank"
    has_rate = "rate" in terms or any(terms.get("rates", {}).values())
    return "flat" if "fee" in terms or ("access_fee" in terms and not has_rate) else "hourly"


def measure_of(terms: Json) -> tuple[str, str]:
    return kind_of(terms), terms.get("allowance", {}).get("of", "")


def size_of(terms: Json) -> int:
    allowance = terms.get("allowance", {})
    return int(next((allowance[key] for key in ("minutes", "amount", "units") if key in allowance), 0))


def fee_of(terms: Json) -> int:
    return int(terms.get("fee", {}).get("amount", 0))


def every_of(terms: Json) -> str:
    every = terms.get("fee", {}).get("every") or terms["cycle"]
    return str(every)


def policy_of(terms: Json) -> str:
    return str(terms.get("overage", {}).get("policy", "bill"))


def overage_rate(terms: Json) -> int | None:
    rate: int | None = terms.get("overage", {}).get("rate")
    return rate


def tax_of(terms: Json) -> tuple[str, int]:
    tax = terms.get("tax", {})
    category = tax.get("category", "outside_scope")
    return category, tax.get("rate_ppm", 0) if category in TAXED else 0


def rate_for(terms: Json, work: Any) -> int | None:
    """R9."""
    rates = terms.get("rates", {})
    named = [work.rate, rates.get("tasks", {}).get(work.task), rates.get("people", {}).get(str(work.person_id))]
    named += [rates.get("roles", {}).get(work.role), terms.get("rate")]
    return next((rate for rate in named if rate is not None), None)


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])
