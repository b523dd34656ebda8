"""Which browsers are inside another app, where Google refuses to ask."""

import pytest

from provisioning.in_app import is_in_app

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9"
APPS = {
    "facebook": f"{IPHONE} Mobile/22B83 [FBAN/FBIOS;FBAV/490.0.0]",
    "facebook on android": f"{ANDROID}) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 [FB_IAB/FB4A]",
    "instagram": f"{IPHONE} Mobile/22B83 Instagram 355.0",
    "linkedin": f"{IPHONE} Mobile/22B83 [LinkedInApp]/9.30",
    "web view": f"{ANDROID}; wv) AppleWebKit/537.36 Version/4.0 Chrome/130.0 Mobile Safari/537.36",
    "google's app": f"{IPHONE} GSA/340.0 Mobile/22B83 Safari/604.1",
    "line": f"{IPHONE} Safari Line/14.19.0",
    "wechat": f"{IPHONE} Mobile/22B83 MicroMessenger/8.0.53",
    "an app of no name": f"{IPHONE} Mobile/22B83",
}
BROWSERS = {
    "safari": f"{IPHONE} Version/18.1 Mobile/22B83 Safari/604.1",
    "chrome on a phone of apple's": f"{IPHONE} CriOS/130.0 Mobile/22B83 Safari/604.1",
    "firefox on a phone of apple's": f"{IPHONE} FxiOS/132.0 Mobile/22B83 Safari/605.1.15",
    "chrome": f"{ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "nothing": "",
}


@pytest.mark.parametrize("agent", APPS.values(), ids=APPS)
def test_apps(agent: str):
    assert is_in_app(agent)


@pytest.mark.parametrize("agent", BROWSERS.values(), ids=BROWSERS)
def test_browsers(agent: str):
    assert not is_in_app(agent)
