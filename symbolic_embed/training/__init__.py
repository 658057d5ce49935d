"""Training with Lightning, which is imported here and nowhere else.

settings         what a run is
embedder         prepared music to a checkpoint (`embedder_module`: phase one, phase two, alternating;
                 `embedder_batches`: pairs of windows; `augmenting`: more music from the music there is;
                 `finishing`: what is measured in the end)
composer         the same on top of a finished embedder (`composer_module`, `composer_batches`: passages)
passages         a passage encoder, on top of an embedder too (`passage_module`; `passage_batches`: passages and other
                 versions of them; `reworking`: how these are made)
anchor           what foretells, a part more of a finished embedder's checkpoint (`anchor_module`, `anchor_batches`;
                 `anchor_music`: stretches of pieces, embedded once and for all)
sound            what hears recordings, towards a finished embedder (`sound_module`, `sound_batches`; `sounding`: music
                 rendered to sound, in rooms, with the embeddings of its bars)
batches, module  what all have in common: batch number n of a run, steps that can be trusted
running          the budget, the progress bar, saving, stopping and going on (`run_files`: what lies on disk;
                 `stopping`: when a run has learnt what it can; `looking`: what it knows of held-out music so far;
                 `fitting`: Lightning's trainer; `processes`: which of those that share a run this is)
likelihood       how likely a composer finds what unseen pieces go on with
card             what a checkpoint says of its training, and whose music trained which part
bands            pieces made of patterns, by a generator of our own, as training data (`datasets/make_bands.py`)
prior_map        how draws of the prior become embeddings
fingerprint      what lets every output be searched for copied runs
"""
