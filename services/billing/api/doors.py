"""Who may call what of billing; docs/api.md is made from it."""

from collections.abc import Mapping

from chassis.auth import ANYONE, MANAGERS, OWNERS, SERVICES, Role, Rule, Rules
from chassis.grpc_server import Door
from chassis.run import Parts
from services.billing.api.accounts import Accounts
from services.billing.api.boundaries import Boundaries
from services.billing.api.budgets import Budgets
from services.billing.api.desk import Desk
from services.billing.api.invoices import Invoices
from services.billing.api.payments import Payments
from services.billing.api.proofs import Proofs
from services.billing.api.statements import Statements
from services.billing.api.what_ifs import WhatIfs
from services.billing.settling import Settling
from wire.retainer.billing.v1 import (
    account_pb2_grpc,
    boundary_pb2_grpc,
    budget_pb2_grpc,
    invoice_pb2_grpc,
    payment_pb2_grpc,
    proof_pb2_grpc,
    statement_pb2_grpc,
    what_if_pb2_grpc,
)

PACKAGE = "retainer.billing.v1"
BOOKKEEPERS = MANAGERS | {Role.GUEST}
"""A guest sees his own client's alone."""

_BY_SERVICE: Mapping[str, Mapping[str, Rule]] = {
    "BudgetService": {
        name: Rule(ANYONE, "a guest: his own client's contracts")
        for name in ("GetBudget", "ListBudgets", "WatchBudget", "WatchBudgets")
    },
    "BoundaryService": {"CloseBoundaries": Rule(MANAGERS)},
    "InvoiceService": {
        "GetInvoice": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "ListInvoices": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "GetInvoiceDocument": Rule(BOOKKEEPERS | SERVICES, "a guest: his own client's; notify attaches it to letters"),
        "ListKeptDocuments": Rule(OWNERS, "What is left of a client who was erased"),
        "ExplainInvoice": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "ExplainLine": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "ReleaseInvoice": Rule(MANAGERS),
        "CancelInvoice": Rule(MANAGERS),
    },
    "ProofService": {
        name: Rule(BOOKKEEPERS, "a guest: his own client's")
        for name in ("VerifyAccount", "GetAccountStatement", "ExportAccount")
    },
    "WhatIfService": {
        "SimulateTerms": Rule(MANAGERS),
        "PreviewEffect": Rule(MANAGERS),
    },
    "StatementService": {
        "GetStatement": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "GetStatementDocument": Rule(BOOKKEEPERS, "a guest: his own client's"),
    },
    "AccountService": {
        "BuyBlock": Rule(MANAGERS),
        "WithdrawBlock": Rule(MANAGERS),
        "GiveCredit": Rule(MANAGERS),
        "WithdrawCredit": Rule(MANAGERS),
        "AddExtra": Rule(MANAGERS),
        "WithdrawExtra": Rule(MANAGERS),
        "ApproveOverage": Rule(BOOKKEEPERS, "a guest: for his own client"),
        "DeclineOverage": Rule(BOOKKEEPERS, "a guest: for his own client"),
        "TakeOver": Rule(MANAGERS),
        "SetNextNumber": Rule(MANAGERS),
        "SetReminders": Rule(MANAGERS),
        "SetThresholds": Rule(MANAGERS),
        "ListPostings": Rule(MANAGERS),
        "ListLeftOut": Rule(MANAGERS),
    },
    "PaymentService": {
        "RecordPayment": Rule(MANAGERS),
        "RefundBalance": Rule(MANAGERS),
        "GetBalance": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "ListPayments": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "ListReceivables": Rule(BOOKKEEPERS, "a guest: his own client's"),
        "RemindOverdue": Rule(MANAGERS),
        "StopReminders": Rule(MANAGERS),
        "ResumeReminders": Rule(MANAGERS),
        "MarkUncollectible": Rule(MANAGERS),
    },
}

RULES: Rules = {
    f"/{PACKAGE}.{service}/{method}": rule
    for service, methods in _BY_SERVICE.items()
    for method, rule in methods.items()
}


def doors(parts: Parts) -> list[Door]:
    desk = Desk(parts)
    return [
        Door(budget_pb2_grpc.add_BudgetServiceServicer_to_server, Budgets(desk), f"{PACKAGE}.BudgetService"),
        Door(
            boundary_pb2_grpc.add_BoundaryServiceServicer_to_server,
            Boundaries(desk, Settling(parts.store, parts.metrics)),
            f"{PACKAGE}.BoundaryService",
        ),
        Door(invoice_pb2_grpc.add_InvoiceServiceServicer_to_server, Invoices(desk), f"{PACKAGE}.InvoiceService"),
        Door(proof_pb2_grpc.add_ProofServiceServicer_to_server, Proofs(desk), f"{PACKAGE}.ProofService"),
        Door(what_if_pb2_grpc.add_WhatIfServiceServicer_to_server, WhatIfs(desk), f"{PACKAGE}.WhatIfService"),
        Door(account_pb2_grpc.add_AccountServiceServicer_to_server, Accounts(desk), f"{PACKAGE}.AccountService"),
        Door(
            statement_pb2_grpc.add_StatementServiceServicer_to_server, Statements(desk), f"{PACKAGE}.StatementService"
        ),
        Door(payment_pb2_grpc.add_PaymentServiceServicer_to_server, Payments(desk), f"{PACKAGE}.PaymentService"),
    ]
