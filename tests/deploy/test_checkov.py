"""checkov has nothing to say of the overlays but what deploy/k8s/checkov.yaml lets through."""

import subprocess
import sys

import pytest

from tests.deploy.rendered import ROOT


@pytest.mark.long
@pytest.mark.timeout(600)
def test_checkov_has_nothing_to_say() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tools.checkov"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout
    assert said.stdout.count("nothing to say") == 2
