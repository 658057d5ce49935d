"""What all tests share: Hypothesis with the same examples each time, and no clock, since machines are busy; one thread
for torch, since networks this small spend ten times as long on sharing the work out.

`HYPOTHESIS_PROFILE=thorough pytest` looks at thirty times as many examples, others every time.
"""

import os

from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
settings.register_profile("proof", deadline=None, derandomize=True, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "proof"))
