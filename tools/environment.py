"""Set up `.venv` from the locked, hashed requirements: `python3 tools/environment.py runtime` or `dev`.

Runs on whatever Python is there, before anything is installed: nothing but the standard library, and no syntax that an
old Python could not say no to in words. Does nothing where the environment is as the locks say.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOWEST = (3, 11)


def main(kind: str) -> int:
    lock = os.path.join(ROOT, "requirements", kind + ".txt")
    wanted = digest(lock)
    if wanted in installed() and os.path.exists(PYTHON):
        add_ourselves()
        return 0
    python = suitable_python()
    if python is None:
        print(f"Retainer needs Python 3.11 or newer; this is {version()}. Set PYTHON=/path/to/a/newer/python.")
        return 1
    installer = make_environment(python)
    if installer is None:
        print("There is neither ensurepip nor a pip or uv on the PATH: install the package python3-venv (Debian).")
        return 1
    print(f"Installing {kind} from the lock into .venv (once) ...", flush=True)
    done = subprocess.call([*installer, "--require-hashes", "--no-deps", "-r", lock])
    if done:
        print("The installation failed; nothing else was changed. Run the command again.")
        return done
    remember(wanted, kind)
    add_ourselves()
    return 0


def suitable_python() -> str | None:
    """This Python where it is new enough, or the newest on the PATH that is."""
    if sys.version_info[:2] >= LOWEST:
        return sys.executable
    names = [f"python3.{minor}" for minor in range(19, LOWEST[1] - 1, -1)]
    return next((found for found in map(shutil.which, names) if found), None)


def make_environment(python: str) -> list[str] | None:
    """Make .venv where there is none; returns the command that installs into it, or None."""
    if not os.path.exists(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.call([python, "-m", "venv", VENV], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if made != 0:  # a Debian without ensurepip
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.check_call([python, "-m", "venv", "--without-pip", VENV])
    uv, pip = shutil.which("uv"), shutil.which("pip3") or shutil.which("pip")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", PYTHON]
    quiet = ["install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return [PYTHON, "-m", "pip", *quiet]
    if pip:
        return [pip, "--python", PYTHON, *quiet]
    return None


def add_ourselves() -> None:
    """The repository on the path of .venv, and the command `retainer`, without a build tool."""
    packages = os.path.join(VENV, "lib", sorted(os.listdir(os.path.join(VENV, "lib")))[-1], "site-packages")
    write(os.path.join(packages, "retainer.pth"), ROOT + "\n", 0o644)
    command = '#!/bin/sh\nexec "${0%/*}/python" -P -m retainer "$@"\n'
    write(os.path.join(VENV, "bin", "retainer"), command, 0o755)


def write(path: str, content: str, mode: int) -> None:
    if os.path.exists(path):
        with open(path) as file:
            if file.read() == content:
                return
    with open(path, "w") as file:
        file.write(content)
    os.chmod(path, mode)


def digest(lock: str) -> str:
    with open(lock, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def installed() -> list[str]:
    """The locks that .venv holds: dev holds what runtime does."""
    try:
        with open(os.path.join(VENV, "locks")) as file:
            return file.read().split()
    except OSError:
        return []


def remember(wanted: str, kind: str) -> None:
    runtime = digest(os.path.join(ROOT, "requirements", "runtime.txt"))
    with open(os.path.join(VENV, "locks"), "w") as file:
        file.write("\n".join([wanted, runtime] if kind == "dev" else [wanted]) + "\n")


def version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
