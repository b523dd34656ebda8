"""The Admin API's messages that are sent with a body, for `transcoding.parse`.

Fields that only Google sets are known too: whoever sends back what it read is not refused.
"""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

_TIMES: Message = {"createTime": "string", "updateTime": "string"}
_INDUSTRIES = (
    *("AUTOMOTIVE", "BUSINESS_AND_INDUSTRIAL_MARKETS", "FINANCE", "HEALTHCARE", "TECHNOLOGY", "TRAVEL"),
    *("OTHER", "ARTS_AND_ENTERTAINMENT", "BEAUTY_AND_FITNESS", "BOOKS_AND_LITERATURE", "FOOD_AND_DRINK"),
    *("GAMES", "HOBBIES_AND_LEISURE", "HOME_AND_GARDEN", "INTERNET_AND_TELECOM", "LAW_AND_GOVERNMENT"),
    *("NEWS", "ONLINE_COMMUNITIES", "PEOPLE_AND_SOCIETY", "PETS_AND_ANIMALS", "REAL_ESTATE", "REFERENCE"),
    *("SCIENCE", "SPORTS", "JOBS_AND_EDUCATION", "SHOPPING"),
)
_RETENTIONS = ("TWO_MONTHS", "FOURTEEN_MONTHS", "TWENTY_SIX_MONTHS", "THIRTY_EIGHT_MONTHS", "FIFTY_MONTHS")
_APP: Message = {"firebaseAppId": "string"}

ACCOUNT: Message = _TIMES | {
    "name": "string",
    "displayName": "string",
    "regionCode": "string",
    "deleted": "bool",
    "gmpOrganization": "string",
}
PROVISION_ACCOUNT_TICKET: Message = {"account": ACCOUNT, "redirectUri": "string"}
PROPERTY: Message = _TIMES | {
    **dict.fromkeys(("name", "account", "parent", "displayName", "timeZone", "currencyCode"), "string"),
    **dict.fromkeys(("deleteTime", "expireTime"), "string"),
    "industryCategory": _INDUSTRIES,
    "propertyType": ("PROPERTY_TYPE_ORDINARY", "PROPERTY_TYPE_SUBPROPERTY", "PROPERTY_TYPE_ROLLUP"),
    "serviceLevel": ("GOOGLE_ANALYTICS_STANDARD", "GOOGLE_ANALYTICS_360"),
}
DATA_STREAM: Message = _TIMES | {
    "name": "string",
    "displayName": "string",
    "type": ("WEB_DATA_STREAM", "ANDROID_APP_DATA_STREAM", "IOS_APP_DATA_STREAM"),
    "webStreamData": _APP | {"defaultUri": "string", "measurementId": "string"},
    "androidAppStreamData": _APP | {"packageName": "string"},
    "iosAppStreamData": _APP | {"bundleId": "string"},
}
ACCESS_BINDING: Message = {"name": "string", "user": "string", "roles": ["string"]}
DATA_RETENTION: Message = {
    "name": "string",
    "eventDataRetention": _RETENTIONS,
    "userDataRetention": _RETENTIONS,
    "resetUserDataOnNewActivity": "bool",
}
ENHANCED_SWITCHES = (
    *("streamEnabled", "scrollsEnabled", "outboundClicksEnabled", "siteSearchEnabled"),
    *("videoEngagementEnabled", "fileDownloadsEnabled", "pageChangesEnabled", "formInteractionsEnabled"),
)
ENHANCED_MEASUREMENT: Message = {
    "name": "string",
    **dict.fromkeys(ENHANCED_SWITCHES, "bool"),
    "searchQueryParameter": "string",
    "uriQueryParameter": "string",
}
KEY_EVENT: Message = {
    "name": "string",
    "eventName": "string",
    "createTime": "string",
    "deletable": "bool",
    "custom": "bool",
    "countingMethod": ("ONCE_PER_EVENT", "ONCE_PER_SESSION"),
    "defaultValue": {"numericValue": "double", "currencyCode": "string"},
}
