"""The pages of provisioning."""
