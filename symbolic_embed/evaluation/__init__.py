"""Tests of a model on music it has not seen, beside simple rivals on the same questions.

next_bar        which of fifty bars, or of a thousand, comes next? (`anchor_rows`: with more than one bar to go by;
                `anchor_context`: what was played before)
writing_back    which notes survive embedding and decoding? (`reconstruction`: of whole pieces; `note_counts`: counted)
prior_fit       do embeddings look like draws from the prior?
decoded_music   are decoded draws and midpoints music? (`histograms`: what music looks like without a model)
probes          what does an embedding know of composer, style, key, metre?
groups          do variations, settings, editions of one piece find each other?
own_pieces      the first two for a model of one's own, on its held-out pieces: a few figures, soon
rivals          what needs no training, and what centring and whitening make of a trained encoder
telling_apart   classifiers, judged on pieces they have not seen
report          all of it in one table, each figure with its sample size and spread
"""
