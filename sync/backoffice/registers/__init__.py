"""Asking registers of persons: one port, one adapter a platform, and a simulated register that speaks real bytes.

Only the process that opens personal data imports this (`sync.backoffice.unsealer`). Not for: what is printed of an
answer (`kiosk.documents.attest`).
"""
