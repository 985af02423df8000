"""Whether a series is named after a part of the spine that is not the lumbar one."""

from __future__ import annotations

import re

from modic_annotate.imaging.model import Series
from modic_annotate.imaging.roles.text import plain

_LUMBAR = re.compile(
    r"(?<![a-z0-9])(?:l ?spine|ls ?spine|lsspine|lws|lumb[a-z]*|lomb[a-z]*|lend[a-z]*|lwk|lsw)"
)
_ELSEWHERE = re.compile(
    r"(?<![a-z0-9])(?:[ct] ?spine|hws|bws|cerv[a-z]*|thora[a-z]*|dors[a-z]*|brain|head|skull|knee"
    r"|hip|isg|si ?joints?|sacroil[a-z]*)(?![a-z0-9])"
)


def is_elsewhere(entry: Series) -> bool:
    """Whether its description names another part of the body and not the lumbar spine."""
    words = plain(entry.description)
    return bool(_ELSEWHERE.search(words)) and not _LUMBAR.search(words)
