"""Criteria sets as data, and their evaluation."""

from __future__ import annotations

from modic_annotate.eligibility.criteria import (
    CriteriaSet,
    Criterion,
    SiteVerification,
    list_criteria,
    load_criteria,
    parse_criteria,
)
from modic_annotate.eligibility.evaluate import SEMANTICS, assess, frozen_inputs
from modic_annotate.eligibility.semantics import PUBLISHED

__all__ = [
    "PUBLISHED",
    "SEMANTICS",
    "CriteriaSet",
    "Criterion",
    "SiteVerification",
    "assess",
    "frozen_inputs",
    "list_criteria",
    "load_criteria",
    "parse_criteria",
]
