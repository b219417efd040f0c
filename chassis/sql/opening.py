"""A database by its address."""

from chassis.sql.address import Address
from chassis.sql.database import Database
from chassis.sql.sqlite import SqliteDatabase


def open_database(address: Address, *, durable: bool, reading: bool = False) -> Database:
    if address.is_postgres:
        from chassis.sql.postgres import PostgresDatabase  # psycopg loads where it is used

        return PostgresDatabase(address)
    return SqliteDatabase(address.path, durable=durable, reading=reading)
