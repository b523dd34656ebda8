"""The raw material of generated properties: channels, places, devices, pages and products.

A few values look like markup or formulas on purpose: page titles and product names come from strangers, and
whoever shows or exports them has to cope.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """Where sessions come from. `engagement` is the share of them that stay, `lead` how readily they
    convert.
    """

    group: str
    source: str
    medium: str
    campaign: str
    weight: float
    engagement: float = 0.55
    lead: float = 1.0


@dataclass(frozen=True)
class Town:
    continent: str
    country: str
    country_id: str
    region: str
    city: str
    language: str
    weight: float = 1.0


@dataclass(frozen=True)
class Device:
    category: str
    browser: str
    system: str
    weight: float


@dataclass(frozen=True)
class Page:
    path: str
    title: str
    weight: float = 1.0


@dataclass(frozen=True)
class Item:
    name: str
    category: str
    price_cents: int


CHANNELS = (
    Channel("Organic Search", "google", "organic", "(organic)", 30, 0.62, 1.2),
    Channel("Direct", "(direct)", "(none)", "(direct)", 22, 0.52),
    Channel("Organic Social", "instagram.com", "referral", "(referral)", 6, 0.44, 0.6),
    Channel("Referral", "guide.example", "referral", "(referral)", 5, 0.66, 1.1),
    Channel("Email", "newsletter", "email", "monthly", 4, 0.71, 1.9),
    Channel("Paid Search", "google", "cpc", "brand", 6, 0.58, 1.6),
    Channel("AI Assistant", "chatgpt.com", "ai-assistant", "(not set)", 4, 0.69, 1.5),
    Channel("Organic Search", "bing", "organic", "(organic)", 5, 0.60, 1.1),
    Channel("Organic Social", "facebook.com", "referral", "(referral)", 4, 0.41, 0.5),
    Channel("Paid Social", "facebook", "paid_social", "season opening", 3, 0.33, 0.7),
    Channel("Unassigned", "(not set)", "(not set)", "(not set)", 1.5, 0.30, 0.3),
    Channel("Organic Video", "youtube.com", "referral", "(referral)", 1.5, 0.48, 0.6),
    Channel("AI Assistant", "perplexity.ai", "ai-assistant", "(not set)", 1.2, 0.66, 1.3),
    Channel("Organic Search", "duckduckgo", "organic", "(organic)", 1.5, 0.61, 1.0),
    Channel("Referral", "partner.example", "referral", "(referral)", 1.5, 0.60, 1.0),
    Channel("Display", "google", "display", "remarketing <autumn>", 1.0, 0.22, 0.4),
)
SHOP_CHANNELS = (
    Channel("Organic Shopping", "google", "organic", "Shopping Free Listings", 4, 0.60, 1.8),
    Channel("Cross-network", "google", "cpc", "performance max", 5, 0.50, 1.6),
)

TOWNS = (
    Town("Europe", "Italy", "IT", "Lazio", "Rome", "Italian", 3),
    Town("Europe", "Italy", "IT", "Lombardy", "Milan", "Italian", 2),
    Town("Europe", "Italy", "IT", "Campania", "Naples", "Italian"),
    Town("Europe", "Italy", "IT", "Tuscany", "Florence", "Italian"),
    Town("Europe", "Italy", "IT", "Lazio", "(not set)", "Italian", 0.5),
    Town("Europe", "United Kingdom", "GB", "England", "London", "English", 3),
    Town("Europe", "United Kingdom", "GB", "England", "Manchester", "English"),
    Town("Europe", "United Kingdom", "GB", "England", "Marlow", "English", 2),
    Town("Europe", "United Kingdom", "GB", "Scotland", "Edinburgh", "English"),
    Town("Europe", "United Kingdom", "GB", "Wales", "Cardiff", "English", 0.6),
    Town("Americas", "United States", "US", "California", "Los Angeles", "English", 2),
    Town("Americas", "United States", "US", "California", "San Francisco", "English"),
    Town("Americas", "United States", "US", "New York", "New York", "English", 2),
    Town("Americas", "United States", "US", "Texas", "Austin", "English"),
    Town("Americas", "United States", "US", "Virginia", "Ashburn", "English", 0.5),
    Town("Asia", "India", "IN", "Maharashtra", "Mumbai", "English", 2),
    Town("Asia", "India", "IN", "Karnataka", "Bengaluru", "English", 2),
    Town("Asia", "India", "IN", "Delhi", "Delhi", "Hindi"),
    Town("Europe", "Germany", "DE", "Berlin", "Berlin", "German", 2),
    Town("Europe", "Germany", "DE", "Bavaria", "Munich", "German"),
    Town("Europe", "Germany", "DE", "Hesse", "Frankfurt am Main", "German"),
    Town("Oceania", "Australia", "AU", "New South Wales", "Sydney", "English", 2),
    Town("Oceania", "Australia", "AU", "Victoria", "Melbourne", "English", 2),
    Town("Asia", "Japan", "JP", "Tokyo", "Shinjuku City", "Japanese", 2),
    Town("Asia", "Japan", "JP", "Osaka", "Osaka", "Japanese"),
    Town("Americas", "Brazil", "BR", "State of Sao Paulo", "Sao Paulo", "Portuguese", 2),
    Town("Americas", "Brazil", "BR", "State of Rio de Janeiro", "Rio de Janeiro", "Portuguese"),
    Town("Oceania", "New Zealand", "NZ", "Auckland", "Auckland", "English", 2),
    Town("Europe", "France", "FR", "Ile-de-France", "Paris", "French"),
    Town("Europe", "Spain", "ES", "Catalonia", "Barcelona", "Spanish"),
    Town("Europe", "Türkiye", "TR", "İstanbul", "İstanbul", "Turkish", 0.5),
    Town("Africa", "Côte d’Ivoire", "CI", "(not set)", "Abidjan", "French", 0.3),
    Town("(not set)", "(not set)", "(not set)", "(not set)", "(not set)", "(not set)", 0.4),
)

DEVICES = (
    Device("mobile", "Chrome", "Android", 26),
    Device("desktop", "Chrome", "Windows", 20),
    Device("mobile", "Safari", "iOS", 24),
    Device("desktop", "Safari", "Macintosh", 7),
    Device("desktop", "Edge", "Windows", 7),
    Device("mobile", "Samsung Internet", "Android", 4),
    Device("mobile", "Safari (in-app)", "iOS", 3),
    Device("tablet", "Safari", "iOS", 2.5),
    Device("desktop", "Firefox", "Windows", 3),
    Device("desktop", "Firefox", "Linux", 1),
    Device("desktop", "Chrome", "Chrome OS", 1),
    Device("tablet", "Chrome", "Android", 1),
    Device("mobile", "Android Webview", "Android", 1.5),
    Device("smart tv", "(not set)", "Tizen", 0.3),
)

OSTERIA_PAGES = (
    Page("/", "Osteria da Nino – Cucina romana a Trastevere", 8),
    Page("/menu", "Il menù", 6),
    Page("/prenota", "Prenota un tavolo", 4),
    Page("/chi-siamo", "Chi siamo", 2),
    Page("/menu/vini", "Carta dei vini & distillati", 1.6),
    Page("/eventi/cena-degustazione", "Cena “al buio”: <b>solo il venerdì</b>", 1.4),
    Page("/blog/carbonara", "=1+1 uova: la vera carbonara", 1.8),
    Page("/dove-siamo", "Dove siamo", 1.5),
    Page("/en/menu", "Menu (English)", 1.2),
    Page("/contatti", "Contatti", 1.2),
)
SITE_PAGES = (
    Page("/", "Home", 8),
    Page("/services", "Services", 4),
    Page("/contact", "Contact us", 2.5),
    Page("/about", "About us", 2),
    Page("/blog", "Blog", 2),
    Page("/blog/ten-questions", 'Ten questions to ask "before" you sign', 1.8),
    Page("/blog/prices-2026", "=SUM(A1:A9) and other prices", 1.5),
    Page("/blog/what-is-new", "What is <b>new</b> & why", 1.3),
    Page("/team", "Team", 1.2),
    Page("/privacy", "Privacy", 0.5),
)
SHOP_PAGES = (
    Page("/", "Home", 7),
    Page("/collections/all", "All products", 5),
    Page("/products/first", "Everyday classic", 3),
    Page("/cart", "Your basket", 2.2),
    Page("/checkout", "Checkout", 1.4),
    Page("/checkout/thank-you", "Thank you!", 0.1),
    Page("/sale", 'Sale: up to 40% off "everything"', 2),
    Page("/blog/care", "=1+1 ways to look after it", 1.2),
    Page("/returns", "Returns & <i>refunds</i>", 0.8),
    Page("/stores", "Find a shop", 1),
)
CYCLE_ITEMS = (
    Item("Thames Tourer 3-speed", "Bicycles", 64900),
    Item('Gravel wheel 28" (pair)', "Wheels", 31900),
    Item("Waxed saddle bag", "Bags", 8900),
    Item("Brass bell", "Accessories", 1850),
    Item("Lumen front light <500 lm>", "Lights", 5495),
    Item("=2 for 1 inner tubes", "Spares", 1199),
    Item("Rain cape, yellow", "Clothing", 7400),
    Item("Kids’ balance bike", "Bicycles", 12900),
    Item("Chain oil 100 ml", "Care", 999),
    Item("Gift card", "(not set)", 5000),
)
SHOP_ITEMS = (
    Item("Everyday classic", "Basics", 3900),
    Item("Weekend edition", "Basics", 5900),
    Item('The "big" one', "Large", 12900),
    Item("Small & handy", "Small", 1490),
    Item("=1+1 gift set", "Gifts", 2980),
    Item("<b>Limited</b> run", "Specials", 19900),
    Item("Refill", "Care", 890),
    Item("Gift card", "(not set)", 2500),
)

AGES = {"unknown": 60, "25-34": 12, "35-44": 11, "45-54": 8, "18-24": 5, "55-64": 3, "65+": 2}
GENDERS = {"unknown": 62, "female": 20, "male": 18}
