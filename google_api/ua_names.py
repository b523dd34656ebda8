"""What Universal Analytics' dimensions and metrics are called in GA4, and which have no equal there. Pure.

Google's table: https://developers.google.com/analytics/devguides/migration/api/reporting-ua-to-ga4-dims-mets
Its names that GA4 has renamed since are given by their new ones:
https://developers.google.com/analytics/devguides/reporting/data/v1/changelog

Rows marked * are not in Google's table: GA4 has a field of the same meaning, and the choice is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

DataType = Literal["STRING", "INTEGER", "PERCENT", "TIME", "CURRENCY", "FLOAT"]
"""How version 3 of the reporting API calls what kind of value a column holds."""


@dataclass(frozen=True)
class Metric:
    """A metric by its GA4 name. A PERCENT is a fraction in GA4 and runs to 100 in version 3."""

    name: str
    data_type: DataType


@dataclass(frozen=True)
class Gone:
    """A name that GA4 has no equal of, and the nearest that it has, as old names write it."""

    nearest: str


def metric(name: str) -> Metric | Gone | None:
    """The metric that an old name without its prefix means; None for a name that never was one."""
    return METRICS.get(name) or GONE_METRICS.get(name)


def dimension(name: str) -> str | Gone | None:
    """The GA4 name of the dimension that an old name without its prefix means; None for one that is none."""
    return DIMENSIONS.get(name) or GONE_DIMENSIONS.get(name)


def realtime_metric(name: str) -> Metric | Gone | None:
    """The same for a name of the old realtime API."""
    return REALTIME_METRICS.get(name) or GONE_REALTIME.get(name)


def realtime_dimension(name: str) -> str | Gone | None:
    """The same for a dimension."""
    return REALTIME_DIMENSIONS.get(name) or GONE_REALTIME.get(name)


def data_type(name: str, google_type: str) -> DataType:
    """The kind of value of a GA4 metric that is asked by its own name; `google_type` is "TYPE_INTEGER", …"""
    if is_rate(name):
        return "PERCENT"
    return _OF_GOOGLE.get(google_type, "FLOAT")


def is_rate(name: str) -> bool:
    """Whether GA4 gives this metric as a fraction of one."""
    return name.partition(":")[0].endswith("Rate") or name in _RATIOS


_RATIOS = frozenset({"dauPerMau", "dauPerWau", "wauPerMau"})
_OF_GOOGLE: dict[str, DataType] = {
    "TYPE_INTEGER": "INTEGER",
    "TYPE_CURRENCY": "CURRENCY",
    "TYPE_SECONDS": "TIME",
}


def _metrics(text: str) -> dict[str, Metric]:
    """One metric per line: old name, GA4 name, data type, perhaps an asterisk."""
    rows = (line.split() for line in text.strip().splitlines())
    return {old: Metric(new, cast(DataType, kind)) for old, new, kind, *_ in rows}


def _names(text: str) -> dict[str, str]:
    """One name per line: the old, the new, perhaps an asterisk."""
    rows = (line.split() for line in text.strip().splitlines())
    return {old: new for old, new, *_ in rows}


def _gone(text: str) -> dict[str, Gone]:
    """One name per line, and the nearest."""
    rows = (line.split(maxsplit=1) for line in text.strip().splitlines())
    return {old: Gone(nearest) for old, nearest in rows}


METRICS = _metrics("""
    users totalUsers INTEGER
    newUsers newUsers INTEGER
    1dayUsers active1DayUsers INTEGER
    7dayUsers active7DayUsers INTEGER
    28dayUsers active28DayUsers INTEGER
    sessionsPerUser sessionsPerUser FLOAT
    sessions sessions INTEGER
    sessionDuration userEngagementDuration TIME
    avgSessionDuration averageSessionDuration TIME *
    bounceRate bounceRate PERCENT *
    pageviewsPerSession screenPageViewsPerSession FLOAT *
    hits eventCount INTEGER
    pageviews screenPageViews INTEGER
    timeOnPage userEngagementDuration TIME
    screenviews screenPageViews INTEGER
    totalEvents eventCount INTEGER
    eventValue eventValue INTEGER
    goalCompletionsAll keyEvents INTEGER *
    goalConversionRateAll sessionKeyEventRate PERCENT *
    adClicks advertiserAdClicks INTEGER
    impressions advertiserAdImpressions INTEGER
    adCost advertiserAdCost CURRENCY
    transactions transactions INTEGER *
    transactionRevenue purchaseRevenue CURRENCY *
    productAddsToCart addToCarts INTEGER
    cartToDetailRate cartToViewRate PERCENT
    productCheckouts checkouts INTEGER
    uniquePurchases ecommercePurchases INTEGER
    productListCTR itemListClickThroughRate PERCENT
    productListClicks itemListClickEvents INTEGER
    productListViews itemListViewEvents INTEGER
    internalPromotionCTR itemPromotionClickThroughRate PERCENT
    internalPromotionClicks promotionClicks INTEGER
    internalPromotionViews promotionViews INTEGER
    itemQuantity itemPurchaseQuantity INTEGER
    itemRevenue itemRevenue CURRENCY
    productDetailViews itemViewEvents INTEGER
    cohortActiveUsers cohortActiveUsers INTEGER
    cohortTotalUsers cohortTotalUsers INTEGER
    visits sessions INTEGER *
    visitors totalUsers INTEGER *
    newVisits newUsers INTEGER *
    visitBounceRate bounceRate PERCENT *
    timeOnSite userEngagementDuration TIME *
    avgTimeOnSite averageSessionDuration TIME *
    pageviewsPerVisit screenPageViewsPerSession FLOAT *
    """)

DIMENSIONS = _names("""
    userType newVsReturning *
    visitorType newVsReturning *
    fullReferrer pageReferrer
    campaign sessionCampaignName
    source sessionSource
    medium sessionMedium
    sourceMedium sessionSourceMedium *
    keyword sessionManualTerm *
    campaignCode sessionCampaignId
    adFormat adFormat
    adGroup sessionGoogleAdsAdGroupName
    adDistributionNetwork sessionGoogleAdsAdNetworkType
    adMatchedQuery sessionGoogleAdsQuery
    adwordsCampaignID sessionCampaignId
    adwordsAdGroupID sessionGoogleAdsAdGroupId
    adwordsCreativeID sessionGoogleAdsCreativeId
    channelGrouping sessionDefaultChannelGroup
    browser browser
    operatingSystem operatingSystem
    operatingSystemVersion operatingSystemVersion
    mobileDeviceBranding mobileDeviceBranding
    mobileDeviceModel mobileDeviceModel
    deviceCategory deviceCategory
    dataSource platform
    continent continent *
    country country
    region region
    city city
    cityId cityId
    countryIsoCode countryId
    language language
    screenResolution screenResolution
    hostname hostName
    pagePath pagePathPlusQueryString
    pageTitle pageTitle
    landingPagePath landingPagePlusQueryString *
    searchKeyword searchTerm *
    appVersion appVersion
    screenName unifiedScreenName
    eventLabel eventName
    productBrand itemBrand
    productCategory itemCategory
    productCategoryHierarchy itemCategory
    productSku itemId
    productListName itemListName
    productName itemName
    internalPromotionCreative itemPromotionCreativeName
    internalPromotionId itemPromotionId
    internalPromotionName itemPromotionName
    orderCouponCode orderCoupon
    transactionId transactionId
    date date
    year year
    month month
    week week
    day day
    hour hour
    minute minute
    dayOfWeek dayOfWeek
    dayOfWeekName dayOfWeekName *
    yearMonth yearMonth *
    yearWeek yearWeek *
    isoWeek isoWeek *
    isoYear isoYear *
    isoYearIsoWeek isoYearIsoWeek *
    dateHour dateHour
    dateHourMinute dateHourMinute
    nthMonth nthMonth
    nthWeek nthWeek
    nthDay nthDay
    nthHour nthHour
    nthMinute nthMinute
    userAgeBracket userAgeBracket
    userGender userGender
    interestInMarketCategory brandingInterest
    acquisitionCampaign firstUserCampaignName
    acquisitionMedium firstUserMedium
    acquisitionSource firstUserSource
    cohort cohort
    cohortNthDay cohortNthDay
    cohortNthMonth cohortNthMonth
    cohortNthWeek cohortNthWeek
    """)

GONE_METRICS = _gone("""
    uniquePageviews ga:pageviews
    entrances ga:sessions by ga:landingPagePath
    exits ga:pageviews
    bounces ga:bounceRate
    entranceRate ga:sessions by ga:landingPagePath
    exitRate ga:bounceRate
    avgTimeOnPage ga:timeOnPage
    percentNewSessions ga:newUsers
    percentNewVisits ga:newUsers
    organicSearches ga:sessions with the filter ga:medium==organic
    socialInteractions ga:totalEvents
    searchUniques ga:totalEvents by ga:searchKeyword
    uniqueEvents ga:totalEvents
    14dayUsers ga:7dayUsers
    30dayUsers ga:28dayUsers
    """)

GONE_DIMENSIONS = _gone("""
    secondPagePath ga:pagePath
    previousPagePath ga:fullReferrer
    exitPagePath ga:landingPagePath
    eventCategory ga:eventLabel
    eventAction ga:eventLabel
    socialNetwork ga:source
    socialInteractionNetwork ga:source
    networkLocation ga:hostname
    networkDomain ga:hostname
    mobileDeviceInfo ga:mobileDeviceModel
    affiliation ga:transactionId
    regionIsoCode ga:region
    metro ga:city
    interestAffinityCategory ga:interestInMarketCategory
    interestOtherCategory ga:interestInMarketCategory
    latitude ga:city
    longitude ga:city
    """)

# https://developers.google.com/analytics/devguides/reporting/data/v1/realtime-api-schema
REALTIME_METRICS = _metrics("""
    activeUsers activeUsers INTEGER
    activeVisitors activeUsers INTEGER
    pageviews screenPageViews INTEGER
    pageViews screenPageViews INTEGER
    screenViews screenPageViews INTEGER
    totalEvents eventCount INTEGER
    goalCompletionsAll keyEvents INTEGER
    """)

REALTIME_DIMENSIONS = _names("""
    country country
    city city
    deviceCategory deviceCategory
    pageTitle unifiedScreenName
    screenName unifiedScreenName
    eventLabel eventName
    minutesAgo minutesAgo
    appVersion appVersion
    """)

GONE_REALTIME = _gone("""
    region rt:city
    latitude rt:city
    longitude rt:city
    pagePath rt:pageTitle
    userType rt:activeUsers
    source rt:country
    medium rt:country
    trafficType rt:country
    referralPath rt:country
    keyword rt:country
    campaign rt:country
    browser rt:deviceCategory
    browserVersion rt:deviceCategory
    operatingSystem rt:deviceCategory
    operatingSystemVersion rt:deviceCategory
    mobileDeviceBranding rt:deviceCategory
    mobileDeviceModel rt:deviceCategory
    eventCategory rt:eventLabel
    eventAction rt:eventLabel
    uniqueEvents rt:totalEvents
    """)
