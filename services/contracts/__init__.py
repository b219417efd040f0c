"""contracts: who buys what on which terms.

Decides: the agency's profile, clients, contracts with terms, pauses, ends and renewals. Owns the keys of clients and of
the agency. Hears: timelog (billable days of each contract, to refuse pauses and ends over them, R24, R7). Tells: whatever
changes what a client owes or how he is reached.
"""
