"""The record of what happened: `audit.record(...)` writes it, and nothing changes it afterwards."""

from accounts.audit.writing import entry, record, record_all, record_of_person

__all__ = ["entry", "record", "record_all", "record_of_person"]
