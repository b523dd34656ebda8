"""A customer's way from "I want Analytics" to a live dashboard."""
