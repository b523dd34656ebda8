"""Dashboards on other sites: tokens, queries in the shape of Core Reporting v3, frames and links."""
