"""notify: clients learn what concerns them, by e-mail.

Decides: channels, notices, letters. Hears: contracts (addresses, renewals), billing (thresholds, invoices, reminders).
Tells: what was sent to whom through which channel, and what could not be.
"""
