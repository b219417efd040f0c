"""What the command did last, so that the next one sees it: the newest consistency token of each service, by agency.

`retainer log … && retainer budget` are two processes; the second asks with what the first was given. Lost or outdated
tokens do no harm: a service waits for nothing then.
"""

import json
import os
from contextlib import suppress
from pathlib import Path


class Recollection:
    """One file in the run folder of a system on this machine; none, where it cannot be kept."""

    def __init__(self, folder: Path, agency: str) -> None:
        self._path = folder / f"seen.{agency}.json" if folder.is_dir() else None
        self.tokens: dict[str, str] = {}
        if self._path is not None:
            with suppress(OSError, ValueError):
                kept = json.loads(self._path.read_bytes())
                self.tokens = {str(service): str(token) for service, token in dict(kept).items()}

    def note(self, service: str, token: str) -> None:
        self.tokens[service] = token

    def keep(self) -> None:
        """For the next command; where the folder is not ours it is forgotten."""
        if self._path is None or not self.tokens:
            return
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            beside.write_text(json.dumps(self.tokens))
            beside.replace(self._path)
