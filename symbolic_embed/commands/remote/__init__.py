"""The verbs where somebody else carries them out: a server that is asked, and the process in it that works.

fields    which options may come from elsewhere: files that are read, places that are written, words
offered   the verbs as a server offers them
worker    the process that carries out one job after another, its model loaded
disguise  paths that lead out of a job's folder, as names in it
staging   what goes along with a job: the user's files
client    `--at`: a verb of this command line, carried out there
"""
