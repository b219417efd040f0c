"""billing: what was agreed and worked becomes what is left and what is owed.

Decides: the account of each contract (counting, thresholds, boundaries), blocks, overage approvals, credits, extras,
invoices and their numbers, payments, balances, reminders. Hears: contracts (terms, addresses), timelog (time,
deliveries). Tells: counted entries with the figures after them, thresholds, settled periods, invoices, payments.
"""
