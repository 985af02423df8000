"""What a document says of its own pages."""

from __future__ import annotations

import pytest

from modic_annotate.conduct.page_count import lacking, stated


@pytest.mark.parametrize(
    ("pages", "total", "missing"),
    [
        (("page 1 of 2", "Page 2 / 2"), 2, ()),
        (("page 1 of 3", "page 3 of 3"), 3, (2,)),
        (("page 2 of 2",), 2, (1,)),
        (("page 1 of 2", "page 1 of 2"), 2, (2,)),
        (("page 1 of 3", "no mark"), 3, ()),
        (("page 1 of 2", "page 1 of 5"), None, ()),
        (("page 0 of 0",), None, ()),
        (("", ""), None, ()),
    ],
)
def test_missing_pages_are_named_only_where_every_page_says_which_it_is(pages, total, missing):
    """A total is taken where all marks agree; a number is missing where no page bears it."""
    assert stated(pages) == total
    assert lacking(pages) == missing
