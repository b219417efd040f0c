"""Lint and format of `proto/`: `python -m tools.protos` (`--write` puts the format right).

buf lints an image of descriptors, so that it needs no registry and no network.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.wire import PROTO, include_paths, validate_descriptors

BUF = str(Path(sys.executable).with_name("buf"))


def main(arguments: list[str]) -> int:
    if "--write" in arguments:
        return subprocess.run([BUF, "format", "--write", str(PROTO)], check=False).returncode
    with tempfile.TemporaryDirectory(prefix="protos-") as folder:
        image = Path(folder, "image.binpb")
        if made := make_image(image):
            return made
        linted = subprocess.run(
            [BUF, "lint", str(image), "--config", str(PROTO / "buf.yaml"), "--path", "retainer"], check=False
        )
    formatted = subprocess.run([BUF, "format", "--diff", "--exit-code", str(PROTO)], check=False)
    return linted.returncode or formatted.returncode


def make_image(image: Path) -> int:
    """Write the descriptors of all our protos, comments and imports included; returns protoc's exit status."""
    descriptors = image.with_name("validate.binpb")
    descriptors.write_bytes(validate_descriptors())
    protos = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "retainer").rglob("*.proto"))
    return subprocess.run(
        [
            *(sys.executable, "-m", "grpc_tools.protoc", *include_paths()),
            f"--descriptor_set_in={descriptors}",
            *("--include_imports", "--include_source_info", f"--descriptor_set_out={image}"),
            *protos,
        ],
        check=False,
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
