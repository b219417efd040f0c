"""One store into an empty place: all of it in one transaction there, from one picture here, compared afterwards."""

from collections.abc import Callable

from chassis.copies.tables import KeyTables, StoreFigures, StoreTables, key_hash
from chassis.sql.database import transaction

Moved = Callable[[int], None]
"""Told how many facts have been copied so far."""


class CopyDiffers(Exception):
    """What was written does not read as what was copied; nothing should be done with the copy."""


def copy_store(
    source: StoreTables, target: StoreTables, moved: Moved = lambda count: None, *, begun: bool = False
) -> StoreFigures:
    """Everything from `source` into the empty `target`; `NotEmpty`, `Nothing`, `CopyDiffers`. The source may be in use:
    what is copied is how it was at the beginning, or when its picture was taken by who has `begun`."""
    source.must_be_there()
    target.make()
    if not begun:
        source.begin()
    try:
        with transaction(target.database) as session:
            copied = 0
            for page in source.rows():
                target.write(session, page)
                copied += len(page)
                moved(copied)
            for requests in source.requests():
                target.write_requests(session, requests)
            target.write_marks(session, source.marks())
            target.write_book(session, source.book())
        here, there = source.figures(), target.figures()
    finally:
        if not begun:
            source.end()
    if here != there:
        raise CopyDiffers(f"the copy of {source.service} is not what was copied: {here} became {there}")
    return there


def copy_keys(source: KeyTables, target: KeyTables) -> int:
    """The whole keyring, its identity and its tombstones too; how many subjects."""
    target.make()
    rows = source.rows()
    target.write(rows)
    if key_hash(target.rows()) != key_hash(rows):
        raise CopyDiffers(f"the copy of the keys of {source.service} is not what was copied")
    return sum(len(page) for page in rows.values()) - 1
