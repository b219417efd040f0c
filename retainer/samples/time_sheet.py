"""Write the sample time sheet: `python -m retainer.samples.time_sheet`. The same bytes each time, a test compares them.

The format is that of Toggl Track's "detailed" CSV export, with what real exports bring along: a byte order mark, every
cell quoted, an empty amount where a row is not billable, rows of one person that overlap, one that crosses midnight at
a month's end, one of zero seconds, a stopwatch that was edited so that the duration is not end less start, several tags
in one cell, quotes inside a description, a client with umlauts, two rows that are equal in everything, and time without
a client. Each person's rows are in the zone of that person's profile, and nothing in the file says which that is.
"""

import csv
import io
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from retainer.samples import TIME_SHEET

COLUMNS = (
    *("User", "Email", "Client", "Project", "Task", "Description", "Billable", "Start date", "Start time"),
    *("End date", "End time", "Duration", "Tags", "Amount (EUR)"),
)
FIRST, LAST = date(2026, 1, 5), date(2026, 3, 31)
WORKSPACE_RATE = 100


class Person(NamedTuple):
    name: str
    email: str


class Job(NamedTuple):
    """Something to do again and again: for whom, how, and how often in each month of the quarter."""

    client: str
    project: str
    task: str
    descriptions: tuple[str, ...]
    tags: str
    billable: bool
    weights: tuple[int, int, int]


ANNA = Person("Anna Berg", "anna@studio-nordlicht.example")
TOM = Person("Tom Reed", "tom@studio-nordlicht.example")
BREWERY = "Brauerei Grünhöfer & Söhne"
ROASTERS = "Harbor Lane Coffee"
CLINIC = "Tierklinik Seeblick"

JOBS = (
    Job(BREWERY, "Website care", "Development", ("Opening hours page", "Shop checkout fixes", "Faster product images",
        'Banner "Frühlingsbock"', "Browser tests"), "Development, Backend", True, (26, 36, 20)),
    Job(BREWERY, "Website care", "Design", ("Label shots for the shop", "Landing page, second draft", "Icon set"),
        "Design", True, (9, 14, 7)),
    Job(BREWERY, "Website care", "Calls", ("Weekly call",), "Calls", True, (6, 6, 5)),
    Job(ROASTERS, "Brand and shop", "Development", ("Subscription flow", "Stock sync", "Gift cards", "Tax settings"),
        "Development, Shop", True, (24, 9, 26)),
    Job(ROASTERS, "Brand and shop", "Design", ("Packaging mock-ups", "Menu boards"), "Design, Print", True, (10, 4, 9)),
    Job(CLINIC, "Newsletter", "Writing", ("Newsletter text", "Vaccination reminder", "Interview with Dr. Fels"),
        "Writing", True, (15, 16, 14)),
    Job(CLINIC, "Newsletter", "Set-up", ("Templates, sending, and lists", "Unsubscribe page"), "Development", True,
        (8, 6, 7)),
    Job(BREWERY, "Website care", "Calls", ("Small talk at the stand",), "", False, (2, 2, 2)),
    Job("", "Internal", "", ("Book keeping", "Reading mail", "Team lunch"), "", False, (6, 6, 6)),
)  # fmt: skip


class Row(NamedTuple):
    person: Person
    job: Job
    description: str
    starts: datetime
    ends: datetime
    seconds: int

    def cells(self) -> tuple[str, ...]:
        minor = self.seconds * WORKSPACE_RATE * 100 // 3600
        job = self.job
        return (
            *(self.person.name, self.person.email, job.client, job.project, job.task, self.description),
            *("Yes" if job.billable else "No", f"{self.starts:%Y-%m-%d}", f"{self.starts:%H:%M:%S}"),
            *(f"{self.ends:%Y-%m-%d}", f"{self.ends:%H:%M:%S}", _clock(self.seconds), job.tags),
            f"{minor // 100}.{minor % 100:02}" if job.billable else "",
        )


def time_sheet() -> bytes:
    """The whole file."""
    rows = sorted([*_ordinary_days(Random(20260105)), *_oddities()], key=lambda row: (row.starts, row.person.name))
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.cells() for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _ordinary_days(random: Random) -> list[Row]:
    """Three to five rows for each person on each weekday, from nine in the morning on."""
    rows = []
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    for day in days:
        for person in (ANNA, TOM):
            if day.isoweekday() > 5:
                continue
            at = _at(day, time(9, random.randrange(0, 40), random.randrange(60)))
            for _ in range(random.choice((3, 4, 4, 5))):
                job = random.choices(JOBS, [job.weights[day.month - 1] for job in JOBS])[0]
                seconds = random.randrange(9 * 60, 62 * 60)
                rows.append(_row(person, job, random.choice(job.descriptions), at, seconds))
                at += timedelta(seconds=seconds + random.randrange(60, 45 * 60))
    return rows


def _oddities() -> list[Row]:
    """What a reader must get right; each once."""
    care, calls, shop, newsletter = JOBS[0], JOBS[2], JOBS[3], JOBS[5]
    late = _at(date(2026, 1, 31), time(23, 10))
    saturday = _at(date(2026, 2, 28), time(10, 5))
    evening_in_new_york = _at(date(2026, 2, 28), time(20, 30))
    twice = _at(date(2026, 2, 17), time(16, 0))
    return [
        _row(ANNA, care, "Shop was down, past midnight", late, 95 * 60),
        _row(TOM, care, "Checkout was broken on a Saturday", saturday, 80 * 60),
        _row(TOM, care, "Night in Berlin, evening here", evening_in_new_york, 50 * 60),
        _row(ANNA, calls, "Started and stopped", _at(date(2026, 1, 14), time(18, 0, 5)), 0),
        Row(
            TOM,
            shop,
            "Stopwatch ran through lunch",
            _at(date(2026, 3, 11), time(17, 0)),
            _at(date(2026, 3, 11), time(20, 0)),
            5400,
        ),
        _row(ANNA, newsletter, "Call while writing", _at(date(2026, 3, 18), time(18, 0)), 30 * 60),
        _row(ANNA, calls, "Call while writing", _at(date(2026, 3, 18), time(18, 10)), 25 * 60),
        _row(TOM, shop, "Labels", twice, 15 * 60),
        _row(TOM, shop, "Labels", twice, 15 * 60),
    ]


def _row(person: Person, job: Job, description: str, starts: datetime, seconds: int) -> Row:
    return Row(person, job, description, starts, starts + timedelta(seconds=seconds), seconds)


def _at(day: date, clock: time) -> datetime:
    """What a person's clock shows; the export says no zone."""
    return datetime.combine(day, clock)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


if __name__ == "__main__":
    TIME_SHEET.write_bytes(time_sheet())
