"""Books for other programs: CSV that Excel opens right, XLSX, JSON lines, and DATEV's booking CSV.

| room | what it does |
| --- | --- |
| cells | what a cell can hold, and how each sort of file writes it |
| columns | which columns an export has, and how a message fills them |
| sources | the messages, page by page from the public API, so that memory stays flat |
| writers | the files, a row at a time |
| datev | invoices as bookings, in DATEV's format |
"""
