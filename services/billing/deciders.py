"""Billing's aggregates as the store runs them."""

from chassis.store import Decider
from services.billing.domain import account, payment, receivables, series

ACCOUNT = Decider(account.UNOPENED, account.decide, account.evolve)
SERIES = Decider(series.NOTHING_NUMBERED, series.decide, series.evolve)
RECEIVABLES = Decider(receivables.NOTHING_OWED, receivables.decide, receivables.evolve)
PAYMENT = Decider(payment.NEVER_SEEN, payment.decide, payment.evolve)
