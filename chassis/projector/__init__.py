"""Recorded facts -> views. A view is a table (or some), a `project`, and queries; rows and position commit together.

A view lives in the service's view database (`sqlite:///…-views.db`, or a schema of PostgreSQL). SQL is written once,
with named parameters (`:contract_id`), in the dialect that SQLite and PostgreSQL share (`INSERT … ON CONFLICT … DO
UPDATE`). JSON is kept as TEXT. A view can always be dropped and rebuilt: `rebuild` fills new tables beside the live
ones and swaps them in one transaction.

| room | what it does |
| --- | --- |
| view | what a view is, its tables' names, the session that it writes by |
| shelf | the tables in the database: make, swap, positions, hashes |
| views | queries for the API, and waiting for positions |
| projector | facts into views, rebuild |
| replay | views as they were known at a position |
"""

from chassis.projector.projector import PATIENCE_SECONDS, Projector
from chassis.projector.replay import Wanted
from chassis.projector.view import Row, Tables, View
from chassis.projector.views import Views

__all__ = ["PATIENCE_SECONDS", "Projector", "Row", "Tables", "View", "Views", "Wanted"]
