"""What all tests share: Hypothesis with the same examples each time, and no clock, since machines are busy."""

from hypothesis import settings

settings.register_profile("proof", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("proof")
