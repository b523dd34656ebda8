"""`.env.example` names every setting that is read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(
    r'\b(?:(?:read|url)\(\s*env, "\w+",|(?:secret|secret_of|optional_secret|address|choice|flag)\(\s*env,'
    r'|env\.str\()\s*"([A-Z_]+)"'
)
SECRETS = re.compile(r'\b(?:(?:optional_)?secret(?:_of)?\(\s*env,|url\(\s*env, "\w+",)\s*"([A-Z_]+)"')


def test_the_example_names_every_setting():
    source = (ROOT / "portal" / "settings.py").read_text()
    read = set(READ.findall(source)) | {f"{name}_FILE" for name in SECRETS.findall(source)}
    shown = set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text()))
    assert shown == read
