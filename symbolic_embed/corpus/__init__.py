"""Data sets on disk: which files belong together, which may be trained on, and their bars, prepared for training.

What is drawn from them: windows that follow each other (`pairs`), passages to write (`passages`), and passages with
other versions of them (`versions`).
"""
