"""The steps of a reading: series, numbering, endplates, review, sign.

Each module says what its keys and clicks do, as a table by action id.
"""
