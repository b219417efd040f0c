"""The command `retainer`: verbs over the public gRPC API, simulate, a sample agency.

| room | what it is |
| --- | --- |
| app | the verbs by name; each is imported when it is called |
| verbs/ | one file for each noun: arguments -> request, reply -> table or JSON |
| client | a request finds its service, its call and its way there; retries, consistency tokens |
| place | where a running system is: settings and the run files of the data folder |
| failures | what can go wrong for a person at the keyboard: one line, the remedy, an exit status |
| words, output | money, dates and times as a person writes them; tables, bars, JSON |
| case_file, simulate | a case file and what must come of it, by billing's pure domain alone |
| through | the same case file by public calls against a running system |
| demo/, samples/ | a sample agency, a tour of it, and its time sheet |
"""
