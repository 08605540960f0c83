"""Bringing an answer to somebody who is not at a column: a notice by e-mail, or the document to the eBox.

Only the unsealer imports this. Not for: asking the register or making the document (`sync.backoffice.unsealer`).
"""
