"""The checks of a package, each by its question; they yield every fault they find, in words.

Each judges the packaged files alone, whatever the other checks find.
"""
