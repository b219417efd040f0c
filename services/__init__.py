"""The four services, where they are found, and who keeps the keys of whom."""

PORTS = {"contracts": 7401, "timelog": 7402, "billing": 7403, "notify": 7404}
"""The ports that `retainer up` takes first where they are free; /metrics is ten above."""

KEEPERS = {"agency": "contracts", "client": "contracts", "person": "timelog"}
"""Kind of subject -> the service that keeps its keys; the others borrow them."""
