"""What deploy/ says of the code, written from it: `python -m tools.deploy`. tests/deploy compares."""

from pathlib import Path

from chassis.bus_users import users_conf
from services import HEARS

ROOT = Path(__file__).resolve().parent.parent
USERS = ROOT / "deploy/k8s/base/nats/users.conf"
HEAD = "# Written by `make deploy` from the rights that the code knows; passwords are the container's variables.\n"


def main() -> None:
    USERS.write_text(HEAD + users_conf(HEARS, lambda user: f"$RETAINER_NATS_PASSWORD_{user.upper()}"))


if __name__ == "__main__":
    main()
