"""The attest as a document: facts in words, the A4 page, the paper of 80 mm, the seal in the PDF and its check.

Everything heavy (typst, pyHanko) is loaded inside the functions that need it. Not for: the sealed code itself
(`kiosk.documents.seal`).
"""
