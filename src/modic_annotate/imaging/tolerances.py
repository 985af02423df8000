"""Every tolerance of the geometry, by name, in mm or as a cosine."""

from __future__ import annotations

POSITION_TOLERANCE_MM = 0.02
"""How far a slice may lie from its regular place; covers positions written to 0.01 mm."""

SHEAR_TOLERANCE = 1e-3
"""In-plane drift of the slices over the length of the stack (a cosine): covers directions
written to three decimals, finds the 0.3 mm per slice that other readers load silently."""

ORIENTATION_TOLERANCE = 1e-4
"""Largest difference of direction cosines within a stack: 0.02 mm at the edge of a 400 mm image."""

UNIT_TOLERANCE = 1e-3
"""How far the direction cosines may be from unit length and a right angle."""

GAP_STEPS = 1.5
"""A step this many times the stack's own is a gap, not an irregularity."""

SAGITTAL_BLOCK_GAP_STEPS = 5.0
"""A gap this wide parts sagittal or coronal slices into blocks; a narrower one is a fault."""

MOST_PRESUMED_MISSING = 2
"""Up to this many slices fitting exactly into a gap are presumed missing."""

BLOCK_OFFSET_MM = 1.0
"""Slices beyond a gap that are moved sideways by more were planned as a block of their own."""
