"""Time out of other systems' exports: pure readers from bytes to rows, and from rows to what is said of entries.

| room | what it does |
| --- | --- |
| table | bytes -> header and rows with their lines; encodings, delimiters, quoting |
| formats | dates, times of day, durations, yes and no, tags, as people's programs write them |
| clocks | local time -> instant; hours that a clock change skips or shows twice |
| rows | what a reader gives back for each row |
| toggl | the "detailed" CSV export of Toggl Track |
| sources | which readers there are |
| mapping | clients and projects -> contracts, users -> people, zones |
| identity | by what a row is known again |
| tally | what would come of a file, in figures and notes |
"""
