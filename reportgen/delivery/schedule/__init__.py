"""Runs that nobody watches: when one is due, what starts it, and who is told when it fails."""
