"""A sample agency and a quarter of its work: loaded by public calls alone into a system of its own, and shown.

| room | what it is |
| --- | --- |
| agency | who the agency is, its clients, people and retainers |
| quarter | what happens, day by day: time sheets come in, books are settled, clients pay |
| house | the system that it happens in, in a data folder that can be thrown away |
| tour | what a person is shown of it |
"""
