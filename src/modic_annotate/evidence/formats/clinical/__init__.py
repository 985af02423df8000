"""``clinical.pdf``: the readings of a package and what the set says of them, to print and to file.

Made of the packaged files alone, so a trial's copy holds what that profile leaves in and no more.
"""
