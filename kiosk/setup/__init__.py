"""Setting up a column: what is there is found, what cannot be known is asked, and a settings file is written.

`story` is what a technician goes through, on the touch screen or as text; `scripted` the same from a file of answers.
Not for: the settings themselves (`config.settings`).
"""
