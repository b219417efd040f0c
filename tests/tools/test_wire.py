"""`wire/` is what `proto/` says, and what buf lints is what callers get."""

import subprocess
import sys
from pathlib import Path

from tools import wire
from tools.protos import make_image

ROOT = Path(__file__).parents[2]


def test_wire_is_in_step_with_proto(tmp_path: Path) -> None:
    made, mistakes = wire.generate(tmp_path)
    assert not mistakes
    found = {str(path.relative_to(wire.WIRE)) for path in wire.WIRE.rglob("*.py*") if "__pycache__" not in path.parts}
    assert found == set(made), "run `make wire`"
    assert not [path for path, content in made.items() if (wire.WIRE / path).read_bytes() != content], "run `make wire`"


def test_the_protos_are_linted_and_formatted() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.protos"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_generated_modules_import_each_other_from_under_wire() -> None:
    own = [path for path in wire.WIRE.rglob("*_pb2*.py") if "retainer" in path.parts]
    assert own
    for path in own:
        lines = path.read_text().splitlines()
        assert not [line for line in lines if line.startswith(("from retainer", "import retainer", "from buf"))]


def test_a_mistake_in_one_folder_is_told(tmp_path: Path) -> None:
    assert make_image(tmp_path / "image.binpb") == 0
    assert (tmp_path / "image.binpb").stat().st_size > 10_000
