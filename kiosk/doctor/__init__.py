"""The examination of a column and of the machine it stands on; nothing here has an effect.

`examination.examine` is the way in. Not for: repairing, or the words of staff at the screen.
"""
