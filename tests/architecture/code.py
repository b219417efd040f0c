"""The code as these tests see it: modules with their imports and definitions, read and not run."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("vocabulary", "messages", "chassis", "services", "retainer", "tools")
SERVICES = ("contracts", "timelog", "billing", "notify")


@dataclass(frozen=True)
class Module:
    """One file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """`services.billing.domain.statement`; a package is named without its `__init__`."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def service(self) -> str:
        parts = self.name.split(".")
        return parts[1] if parts[0] == "services" and len(parts) > 1 else ""

    @property
    def room(self) -> str:
        """`events`, `domain`, `views`, `reactions`, `api`, `__main__`, … of a service."""
        parts = self.name.split(".")
        return parts[2] if self.service and len(parts) > 2 else ""

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(), str(self.path))

    @cached_property
    def lines(self) -> int:
        return len(self.path.read_text().splitlines())

    @cached_property
    def imports(self) -> Sequence[str]:
        """Full names of what is imported, wherever in the file: `chassis.store.Store`."""
        return sorted(self._imports())

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    yield from (name.name for name in names)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    yield from (f"{module}.{name.name}" for name in names)

    def reaches(self, package: str) -> bool:
        """Whether it imports the package or something in it."""
        return any(name == package or name.startswith(f"{package}.") for name in self.imports)


@cache
def modules() -> Sequence[Module]:
    paths = (path for package in OURS for path in sorted(ROOT.joinpath(package).rglob("*.py")))
    return [Module(path) for path in paths]
