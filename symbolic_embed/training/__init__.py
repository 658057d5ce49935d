"""Training with Lightning, which is imported here and nowhere else.

settings    what a run is; the file it writes starts the same run again
batches     batch number n of a run, drawn from the run's seed and n alone, so a resumed run sees what it would have
embedding   the module that learns to embed: phase one, phase two, alternating
composing   the module that learns to continue
running     the budget, the progress bar, saving, stopping and going on
"""
