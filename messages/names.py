"""Resource names, relative to the caller's agency: `clients/acme`, `contracts/web-2026/blocks/b1`.

Refused
└── NameMalformed       not of the form that the field asks for
"""

from vocabulary.identity import IdMalformed, check_id
from vocabulary.refusal import Kind, Refused


class NameMalformed(Refused, kind=Kind.INVALID):
    """A resource name of another form than the field asks for."""


def id_in(name: str, collection: str, field: str) -> str:
    """`acme` of `clients/acme`; `NameMalformed` for anything else."""
    return ids_in(name, (collection,), field)[0]


def ids_in(name: str, collections: tuple[str, ...], field: str) -> tuple[str, ...]:
    """`(web-2026, b1)` of `contracts/web-2026/blocks/b1` with the collections `(contracts, blocks)`."""
    parts = name.split("/")
    ids = tuple(parts[1::2])
    if tuple(parts[::2]) == collections and len(ids) == len(collections):
        try:
            return tuple(check_id(found, field) for found in ids)
        except IdMalformed:
            pass
    form = "/".join(f"{collection}/<id>" for collection in collections)
    raise NameMalformed(f"{field} is {name!r}: write {form}", field=field)


def name_of(collection: str, identity: str) -> str:
    return f"{collection}/{identity}"
