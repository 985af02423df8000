"""What we measure ourselves against, as small as it can be."""
