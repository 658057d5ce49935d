"""What a composer asks for, a page each: from a seed to outputs, ready to be saved.

compose      new bars after a seed
accompany    new parts beside those that are there
vary         other notes in chosen cells, as far away as asked; of rests that are asked for new ones (`rests`)
blend        pieces between two seeds, by interpolation
reconstruct  a piece through the model and back

How they end is in `finishing`, what is drawn again in `drawing`.
"""
