"""What is known of flaws in the locked versions, by pip-audit and PyPI's advisories.

A mirror may have the page of each project's newest version alone. So where the page of a version is not to be had,
that of its project is asked: it tells of the version if that is the newest, and of no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pip_audit._audit import Auditor
from pip_audit._dependency_source import RequirementSource
from pip_audit._service import PyPIService, ResolvedDependency
from requests import Response

ADVISORIES = "vulnerabilities"


@dataclass(slots=True)
class Findings:
    """By `name version`."""

    clean: list[str] = field(default_factory=list)
    flawed: dict[str, list[str]] = field(default_factory=dict)
    """With the ids of the advisories and the versions without it."""
    unknown: list[str] = field(default_factory=list)
    """Nobody who was asked knows of this version."""


class Advisories(PyPIService):  # type: ignore[misc]  # untyped
    """PyPI's, by the version's page or the project's."""

    def __init__(self, cache: Path | None = None) -> None:
        super().__init__(cache, timeout=30)
        self.session.hooks["response"].append(self._of_the_project)

    def _of_the_project(self, response: Response, *args: Any, **how: Any) -> Response:
        address: str = response.url
        page, _, file = address.rpartition("/")
        project, _, version = page.rpartition("/")
        if response.status_code != 404 or file != "json" or not version[:1].isdigit():
            return response
        newest = self.session.get(f"{project}/json", timeout=self.timeout)
        return newest if newest.ok and _tells_of(newest.json(), version) else response


def _tells_of(page: dict[str, Any], version: str) -> bool:
    """Of this version, and what is known of it: a page without advisories is no sign that there are none."""
    return page.get("info", {}).get("version") == version and ADVISORIES in page


def audited(locked: Path, advisories: Advisories | None = None) -> Findings:
    """Every requirement of a locked file; raises pip-audit's ServiceError where nobody answers, DependencySourceError
    where the file is not pinned and hashed."""
    found = Findings()
    pinned = dict(_pinned(locked))
    source = RequirementSource([locked], require_hashes=True, disable_pip=True)
    for requirement, flaws in Auditor(advisories or Advisories()).audit(source):
        name = requirement.canonical_name
        said = f"{name} {pinned[name]}"
        if not isinstance(requirement, ResolvedDependency):
            found.unknown.append(said)
        elif flaws:
            found.flawed[said] = [
                f"{flaw.id} (gone in {', '.join(map(str, flaw.fix_versions)) or 'no version yet'})" for flaw in flaws
            ]
        else:
            found.clean.append(said)
    return found


def _pinned(locked: Path) -> Iterator[tuple[str, str]]:
    for line in locked.read_text().splitlines():
        name, pin, rest = line.partition("==")
        if pin and not line.startswith((" ", "#")):
            yield name.partition("[")[0].lower().replace("_", "-").replace(".", "-"), rest.split()[0]
