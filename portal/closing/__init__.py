"""Closing a client: its grants end, its data goes, its people lose access. See flows.py."""
