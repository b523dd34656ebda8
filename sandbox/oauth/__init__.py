"""Google's OAuth 2.0: clients, codes, tokens, and the endpoints that programs call. What people see of it is
`sandbox/consent.py` and its pages.

https://developers.google.com/identity/protocols/oauth2
"""

from sandbox.oauth.scopes import ADMIN_SCOPES, DATA_SCOPES

__all__ = ["ADMIN_SCOPES", "DATA_SCOPES"]
