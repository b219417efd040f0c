"""The table of a keyring: whose it is, and whether this master key is the one that its keys were wrapped with.

A keyring has an identity, made with its first table and kept for ever. An event store notes the one that it was first
opened with (`Store.note_once`): so a replica that looks at another key table, or a restore with the wrong one, is
refused before anything is sealed that nobody else could open.
"""

from uuid import uuid4

from chassis.seal import MasterKey, SealBroken
from chassis.sql import Database
from chassis.sql.database import transaction
from chassis.sql.dialect import table_in_postgres

KEYS = "subject_keys"
KEY_COLUMNS = "agency TEXT, subject TEXT, wrapped BLOB, erased_at TEXT, PRIMARY KEY (agency, subject)"
IDENTITY = "keyring"
IDENTITY_COLUMNS = "one INTEGER PRIMARY KEY, identity TEXT NOT NULL, wrapped BLOB NOT NULL"
TABLES = {KEYS: KEY_COLUMNS, IDENTITY: IDENTITY_COLUMNS}
PROOF = b"retainer".ljust(32, b".")
"""Wrapped with the master key beside the identity: where it does not unwrap, the master key is another one."""


class KeyringWrong(Exception):
    """The keys cannot be used with these settings; the message says which setting to look at."""


def open_key_table(database: Database, wrap: MasterKey, *, postgres: bool) -> str:
    """Make the tables where there are none; the keyring's identity, or `KeyringWrong`."""
    with transaction(database) as session:
        present = database.tables()
        for name, columns in TABLES.items():
            if name not in present:
                definition = table_in_postgres(columns) if postgres else columns
                session.execute(f"CREATE TABLE IF NOT EXISTS {name} ({definition})")
        _check_a_key(database, wrap)
        fresh = uuid4().hex[:16]
        session.execute(
            f"INSERT INTO {IDENTITY} (one, identity, wrapped) VALUES (1, :identity, :wrapped)"
            " ON CONFLICT (one) DO NOTHING",
            {"identity": fresh, "wrapped": wrap.wrap(PROOF, fresh)},
        )
        (row,) = session.query(f"SELECT identity, wrapped FROM {IDENTITY}")
    identity = str(row["identity"])
    _must_unwrap(wrap, bytes(row["wrapped"]), identity)
    return identity


def _check_a_key(database: Database, wrap: MasterKey) -> None:
    """A keyring from before there were identities proves itself by any of its keys."""
    if database.query(f"SELECT one FROM {IDENTITY}"):
        return
    for row in database.query(f"SELECT agency, subject, wrapped FROM {KEYS} WHERE wrapped IS NOT NULL LIMIT 1"):
        _must_unwrap(wrap, bytes(row["wrapped"]), f"{row['agency']}/{row['subject']}")


def _must_unwrap(wrap: MasterKey, wrapped: bytes, bound_to: str) -> None:
    try:
        wrap.unwrap(wrapped, bound_to)
    except SealBroken:
        raise KeyringWrong(
            "RETAINER_MASTER_KEY is not the one that the keys here were wrapped with: every replica needs the same"
        ) from None
