"""allauth's lists of Google's clients and tokens are not for the admin: the client stands in the settings,
no token is kept, and who signs in how is each person's own."""

from allauth.socialaccount import admin as registered  # noqa: F401  # it registers what is taken out here
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin

admin.site.unregister([SocialAccount, SocialApp, SocialToken])
