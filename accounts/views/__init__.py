"""Pages about people, and the files of the agency's look."""
