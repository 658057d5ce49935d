"""Tests of a model on music it has not seen, beside simple rivals on the same questions.

next_bar        which of fifty bars comes next?
writing_back    which notes survive embedding and decoding?
prior_fit       do embeddings look like draws from the prior?
rivals          what needs no training: chroma, piano-roll
report          all of it in one table, each figure with its sample size and spread
"""
