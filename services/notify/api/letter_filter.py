"""Which letters a caller wants: `client = "clients/acme" AND state = SENT`."""

from typing import Any

import msgspec

from messages.filters import EQUAL, Condition, conditions
from services.notify.api.messages import KINDS
from services.notify.domain.notice_state import Stage
from services.notify.views.letters import Wanted

FIELDS = dict.fromkeys(("client", "contract", "invoice", "kind", "state"), EQUAL)


def wanted(text: str) -> Wanted:
    """`FilterInvalid` for anything that is not understood; of two conditions on one field the last counts."""
    asked: dict[str, Any] = dict(_column(condition) for condition in conditions(text, FIELDS))
    return msgspec.convert(asked, Wanted)


def _column(condition: Condition) -> tuple[str, str]:
    match condition.field:
        case "client":
            return "client_id", condition.id_in("clients")
        case "contract":
            return "contract_id", condition.id_in("contracts")
        case "invoice":
            return "number", condition.id_in("invoices")
        case "kind":
            return "kind", condition.one_of(list(KINDS))
        case field:
            assert field == "state", "filters know no other field"
            return "stage", condition.one_of([stage.value for stage in Stage])
