"""The command line: one verb a page, and a page each for what several verbs share.

A verb parses what the user typed, calls one function, prints. `app` finds the verb and says what went wrong.
"""
