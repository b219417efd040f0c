"""Between messages of `wire/` and the words of `vocabulary/`: what every api needs, and no rule of business.

Only the api rooms of services, their `__main__`, `retainer/` and tests import it.

| room | what it does |
| --- | --- |
| amounts | google.type.Money <-> minor units, exactly |
| dates | google.type.Date <-> date, google.protobuf.Timestamp <-> instant, google.protobuf.Duration <-> seconds |
| names | resource names: `clients/acme`, `contracts/web-2026/blocks/b1` |
| filters | the small part of AIP-160 that lists understand: comparisons joined by AND |
| pages | page sizes and opaque page tokens, bound to their query |
| etags | the version of a stream as text |
| masks | update masks: which fields of a message a caller names |
| terms | Terms, Agreement and changes of terms <-> vocabulary.terms |
"""
