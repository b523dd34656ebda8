"""The lists of views, and the small nightly reports that feed them."""
