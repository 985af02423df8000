"""The package as tables for statisticians: one row per thing, with one codebook over all."""
