"""Packets: judging them by their checks, and building them."""
