"""One SQL for both databases: SQLite takes it as it is written, for PostgreSQL it is put into its words."""

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def in_postgres(sql: str) -> str:
    """The shared SQL as psycopg takes it: `:name` becomes `%(name)s`."""
    return re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", sql.replace("%", "%%"))


@lru_cache(maxsize=256)
def table_in_postgres(definition: str) -> str:
    """The columns of a table in PostgreSQL's types."""
    return re.sub(r"\bBLOB\b", "BYTEA", re.sub(r"\bINTEGER\b", "BIGINT", definition))
