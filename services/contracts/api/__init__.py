"""The doors of contracts: messages to commands, view rows to messages.

| room | what it does |
| --- | --- |
| agency, clients | their services whole |
| commands, queries | what ContractService decides, and what it shows |
| contracts | both as one service |
| desk | how a command is obeyed, tried out and answered |
| people | names and addresses in messages, sealed and opened |
| shapes, history_words | contracts and what happened to them, as messages |
"""
