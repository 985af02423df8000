"""Every tolerance of the geometry, by name, in mm, as a cosine or as a share."""

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

PIXEL_SPACING_TOLERANCE_MM = 1e-4
"""Largest difference of pixel spacings within a stack: 0.04 mm at the edge of 400 pixels."""

MOST_TILT_DEGREES = 10.0
"""A lone slice among others, tilted by no more, belongs to their stack and is at fault."""

TILTED_REACH_STEPS = 1.5
"""How far beyond a stack's ends such a slice may lie."""

ECHO_TIME_SHARE = 1.2
"""Echo times that differ by a larger factor are echoes; scanners round and vary by less."""
