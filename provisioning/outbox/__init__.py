"""Mails that are never lost: stored before the mail server is asked, and gone once it has taken them."""
