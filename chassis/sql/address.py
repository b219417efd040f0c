"""Where a database is: `sqlite:///relative/path`, `sqlite:////absolute/path`, `sqlite:///:memory:`, or
`postgresql://user:password@host:port/name?schema=timelog` (what else stands behind `?` is libpq's)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

CONNECTION = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5000,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""What a connection to PostgreSQL has where its URL does not say: a server that is cut off is noticed in seconds."""


class DatabaseUnavailable(Exception):
    """The database does not answer, or does not let us in; try again later."""


class DatabaseFull(Exception):
    """There is no room left on the database's disk."""


class AddressWrong(ValueError):
    """This is no address of a database of ours; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class Address:
    """`path` for SQLite; `conninfo` and `schema` for PostgreSQL."""

    path: str = ""
    conninfo: str = ""
    schema: str = ""

    @property
    def is_postgres(self) -> bool:
        return bool(self.conninfo)

    @property
    def is_memory(self) -> bool:
        return not self.conninfo and self.path in ("", ":memory:")

    def parameters(self) -> dict[str, Any]:
        """What libpq is given for a connection."""
        from psycopg.conninfo import conninfo_to_dict  # psycopg loads where it is used

        said = {name: value for name, value in conninfo_to_dict(self.conninfo).items() if value is not None}
        return {**CONNECTION, **said}

    @classmethod
    def parse(cls, url: str, schema: str) -> "Address":
        """`schema` is used where the URL names none."""
        if url.startswith("sqlite://"):
            path = url.removeprefix("sqlite://")
            if not path.startswith("/") and path:
                raise AddressWrong(f"{url!r}: write sqlite:///relative/path or sqlite:////absolute/path")
            return cls(path=path.removeprefix("/"))
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres"):
            raise AddressWrong(
                f"{url.split(':')[0]!r} is no database of ours: use sqlite:///path or postgresql://host/name"
            )
        options = dict(parse_qsl(parts.query))
        named = options.pop("schema", "") or schema
        return cls(conninfo=urlunsplit(parts._replace(query=urlencode(options))), schema=named)
