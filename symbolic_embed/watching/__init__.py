"""A watched folder: drop a clip, and variations of it and its neighbours appear beside it, for any DAW.

What is made of `riff.mid` lies in the folder `riff.variants`, flat, in the order of a file browser: neighbours, then
variations, each with its distance in its name. The clip is never touched, and nothing is overwritten: a clip that has
changed since is done again, in `riff.variants-2`.

The folder is looked at again and again, and not reported by the system, since network drives report nothing. Folders
inside it are not looked into, so what was made is never taken for a clip.

snapshot    what is in the folder: clips by name, each with a stamp
settling    which clips are whole: those that have not changed for a while
places      where what is made of a clip lies, and what was made already
neighbours  the most alike pieces of a library, as copies with their distance in their names
making      what is made of a clip
watch       the loop
"""
