"""Properties that were never real: a population of visitors, and every report aggregated from its days."""
