"""Small resources that are kept as they were set: settings and key events, by their resource name."""

from __future__ import annotations

import json
from typing import Any

from sandbox.database import Database

_SCHEMA = "CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, value TEXT NOT NULL);"


class Documents:
    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, ["DELETE FROM documents"])

    def get(self, name: str) -> dict[str, Any] | None:
        row = self._db.first("SELECT value FROM documents WHERE name = ?", name)
        value: dict[str, Any] | None = json.loads(row[0]) if row else None
        return value

    def put(self, name: str, value: dict[str, Any]) -> None:
        self._db.write("INSERT OR REPLACE INTO documents VALUES (?, ?)", name, json.dumps(value))

    def below(self, collection: str) -> list[dict[str, Any]]:
        """What was put under `collection/…`, in the order in which it came."""
        rows = self._db.all(
            "SELECT value FROM documents WHERE substr(name, 1, ?) = ? ORDER BY rowid",
            *(len(collection) + 1, f"{collection}/"),
        )
        return [json.loads(row[0]) for row in rows]
