"""One door fuzzed for a while, led by coverage (atheris): `python -m tests.fuzz.search DOOR SECONDS SEED FOLDER`.

Ends with 0 where nothing came out of it but refusals, each within `SLOWEST_SECONDS` and in `MOST_MEMORY_MB`; else with
another status and the input that did it, which stays in the folder.
"""

import sys
from pathlib import Path

import atheris

SLOWEST_SECONDS = 10
MOST_MEMORY_MB = 1_500
LONGEST_INPUT = 4_096


def main(name: str, seconds: str, seed: str, folder: Path) -> None:
    with atheris.instrument_imports(
        include=["messages", "vocabulary", "retainer", "services", "chassis.tokens", "chassis.freshness"]
    ):
        from tests.fuzz.doors import doors

    door = doors()[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(door.seeds):
        (corpus / f"seed-{number}").write_bytes(content)
    said = {
        "max_total_time": seconds,
        "seed": seed,
        "max_len": LONGEST_INPUT,
        "timeout": SLOWEST_SECONDS,
        "rss_limit_mb": MOST_MEMORY_MB,
        "artifact_prefix": f"{folder}/",
        "print_final_stats": 1,
    }
    atheris.Setup([sys.argv[0], *(f"-{option}={value}" for option, value in said.items()), str(corpus)], door.read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
