"""The reader's desk: which step, which endplate, which question; no Qt in here.

The reading itself is held by the session alone. The desk turns key presses and clicks into acts
of it, and remembers only what is looked at.
"""
