"""How notes are played: when they are struck and how loud, whatever they are.

kit         which piece of a drum kit a key strikes
places      where in the bar notes begin, and on which subdivision a player plays
groove      what one file does with time and loudness, place by place
laying      that on another piece
strokes     strokes as a drummer thinks of them
drummers    how drummers play, as a small table; `drummers.safetensors` is one, and beside it stands whose it is
takes       what drummers played
learning    the table, learnt from takes
humanising  notes played as people play them
sound       notes rendered to sound, or played, by FluidSynth and a sound font
"""
