"""The one process that can open personal data: own user, own keys, a socket with few words, a line for every opening.

`contract` and `client` are the web process's side and hold no key; everything else runs only in the unsealer. Not for:
pages or the API of columns.
"""
