"""The command `retainer`: what goes wrong ends in one line on standard error and an exit status (docs/cli.md)."""

import os
import sys
from collections.abc import Sequence

from retainer.failures import ExitStatus, Failure
from vocabulary.refusal import Refused


def run(arguments: Sequence[str]) -> ExitStatus:
    """Obey one command line."""
    from cyclopts import CycloptsError

    from retainer.app import make_app

    try:
        result = make_app(arguments)(list(arguments))
    except Failure as failure:
        return _complain(str(failure), failure.status)
    except Refused as refused:
        at = f" (at {refused.field})" if refused.field else ""
        return _complain(f"{refused.message}{at} [{refused.name}]", ExitStatus.WRONG_INPUT)
    except CycloptsError as error:
        return _complain(f"{_in_a_line(str(error))} See `retainer --help`.", ExitStatus.WRONG_INPUT)
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.OK
    return result if isinstance(result, ExitStatus) else ExitStatus.OK


def main() -> None:
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its core writes lines of its own, and reads this when imported
    sys.exit(run(sys.argv[1:]))


def _complain(message: str, status: ExitStatus) -> ExitStatus:
    sys.stdout.flush()
    print(f"retainer: {_in_a_line(message)}", file=sys.stderr)
    return status


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
