"""Whatever a file holds, reading and reckoning it ends in an answer or in one clear line, never in a traceback."""

import copy
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from retainer.case_shapes import document
from retainer.case_statement import statement
from retainer.failures import ExitStatus
from retainer.simulate import outcome_of, run
from retainer.yaml_exact import Flaw, parse

CASES = Path(__file__).parents[1] / "cases"
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ODD = [
    *("", "null", "~", "true", "0", "1", "-1", "1.5", "0.001", "9" * 40, "1e5", ".5", "١", "month", "once", "all"),
    *("9999-12-31", "0001-01-01", "2026-02-30", "2026-01-01", "2026-02-01", "2026-03-10", "2026-0001", "a\nb", "[/b]"),
    *("1:35", "24:00", "24:00:01", "999999:59", "-1:00", "1:2:3", "EUR", "JPY", "Asia/Tokyo", "../zone"),
    *("2026-01-16T09:00:00+01:00", "0001-01-01T00:00:00+14:00", "2026-01-16T09:00:00"),
    *([], {}, ["a"], {"a": "b"}),
]


class _AsWritten(yaml.SafeLoader):
    """Every scalar as its text."""


_AsWritten.yaml_implicit_resolvers = {}


class _Plain(yaml.SafeDumper):
    """Scalars without quotes, but for times of day and what spans lines."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Plain.yaml_implicit_resolvers = {}
_Plain.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if re.search(r"\d:\d\d|\n", text) else None
    ),
)
STORIES = [yaml.load(path.read_text(encoding="utf-8"), _AsWritten) for path in sorted(CASES.glob("*.yaml"))]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    for key, one in inner:
        found += places(one, (*path, key))
    return found


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@st.composite
def disturbed(draw: st.DrawFn) -> str:
    """A story with a value or two taken away, replaced, or brought from elsewhere."""
    story = copy.deepcopy(draw(st.sampled_from(STORIES)))
    for _ in range(draw(st.integers(1, 3))):
        found = places(story)
        if not found:
            break
        path = draw(st.sampled_from(found))
        holder, key = at(story, path[:-1]), path[-1]
        match draw(st.sampled_from(["odd", "odd", "odd", "text", "gone", "foreign"])):
            case "odd":
                holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
            case "text":
                holder[key] = draw(st.text(max_size=8))
            case "gone":
                del holder[key]
            case _:
                other = draw(st.sampled_from(STORIES))
                foreign = draw(st.sampled_from(places(other)))
                value = copy.deepcopy(at(other, foreign))
                if isinstance(holder, dict):
                    holder[foreign[-1] if isinstance(foreign[-1], str) else key] = value
                else:
                    holder.insert(key, value)
    return yaml.dump(story, Dumper=_Plain, allow_unicode=True)


def answers(text: str) -> None:
    said = "reckoned"
    try:
        case, outcome = outcome_of(parse(text))
        Console(file=StringIO()).print(*statement(case, document(outcome)))
    except Flaw as flaw:
        said = str(flaw)
    assert said
    assert "\n" not in said


@QUICK
@given(st.text() | st.text("{}[]:,-&*!|>'\"#% \n\tab01", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    answers(text)


@QUICK
@given(disturbed())
def test_any_disturbed_story_is_reckoned_or_refused(text: str) -> None:
    answers(text)


@pytest.mark.long
@pytest.mark.timeout(1200)
@LONG
@given(disturbed())
def test_many_disturbed_stories_are_reckoned_or_refused(text: str) -> None:
    answers(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [*a, *a]", "nested too deep"),
        ("k0: &k0 [x]\n" + "\n".join(f"k{n}: &k{n} [{f'*k{n - 1}, ' * 9}]" for n in range(1, 9)), "too much"),
        ("[" * 3000, "nested too deep"),
        ("a: b\n? [c]\n: d", "a key that is no text"),
        ("a: 1\na: 2", "a: is there twice"),
        ("- a", "must be a mapping"),
        ("", "must be a mapping"),
        ("a: \x00", "this is no YAML"),
        ("a: [1", "this is no YAML in line 1"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_story_gets_one_line(text: str, said: str) -> None:
    with pytest.raises(Flaw, match=said):
        outcome_of(parse(text))


def test_a_part_of_an_extras_tax_that_is_null_is_not_there() -> None:
    story = (
        "currency: EUR\ntime_zone: Europe/Berlin\nuntil: 2026-02-01\n"
        "contract: {starts_on: 2026-01-01, terms: {cycle: month, fee: {amount: 300.00}}}\n"
        "log: [{extra: {amount: 25.00, why: hosting, tax: {category: null}}, on: 2026-01-10, id: x1}]\n"
    )
    _, outcome = outcome_of(parse(story))
    (extra,) = [line for issued in outcome.invoices for line in issued.lines if line.kind == "extra"]
    assert (extra.amount, extra.tax_category) == (2_500, "outside_scope")


def test_what_cannot_be_read_is_one_line_and_exit_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.yaml", tmp_path, tmp_path / "bytes.yaml"):
        assert run(path, check=True) is ExitStatus.WRONG_INPUT
        err = capsys.readouterr().err
        assert err.count("\n") == 1 and str(path) in err
