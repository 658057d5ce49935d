"""How notes are played: when they are struck and how loud, whatever they are.

kit         which piece of a drum kit a key strikes
places      where in the bar notes begin, and on which subdivision a player plays
groove      what one file does with time and loudness, place by place
laying      that on another piece
"""
