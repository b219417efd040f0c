"""The four services, where they are found, who hears whom, who keeps the keys of whom, and who stands in front."""

PORTS = {"contracts": 7401, "timelog": 7402, "billing": 7403, "notify": 7404}
"""The ports that `retainer up` takes first where they are free; /metrics is ten above."""

KEEPERS = {"agency": "contracts", "client": "contracts", "person": "timelog"}
"""Kind of subject -> the service that keeps its keys; the others borrow them."""

HEARS = {
    "contracts": ("timelog",),
    "timelog": ("contracts",),
    "billing": ("contracts", "timelog"),
    "notify": ("contracts", "billing"),
}
"""Service -> those whose facts it hears: what its user on the bus may read."""

FRONT = "timelog"
"""Most commands by far are hours logged, and all others follow them."""
