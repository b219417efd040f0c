"""Make `wire/` out of `proto/`: `make wire`, or `python -m tools.wire` (`--check` compares and writes nothing).

Each folder under `proto/retainer/` is generated for itself, so that a mistake in one service's protos leaves the others
as they are. Several runs at once wait for each other. Modules live under the package `wire`, because `retainer` is the
command: the imports between generated files are turned accordingly.

No package ships `buf/validate/validate.proto`; the wheel of protovalidate holds its descriptor, which protoc takes by
`--descriptor_set_in`.
"""

import fcntl
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
WIRE = ROOT / "wire"
VALIDATE = "buf/validate/validate.proto"

_OURS = re.compile(r"^(\s*)(from|import) (retainer|buf)\.", re.MULTILINE)
_HEADINGS = {
    "": '"""GENERATED from proto/ by `make wire`; do not edit. What callers and services say to each other."""\n',
}


def main(arguments: list[str]) -> int:
    """Exit status 0 when `wire/` is (now) in step with `proto/`, 1 when it is not."""
    with _alone(), tempfile.TemporaryDirectory(prefix="wire-") as folder:
        made, mistakes = generate(Path(folder))
        for service, mistake in mistakes.items():
            print(f"proto/retainer/{service} cannot be generated:\n{mistake}", file=sys.stderr)
        found = {path: WIRE.joinpath(path).read_bytes() for path in _files(WIRE)}
        stale = [path for path in found if path not in made and _service(path) not in mistakes]
        changed = [path for path, content in made.items() if found.get(path) != content]
        if "--check" in arguments:
            for path in sorted({*stale, *changed}):
                print(f"wire/{path} is not what proto/ says: run `make wire`", file=sys.stderr)
            return 1 if stale or changed or mistakes else 0
        _put_in_place(made, changed, stale)
        print(f"wire/: {len(made)} files, {len(changed)} changed, {len(stale)} removed")
        return 1 if mistakes else 0


def generate(folder: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """What `wire/` should hold (path -> content), and for each service whose protos are wrong what protoc says."""
    descriptors = folder / "validate.binpb"
    descriptors.write_bytes(validate_descriptors())
    out = folder / "out"
    out.mkdir()
    mistakes: dict[str, str] = {}
    _protoc(out, descriptors, [VALIDATE], grpc=False)
    for service in sorted(path.name for path in (PROTO / "retainer").iterdir() if path.is_dir()):
        protos = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "retainer" / service).rglob("*.proto"))
        if protos and (mistake := _protoc(out, descriptors, protos, grpc=True)):
            mistakes[service] = mistake
    made = {path: _turned(out.joinpath(path).read_text()).encode() for path in _files(out)}
    made = {path: content for path, content in made.items() if not _is_empty_stub(path, content)}
    folders = {str(parent) for path in made for parent in Path(path).parents}
    for name in folders:
        made[str(Path(name, "__init__.py"))] = _HEADINGS.get("" if name == "." else name, "").encode()
    return made, mistakes


def validate_descriptors() -> bytes:
    """A FileDescriptorSet of buf/validate/validate.proto and what it imports, from protovalidate's wheel."""
    from google.protobuf import descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2
    from protovalidate._gen.buf.validate import validate_pb

    wanted = descriptor_pb2.FileDescriptorSet()
    for module in (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2):
        wanted.file.add().ParseFromString(module.DESCRIPTOR.serialized_pb)
    wanted.file.add().ParseFromString(validate_pb.desc().proto.to_binary())
    return wanted.SerializeToString(deterministic=True)


def include_paths() -> list[str]:
    """Ours; google/type, google/rpc and google/api of googleapis-common-protos; google/protobuf of grpcio-tools."""
    from google.rpc import status_pb2
    from grpc_tools import _proto

    common = Path(status_pb2.__file__).parent.parent.parent
    wellknown = next(iter(_proto.__path__))
    return [f"-I{PROTO}", f"-I{common}", f"-I{wellknown}"]


def _protoc(out: Path, descriptors: Path, protos: list[str], *, grpc: bool) -> str:
    """Generate the files; returns what protoc complains of, or nothing."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "grpc_tools.protoc", *include_paths()),
            f"--descriptor_set_in={descriptors}",
            *(f"--python_out={out}", f"--pyi_out={out}"),
            *([f"--grpc_python_out={out}"] if grpc else []),
            *protos,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stderr.strip() or f"protoc ended with status {done.returncode}"


def _turned(source: str) -> str:
    """The same module with its imports of ours taken from under `wire`."""
    return _OURS.sub(r"\1\2 wire.\3.", source)


def _is_empty_stub(path: str, content: bytes) -> bool:
    return path.endswith("_pb2_grpc.py") and b"class " not in content


def _files(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    wanted = (path for path in folder.rglob("*.py*") if path.suffix in {".py", ".pyi"})
    return sorted(str(path.relative_to(folder)) for path in wanted)


def _service(path: str) -> str:
    parts = Path(path).parts
    return parts[1] if len(parts) > 2 and parts[0] == "retainer" else ""


def _put_in_place(made: dict[str, bytes], changed: list[str], stale: list[str]) -> None:
    for path in changed:
        target = WIRE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        beside.write_bytes(made[path])
        beside.replace(target)
    for path in stale:
        WIRE.joinpath(path).unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one at a time."""
    lock = ROOT / "build" / "wire.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
