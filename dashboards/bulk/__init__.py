"""Many tenants and views from one table: `table` reads it, `loading` brings the database in line with it."""
