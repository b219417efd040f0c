"""What of the style a test can hold. Aim at 300 lines for a file and 50 for a function; over the bounds here a test
looks, and what is over them for a good reason is named, with the reason."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.code import ROOT, Module, modules

JUNK_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "shared", "tools_misc"}
JUNK_NOUNS = re.compile(r"(Manager|Handler|Helper|Processor|Service|Impl|Util|Utils)$")
LONGEST_FILE = 350
LONGEST_FUNCTION = 60
BIG_FILES: dict[str, str] = {}
"""File -> why it may be longer. A service's events.py is a list, and may be as long as there are facts."""
BIG_FUNCTIONS: dict[str, str] = {}


def definitions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def test_no_room_is_a_junk_room() -> None:
    assert not [m.name for m in modules() if JUNK_ROOMS & set(m.name.split("."))]


def test_no_class_is_named_for_want_of_a_noun() -> None:
    wrong = [
        f"{module.name}.{node.name}"
        for module in modules()
        for node in definitions(module)
        if isinstance(node, ast.ClassDef) and JUNK_NOUNS.search(node.name)
    ]
    assert not wrong, "if it needs one of these words, the noun is missing"


def test_every_module_says_what_it_is() -> None:
    silent = [m.name for m in modules() if m.tree.body and not ast.get_docstring(m.tree)]
    assert not silent


def test_files_are_small_rooms() -> None:
    big = {
        m.name: m.lines for m in modules() if m.lines > LONGEST_FILE and m.name not in BIG_FILES and m.room != "events"
    }
    assert not big, f"more than {LONGEST_FILE} lines: find the second room in it, or say in BIG_FILES why not"


def test_functions_are_short() -> None:
    big = {
        f"{module.name}.{node.name}": length
        for module in modules()
        for node in definitions(module)
        if not isinstance(node, ast.ClassDef)
        and (length := (node.end_lineno or 0) - node.body[0].lineno + 1) > LONGEST_FUNCTION
        and f"{module.name}.{node.name}" not in BIG_FUNCTIONS
    }
    assert not big, f"more than {LONGEST_FUNCTION} lines: find the second thing that it does"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|HACK)\b")
    found = [
        f"{module.name}:{number}"
        for module in modules()
        for number, line in enumerate(module.path.read_text().splitlines(), 1)
        if later.search(line)
    ]
    assert not found


def test_no_function_is_a_stub() -> None:
    found = [
        f"{module.name}.{node.name}"
        for module in modules()
        for node in definitions(module)
        if not isinstance(node, ast.ClassDef)
        and "NotImplementedError" in ast.unparse(node.body[-1])
        and len(node.body) < 3
    ]
    assert found in ([], ["chassis.catalog._any_json"]), "msgspec alone asks for a function that raises it"


def test_an_ignored_type_error_has_a_code() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[)")
    found = [
        f"{module.name}:{number}"
        for module in modules()
        for number, line in enumerate(module.path.read_text().splitlines(), 1)
        if bare.search(line)
    ]
    assert not found


EXACT = ("vocabulary", "messages.amounts", "messages.dates", "messages.terms", "retainer.case_", "retainer.yaml_exact")


@pytest.mark.parametrize("room", ["domain", "events", ""])
def test_time_and_money_are_never_floats(room: str) -> None:
    """No `float`, no float literal and no true division in what decides, what is recorded, and the words, messages and
    case files that carry it."""
    looked_at = [m for m in modules() if (m.room == room if room else m.name.startswith(EXACT))]
    assert looked_at
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in looked_at
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]
    assert not wrong


def test_the_repository_speaks_of_the_product_alone() -> None:
    """No absolute path of somebody's machine, and no registry's address, in what is kept."""
    foreign = re.compile(r"(?<![\w./])/(work|home|root|Users)/|pypi\.org/simple|index-url")
    kept = [
        *ROOT.glob("*.toml"),
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("requirements/*"),
        *(m.path for m in modules()),
    ]
    assert not [str(path.relative_to(ROOT)) for path in kept if foreign.search(path.read_text())]
