"""contracts: who buys what on which terms.

Decides: the agency's profile, clients, contracts with terms, pauses, ends and renewals. Owns the keys of clients and of
the agency. Hears: timelog (billable time and deliveries of each contract, so that pauses, ends and new terms that would
leave them without a place are refused: R7, R9, R20, R24). Tells: whatever changes what a client owes or how he is
reached.
"""
