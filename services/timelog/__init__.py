"""timelog: who worked how long for whom.

Decides: people with their roles, time entries and their approval, timers, deliveries, imports. Owns the keys of people.
Hears: contracts (terms, pauses, ends: to refuse R7, R9, R24). Tells: every entry as it was accepted, corrected and
deleted.
"""
