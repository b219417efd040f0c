"""The doors of timelog.

| room | what it does |
| --- | --- |
| counter | how a command is obeyed, tried out and answered |
| lookup | what a decision needs to know of contract and person, and who decides |
| people | PersonService |
| entries | TimeEntryService |
| entry_words | entries between messages and the domain |
| timers | TimerService |
| deliveries | DeliveryService |
| imports | ImportService |
| import_words | its options and plans between messages and the domain |
| import_run | a file gone through row by row |
"""
