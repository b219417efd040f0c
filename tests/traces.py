"""Whether a word stands anywhere in a folder: what was personal holds one that stands nowhere else."""

import base64
from collections.abc import Iterator
from pathlib import Path


def spellings(word: str) -> Iterator[bytes]:
    """As UTF-8, as UTF-16, and in base64 at each of its three offsets."""
    yield word.encode()
    yield word.encode("utf-16-le")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + word.encode())
        yield encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]


def traces(folder: Path, word: str) -> list[str]:
    """Files of the folder that hold the word, however it is spelt."""
    wanted = list(spellings(word))
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(spelt in path.read_bytes() for spelt in wanted)
    )
