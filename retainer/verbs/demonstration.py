"""`retainer demo`: a sample agency, loaded through the public API alone, and a tour of it."""

import signal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from retainer.output import console, say

FOLDER = Path("data/demo")


def demo(*, exit: Annotated[bool, Parameter(name="--exit")] = False, data: Path = FOLDER) -> None:
    """Start a system of its own, load a quarter of a sample agency, show it, and serve until Ctrl-C.

    Example: retainer demo --exit

    Parameters
    ----------
    exit
        End after the tour.
    data
        Its data folder; an earlier demo in it is thrown away.
    """
    from retainer.demo.house import clear, serving

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = data.absolute()
    clear(folder)
    out = console()
    with out.status("Starting nats-server and four services …") as status, serving(folder) as place:
        from retainer.client import connect
        from retainer.demo.quarter import play
        from retainer.demo.tour import show

        def step(line: str) -> None:
            status.update(f"{line} …")
            if not out.is_terminal:
                say(line)

        with connect(place) as client:
            told = play(client, folder / "invoices", step)
        status.stop()
        show(out, told, place, stops=exit)
        if exit:
            return
        say("It serves until Ctrl-C.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            say("Stopping in order …")
