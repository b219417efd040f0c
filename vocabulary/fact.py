"""What every event of every service is: a frozen fact with an explicit name and version.

    class TimeLogged(Fact, frozen=True, tag="timelog.TimeLogged@1"):
        entry_id: EntryId

The tag is the name on the wire and in the store, for ever; the Python class may be renamed, the tag may not.
A new version is a new class with `@2`, and an upcast from the old one beside the union in the service's events.py.
"""

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact", omit_defaults=True, gc=False):
    """Something that happened; JSON of its fields is what is stored and published."""
