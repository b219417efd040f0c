"""The views of contracts, one question a file.

| view | question |
| --- | --- |
| agency | who is the agency |
| clients | who buys |
| contracts | which contracts there are, and how they stand |
| history | what happened to a contract |
| work | on which days a contract has billable time or deliveries |
"""
