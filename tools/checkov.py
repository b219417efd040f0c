"""checkov over the rendered overlays, in an environment of its own: `python -m tools.checkov`.

Its pins fit nobody else's, so it lives in build/checkov, made from requirements/checkov.txt when that has changed.
deploy/k8s/checkov.yaml says what is let through, and why.
"""

import subprocess
import sys
import venv
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements/checkov.txt"
PLACE = ROOT / "build/checkov"
OVERLAYS = ("dev", "prod")


def main() -> int:
    """Exit status 1 where checkov finds anything."""
    checkov = installed()
    failed = False
    for overlay in OVERLAYS:
        rendered = PLACE / f"{overlay}.yaml"
        kubectl = str(Path(sys.executable).with_name("kubectl"))
        command = [kubectl, "kustomize", str(ROOT / "deploy/k8s/overlays" / overlay)]
        rendered.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        options = ["--quiet", "--compact", "--skip-download", "--config-file", str(ROOT / "deploy/k8s/checkov.yaml")]
        found = subprocess.run([str(checkov), *options, "--file", str(rendered)], check=False).returncode
        print(f"overlays/{overlay}: {'see above' if found else 'nothing to say'}")
        failed = failed or found != 0
    return int(failed)


def installed() -> Path:
    """The command, installed from the lock where that is not done yet."""
    mark = PLACE / "lock"
    wanted = sha256(LOCK.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        print("Installing checkov into build/checkov (once) ...", flush=True)
        venv.create(PLACE, clear=True, with_pip=True)
        pip = [str(PLACE / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(LOCK)], check=True)
        mark.write_text(wanted)
    return PLACE / "bin/checkov"


if __name__ == "__main__":
    sys.exit(main())
