"""Every call has one rule, every rule a call, and docs/api.md tells both."""

import pytest

from tools import api

METHODS = api.methods()
RULES = api.rules()


def test_every_call_has_one_rule_and_every_rule_a_call() -> None:
    ruled = [path for rules in RULES.values() for path in rules]
    assert sorted(ruled) == sorted(method.path for method in METHODS)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.path)
def test_a_call_says_what_it_does_and_who_may(method: api.Method) -> None:
    assert method.summary
    (rule,) = (rules[method.path] for rules in RULES.values() if method.path in rules)
    assert rule.roles


def test_a_call_lives_in_the_package_of_its_service() -> None:
    everywhere = ("retainer.keys.", "retainer.operations.")
    wrong = [
        method.path
        for method in METHODS
        if not method.package.startswith(everywhere) and method.path not in RULES[method.package.split(".")[1]]
    ]
    assert not wrong


def test_the_table_of_calls_is_in_step() -> None:
    assert api.main(["--check"]) == 0, "run `make docs`"
