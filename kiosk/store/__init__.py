"""The column's durable memory: one SQLite file, one writer thread, one transaction per citizen action.

Start at `kiosk.store.store`. Not for: what to do next (`kiosk.journeys`) or talking to the back office (`sync.client`).
"""
