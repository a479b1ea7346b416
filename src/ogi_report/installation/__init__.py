"""Whether this machine can do what the program needs, and what to do where it cannot.

Nothing outside the standard library is imported unless a check is about it: a broken installation is when this is asked for.
"""
