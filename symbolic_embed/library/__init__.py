"""A collection of pieces, searched. Whatever is asked of it begins with the features of pieces and ends with places:

    pieces --building--> features --stores--> features --rank, find, matrix, arrays, excerpts--> answers

facts       what can be said of a piece in a word, and asked for: metre, tempo, key, parts
features    what is known of a piece: bars, cells, harmony, melody, rhythm, notes, outline; only what is needed
unembedded  what the notes of a piece say by themselves
building    from pieces, or from a store of them, to features, several pieces a batch, in a stream
channels    the vectors by which music is looked for among very many pieces
stores/     where features are kept; a library is a store of files that lasts, and is searched
likeliest   which of very many pieces are worth measuring: by sketches of all (sketches, sketch_file, estimating), or
            by channels (candidates)
rank        a query against all (`bars_beside`: the pairs of bars that are nearest)
by_sound    by what can be heard, recordings among them; sounds: when that is meant; recordings: those that are kept
find        a fragment: which piece, which part, which bars, which key; laying: along one piece
by_tune     the same by the tune that a query sings (`sung`), which has neither bars nor a key
matrix      every pair
duplicates  what is there twice; recurring: passages of it (`laid_out`: pieces end to end, `elsewhere`: vectors near to
            each other, of all at once)
map         pieces as points in a plane (`plane`), where it is thin (`sparse`), what they are coloured by (`labels`)
arrays      embeddings as arrays, for other programs
appending   an archive of arrays that more is added to
excerpts    windows of many pieces in one key, for what is written from them
reading     a file to what its notes say, by a worker; engines, on_ray: who reads and embeds
indexing    files into a library: what is new, known, changed, bad; adding: as a request asks for it
contents    what a library has, what is gone from it, how it is forgotten
cached      what plain files were embedded as, in the user's cache
comparing   features as what `similarity` compares
progress    how whoever asks hears of the work

Every one of them takes `pieces`: either (path, score) pairs, which are embedded as they come and forgotten, or a store,
which was built before. The answers are the same, to the last digit.

A new store (a folder, a server) is one file:

1. Write `stores/NAME.py` with a class that has what `stores/store.py` asks for: `checkpoint` and `kinds`, given when
   the store is made and kept with it; `add`, `get`, iteration in the order in which paths first came, `len`. Nothing is
   to be inherited. A piece is `Features`: some arrays, some of them in small frozen classes, and None for what is not
   among the `kinds`. Keep them as they are, or say what is lost: `rank` over a store promises the digits of `rank` over
   the files. Load no package of the store's before the class is made, so that nobody else waits for it.
2. Write `tests/library/stores/test_NAME.py`: a subclass of `stores.StoreContract` (in tests/) that says how an empty
   one is made. It tests all of the above. Add what only this store can get wrong: opened again, cut off while writing,
   two at once.
3. Name it in `stores/__init__.py`. `building.build(pieces, embedder, store)` fills it, and `rank`, `find`, `compare`
   and the others take it in place of pieces, as they are.

A new kind of features (a learnt vector for each passage, say) is one more name in `features.Kind`, a field of that name
in `Features`, and a line where it is computed: in `unembedded` if from the notes, in `building.completed` if by the
model. Stores that hold it hold it from then on; those built before are refused where it is needed, by name.
"""
