"""Qt Quick screens: the only folder that imports PySide6.

Views arrive as data (`kiosk.core.pages`), words come from `Texts`, and what a person does goes back as inputs.
Not for: deciding what comes next, devices, storage.
"""
