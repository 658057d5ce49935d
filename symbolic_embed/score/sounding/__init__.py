"""How a part sounds beside its notes: its programme, controllers, bend and the like, and when each of them held.

`parameters` (what there is, what it is before anything is sent, the messages that set it), `device` (system exclusive
messages that set up or reset the whole instrument), `order` (the events of a file as a sequencer plays them), `history`
(which value held for how many notes).
"""
