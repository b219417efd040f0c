"""Every verb teaches itself: what it does, and an example that can be read by the verb itself."""

import shlex
from collections.abc import Iterator
from importlib import import_module

import pytest

from retainer.app import NOUNS, VERBS, make_app


def _verbs() -> Iterator[tuple[str, str]]:
    for name, _, target, _ in VERBS:
        yield name, target
    for noun, (_, _, verbs) in NOUNS.items():
        for name, target in verbs:
            yield f"{noun} {name}".strip(), target


@pytest.mark.parametrize(("verb", "target"), list(_verbs()))
def test_each_verb_has_an_example_that_its_own_parser_takes(verb: str, target: str) -> None:
    module, _, name = target.partition(":")
    said = getattr(import_module(f"retainer.verbs.{module}"), name).__doc__
    examples = [line.strip().removeprefix("Example: ") for line in said.splitlines() if "Example: " in line]
    assert examples, f"{verb} shows no example"
    for example in examples:
        words = shlex.split(example.rpartition("$(")[2].rstrip(")"))
        arguments = words[words.index("retainer") + 1 :]
        assert " ".join(arguments).startswith(verb), f"{example} is no example of {verb}"
        make_app(arguments).parse_args(arguments, exit_on_error=False, print_error=False)


def test_the_list_of_verbs_imports_none_of_them() -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom retainer.__main__ import run\nrun(['--help'])\n"
        "print([name for name in sys.modules if name.startswith(('grpc', 'wire', 'retainer.verbs', 'pydantic'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
