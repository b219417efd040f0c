"""Signs that no text may hold: PostgreSQL keeps no NUL, XML allows none of them, a terminal obeys some."""

import re
from typing import Final

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""All but tabs and line ends, which may stand in a note."""
