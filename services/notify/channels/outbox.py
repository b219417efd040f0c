"""Letters as .eml files in a folder, `<outbox>/<agency>/<notice>.<contact>.eml`, while no mail server is set."""

import asyncio
import os
from pathlib import Path

from services.notify.channels import ChannelDown
from services.notify.channels.mail import Mail

LONGEST_NAME = 255
"""Bytes of a file's name on the usual file systems."""


class Outbox:
    """A file is there whole or not at all, and a letter that comes twice is one file."""

    name = "outbox"
    needs_sender = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, mail: Mail) -> None:
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError as error:
            raise ChannelDown(
                f"the outbox folder cannot be written: {error.strerror or type(error).__name__}"
            ) from error

    def destroy(self, agency: str, notice_id: str) -> int:
        """Every letter of a notice, also one that is half written; overwritten first. How many there were."""
        folder = self._folder / agency
        prefixes = (f"{notice_id}.", f".{notice_id}.")
        found = [path for path in folder.iterdir() if path.name.startswith(prefixes)] if folder.is_dir() else []
        for path in found:
            with open(path, "r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        return len(found)

    def path(self, mail: Mail) -> Path:
        return self._folder / mail.agency / _fitting(mail.file_name)

    def _write(self, mail: Mail) -> None:
        path = self.path(mail)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name[:200]}.part")
        with open(fresh, "wb") as file:
            file.write(mail.message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _fitting(name: str) -> str:
    """A name that fits; the end stays, where ids differ."""
    return name if len(name) <= LONGEST_NAME else name[len(name) - LONGEST_NAME :].lstrip(".")
