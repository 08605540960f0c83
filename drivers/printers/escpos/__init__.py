"""ESC/POS receipt printers: paper to bytes, bytes to status, and the job protocol that neither loses nor doubles."""
