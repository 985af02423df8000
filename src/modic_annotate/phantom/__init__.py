"""Synthetic spines with known truth."""

from modic_annotate.phantom.recipe import NORMAL, SAMPLE, Recipe
from modic_annotate.phantom.truth import Truth
from modic_annotate.phantom.write import make_truth, write_phantom

__all__ = ["NORMAL", "SAMPLE", "Recipe", "Truth", "make_truth", "write_phantom"]
