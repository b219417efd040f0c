"""The four services, and who keeps the keys of whom."""

KEEPERS = {"agency": "contracts", "client": "contracts", "person": "timelog"}
"""Kind of subject -> the service that keeps its keys; the others borrow them."""
