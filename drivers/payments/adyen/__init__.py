"""Adyen's Terminal API over the local network: nexo in encrypted JSON over HTTPS."""
