"""A quarter of a small agency's time, as Toggl Track's "detailed" report exports it; written by `time_sheet`."""

from pathlib import Path

TIME_SHEET = Path(__file__).with_name("toggl-detailed-2026-q1.csv")
