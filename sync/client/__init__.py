"""The column's way to the central back office and back: enrolment, upload, updates.

Knows the store only through `sync.client.ports`. Not for: rules of the wire (`sync.protocol`) or the other end
(`sync.backoffice`).
"""
