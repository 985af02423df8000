"""From frames to stacks, grids in the patient, and how slices hang."""
