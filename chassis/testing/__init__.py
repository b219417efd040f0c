"""What tests of services need: given/when/then for deciders, a store in memory, keys that never change, real servers.

given(TIME_ENTRY, TimeLogged(...)).when(CorrectTime(...)).then(TimeCorrected(...))
given(TIME_ENTRY).when(LogTime(...)).refused(ContractPaused, field="started_at")

async with memory_store(CATALOG) as store: ...
with nats_server(tmp_path) as server: ...            # a real one; server.url, server.kill(), server.start()
with postgres_server() as server: ...
"""

from chassis.testing.deciders import Given, When, given
from chassis.testing.ports import free_port
from chassis.testing.servers import NatsServer, PostgresServer, nats_server, postgres_server
from chassis.testing.stores import FixedKeys, memory_store

__all__ = [
    "FixedKeys",
    "Given",
    "NatsServer",
    "PostgresServer",
    "When",
    "free_port",
    "given",
    "memory_store",
    "nats_server",
    "postgres_server",
]
