"""Files on disk: found in folders, named safely, written so that nothing of the user's is lost.

folders  where the MIDI files are
names    names that any program shows and any file system takes
writer   the one way onto the disk
"""
