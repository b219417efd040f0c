"""Whole stores and keyrings, copied: from one database to another, into a backup, out of one.

A copy keeps everything: positions, epoch, request ids, chains, sequences, marks of inboxes, dead letters (which are
facts). A backup of a store is a SQLite store, whatever it was made from: so it can be verified, restored to either
database, and looked into with any SQLite.

| room | what it does |
| --- | --- |
| tables | a store's tables, read and written as they are; the same for a key table |
| copying | one store into an empty place, compared fact by fact |
| standing | holds a whole house still: nothing of it runs while its stores are changed from outside |
| backup | four stores in one folder with a manifest; keys in another one |
| restore | a backup into its place, as a new epoch |
"""
