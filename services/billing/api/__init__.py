"""What callers may ask of billing: messages to commands, and rows to messages. One file for each gRPC service.

| room | what it does |
| --- | --- |
| budgets, boundaries, invoices, accounts, payments | one servicer each |
| desk | a command becomes one append and a receipt |
| watching | the latest state to whoever watches |
| lists | filters, orders and pages of what is put together from rows |
| shapes, …_shapes | messages to words of the domain and back |
| doors | who may call what, and the doors themselves |
"""
