"""A client's data to take along: one archive, without anything that opens a door."""
