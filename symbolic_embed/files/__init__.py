"""Files on disk: found in folders, named safely, written so that nothing of the user's is lost.

folders   where the music is
kinds     which music a file holds: MIDI, or which notation
names     names that any program shows and any file system takes
identity  which file a path means
targets   what may be written where
beside    a file in the making
steps     taking a place, and taking that back
writer    the one way onto the disk
growing   text that grows line by line, while the work goes on
caches    where what can be made again is kept; a folder that is there whole or not at all
archives  arrays in a NumPy archive, also more than fit into memory
"""

from symbolic_embed.files.beside import made_folder
from symbolic_embed.files.caches import placing_folder, user_cache
from symbolic_embed.files.growing import GrowingFile
from symbolic_embed.files.identity import NOTHING_IN_USE, InUse
from symbolic_embed.files.targets import require_folder, require_free
from symbolic_embed.files.writer import FileSet, place, placing, write_durably

__all__ = [
    "NOTHING_IN_USE",
    "FileSet",
    "GrowingFile",
    "InUse",
    "made_folder",
    "place",
    "placing",
    "placing_folder",
    "require_folder",
    "require_free",
    "user_cache",
    "write_durably",
]
