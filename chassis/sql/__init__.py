"""A small database for what is no event store: views and keys. SQLite or PostgreSQL by URL, one SQL for both.

SQL is written once with named parameters (`:contract_id`) in the dialect that both share. `INTEGER` in a table means
64 bits (BIGINT on PostgreSQL), `BLOB` means BYTEA; JSON, dates and instants are TEXT, truth is 0 or 1.
"""

from chassis.sql.address import Address, AddressWrong, DatabaseFull, DatabaseUnavailable
from chassis.sql.database import Database, Session
from chassis.sql.opening import open_database

__all__ = ["Address", "AddressWrong", "Database", "DatabaseFull", "DatabaseUnavailable", "Session", "open_database"]
