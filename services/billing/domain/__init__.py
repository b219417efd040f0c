"""What billing decides, and the pure fold underneath: from the facts of one contract to the lines of an invoice.

    facts                     what is known of a contract, each with `known_at`
      │  noting.note          taken in, in the order of `known_at`; admission says whether the rules have a place for it
      ▼
    kept.Books                a value: the course, entries by id, usage by period, what is dated, decisions, history
      ├─ course               periods, pauses, the end, the terms in force on each day        R4 to R8, R22, R24, R25
      ├─ rating, usage        an entry's rounded minutes and value, in order of consumption   R9, R10, R11, R13
      │    └─ consumption     entries of a period in order, with sums
      ▼
    statement                 one period: figures and charges; what it passes on to the next  R14 to R19, R21
      ├─ allowance            buckets, loans, blocks                                          R15, R16, R18, R20
      ├─ overage              decisions, and what is beyond at its price                      R18, R19
      ├─ grounds              what an amount is made of, and so what explains it              R9, R18, R27
      ├─ charges              a charge, fees of cycles, of spans and of once                  R8, R22, R26, R29
      └─ charged              all charges of a contract, with what is dated                   R20, R28, R30, R33, R39
      ▼
    invoice.draft             what is owed up to a boundary, less what was asked, by line     R27, R28, R31
      ▼
    allocation                how payments, credit notes and balance fall on documents        R32
    pace                      how fast a budget is used up                                    R35, R36

`books` is the public face of all this: the account (a decider around one `Books`), `retainer simulate` and the case
runner call the same functions. Money is reckoned nowhere else. Nothing here knows a clock, a database or a message.

Deciders beside the fold: `account` (one contract's), `receivables` (a client's ledger), `series` (numbers), `payment`.
"""
