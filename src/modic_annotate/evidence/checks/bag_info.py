"""What ``bag-info.txt`` says of a package is what ``package.json`` says."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.evidence.bag import BAG_INFO, BagInfo, Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import PACKAGE


def bag_info_problems(bag: Files, contents: Contents) -> Iterator[str]:
    """Yield a label of ``bag-info.txt`` that tells another package, maker or day."""
    told = BagInfo.parse(bag.get(BAG_INFO, b""))
    if told is None:  # fixity says so
        return
    agent, day, identifier = contents.document.bag_labels
    if (told.agent, told.bagging_date, told.identifier) != (agent, day, identifier):
        yield f"{BAG_INFO}: it names another maker, day or package than {PACKAGE}"
