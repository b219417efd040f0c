"""Lint and format of `proto/`, and whether callers of an earlier release are still understood.

`python -m tools.protos` checks; `--write` puts the format right; `--release 0.2.0` keeps the image of a release
(`proto/released/0.2.0.binpb`), which every later one is compared with. buf works on images of descriptors, so that it
needs no registry and no network.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.wire import PROTO, include_paths, validate_descriptors

RELEASED = PROTO / "released"
BUF = str(Path(sys.executable).with_name("buf"))


def main(arguments: list[str]) -> int:
    if "--release" in arguments:
        RELEASED.mkdir(exist_ok=True)
        return make_image(RELEASED / f"{arguments[arguments.index('--release') + 1]}.binpb", comments=False)
    if "--write" in arguments:
        return subprocess.run([BUF, "format", "--write", str(PROTO)], check=False).returncode
    with tempfile.TemporaryDirectory(prefix="protos-") as folder:
        image = Path(folder, "image.binpb")
        if made := make_image(image):
            return made
        linted = subprocess.run(
            [BUF, "lint", str(image), "--config", str(PROTO / "buf.yaml"), "--path", "retainer"], check=False
        )
        broken = [release.stem for release in sorted(RELEASED.glob("*.binpb")) if not still_understood(image, release)]
    for release in broken:
        sys.stderr.write(f"callers of {release} would not be understood: see above what changed\n")
    formatted = subprocess.run([BUF, "format", "--diff", "--exit-code", str(PROTO)], check=False)
    return linted.returncode or formatted.returncode or len(broken)


def make_image(image: Path, *, comments: bool = True) -> int:
    """Write the descriptors of all our protos, imports included; returns protoc's exit status."""
    with tempfile.TemporaryDirectory(prefix="protos-") as folder:
        descriptors = Path(folder, "validate.binpb")
        descriptors.write_bytes(validate_descriptors())
        protos = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "retainer").rglob("*.proto"))
        return subprocess.run(
            [
                *(sys.executable, "-m", "grpc_tools.protoc", *include_paths()),
                f"--descriptor_set_in={descriptors}",
                *("--include_imports", *(("--include_source_info",) if comments else ())),
                f"--descriptor_set_out={image}",
                *protos,
            ],
            check=False,
        ).returncode


def still_understood(image: Path, release: Path) -> bool:
    """Whether what a release knew is all still there (buf's category PACKAGE)."""
    command = [BUF, "breaking", str(image), "--against", str(release)]
    config = ["--config", str(PROTO / "buf.yaml"), "--path", "retainer"]
    return subprocess.run([*command, *config], check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
