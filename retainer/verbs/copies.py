"""`retainer backup`, `retainer restore`, `retainer migrate`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter, validators

from retainer.failures import Failure
from retainer.output import console, json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options

AtLeastNone = Annotated[int, Parameter(validator=validators.Number(gte=0))]


def backup(to: Path, /, *, keys: Path | None = None, keep: AtLeastNone = 0, options: Options = DEFAULT) -> None:
    """Copy the event stores of all services into a new folder inside TO; the house may run meanwhile.

    From SQLite by its own backup, from PostgreSQL out of one picture; a copy is always a SQLite file, and can be
    restored to either. The keys of persons and clients are never in it: they go into a folder of their own, wrapped as
    they are. The master key (secrets/master.key, or RETAINER_MASTER_KEY) is in neither: keep it apart from both.

    Example: retainer backup /backups/events --keys /other/keys --keep 14

    Parameters
    ----------
    to
        Where backups lie, each in a folder named by its time.
    keys
        Copy the keys too, into a new folder inside this one, which may not be inside TO.
    keep
        Remove all backups but the newest so many; 0 keeps them all.
    """
    from retainer.app import version_of
    from retainer.moves import back_up

    with _progress(options) as said:
        made = back_up(options.place().settings, to, keys, keep, version_of(), said)
    if options.json:
        json_out({"stores": str(made[0]), "keys": str(made[1]) if keys is not None else ""})
        return
    say(f"The event stores are in {made[0]}.")
    say(f"The keys are in {made[1]}." if keys is not None else "The keys were not copied: name a folder with --keys.")


def restore(
    folder: Path, /, *services: str, keys: Path | None = None, yes: bool = False, options: Options = DEFAULT
) -> None:
    """Put the stores of a backup in the place of those that the settings name, as a new epoch.

    The backup is checked first: hashes, positions, streams, chains. The house must stand still. What stood there is
    moved aside and not removed. Positions go on past every one that was ever published, each agency's facts say that
    the store was restored, and whoever has taken in facts that are lost notes them as withdrawn. Afterwards
    `retainer verify` names what no longer fits.

    Example: retainer restore /backups/events/2026-03-01T02-00-00.000000Z
    Example: retainer restore /backups/events/2026-03-01T02-00-00.000000Z timelog

    Parameters
    ----------
    folder
        One backup, as `retainer backup` named it.
    services
        Only these; else all that are in the backup.
    keys
        Restore the keys too, from this backup of keys. Who was erased since then stays erased.
    yes
        Do not ask.
    """
    from retainer.moves import restore as restored

    where = options.place()
    if not yes and not _agreed(f"Put {folder} in the place of the stores of {where.data_dir}?"):
        raise Failure("nothing was restored: repeat with --yes")
    with console(stderr=True).status("Restoring …") as status:
        done, buried = restored(
            where.settings, folder, keys, services, lambda step: status.update(f"Restoring: {step} …")
        )
    if options.json:
        json_out({"stores": [msgspec.to_builtins(one) for one in done], "erased_again": buried})
        return
    columns = ("service", "facts", "restored up to", "goes on after", "epoch", "before it lies in")
    rows = [
        (one.service, str(one.facts), str(one.restored_up_to), str(one.goes_on_after), one.epoch, one.aside)
        for one in done
    ]
    show(table("", columns, rows, right=("facts", "restored up to", "goes on after")))
    for service, count in buried.items():
        say(f"The keys of {service} are restored; {count} who were erased since are erased again.")
    say("Start the house, then look with `retainer verify` at what no longer fits together.")


def migrate(*, to: str, keys_to: str = "", dry_run: bool = False, options: Options = DEFAULT) -> None:
    """Move all event stores to PostgreSQL, or back to SQLite: positions, epochs, request ids, chains, marks, all of it.

    The house must stand still, and the place must be empty. The stores that the settings name are read and left as they
    are. Views are built anew at the next start. Afterwards set RETAINER_STORE_URL (and RETAINER_KEYS_URL).

    Example: retainer migrate --to postgresql://db/retainer --keys-to postgresql://db/retainer_keys --dry-run
    Example: retainer migrate --to sqlite --keys-to sqlite

    Parameters
    ----------
    to
        A URL of PostgreSQL, or the word sqlite for the files of the data folder.
    keys_to
        Move the keys too, to a URL of PostgreSQL or the word sqlite; else they stay where they are.
    dry_run
        Read everything, say what would be moved, and write nothing.
    """
    from retainer.moves import migrate as migrated

    with _progress(options) as said:
        moved, keys = migrated(options.place().settings, to, keys_to, said, dry_run=dry_run)
    if options.json:
        stores = {service: msgspec.to_builtins(figures) for service, figures in moved.items()}
        json_out({"moved": not dry_run, "stores": stores, "keys": keys})
        return
    columns = ("service", "facts", "up to", "request ids", "epoch")
    rows = [
        (service, str(one.facts), str(one.position), str(one.requests), one.epoch) for service, one in moved.items()
    ]
    show(table("", columns, rows, right=("facts", "up to", "request ids")))
    for service, count in keys.items():
        say(f"{count} keys of {service}.")
    if dry_run:
        say("Nothing was written: that is what would be moved.")
    else:
        say(f"Moved and compared. Set RETAINER_STORE_URL={'(empty)' if to == 'sqlite' else to} and start the house.")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return console().input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


@contextmanager
def _progress(options: Options) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each service on a terminal; nothing for scripts."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    out = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out, disable=options.json or not out.is_terminal) as progress:
        bars: dict[str, TaskID] = {}

        def said(service: str, copied: int, of: int) -> None:
            if service not in bars:
                bars[service] = progress.add_task(service, total=of)
            progress.update(bars[service], completed=copied)

        yield said
