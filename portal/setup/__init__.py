"""The staff's page that ticks off what an installation needs to work with Google."""
