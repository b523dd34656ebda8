"""`python -m sandbox serve` and `python -m sandbox keygen`."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.keys import new_key
from sandbox.server import make_server
from sandbox.state import State


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except sqlite3.Error as error:
        return _failed(f"cannot use {options.state}: {error}")


def _failed(reason: str) -> int:
    print(f"sandbox: {reason}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox", description="A stand-in for Google, on this machine only."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="answer as Google does")
    serve.add_argument("--port", type=int, default=9000, help="0 takes a free one")
    serve.add_argument("--portal", default="http://localhost:8000", help="where the portal is")
    serve.add_argument("--state", metavar="FILE", default=":memory:", help="database shared with keygen")
    serve.add_argument(
        "--recorded", metavar="DIR", action="append", default=[], help="recorded properties; repeatable"
    )
    serve.add_argument("--token-limit", type=_count, default=100, help="refresh tokens per person and client")
    serve.add_argument("--testing", action="store_true", help="the app's publishing status is Testing")
    serve.set_defaults(run=_serve)
    keygen = commands.add_parser("keygen", help="make a service account's key")
    keygen.add_argument("--state", metavar="FILE", required=True)
    keygen.add_argument("--email", required=True)
    keygen.add_argument(
        "--grant", metavar="IDS", type=_property_ids, default=[], help="properties it may read: 123,456"
    )
    keygen.add_argument("--p12", metavar="FILE", type=Path, help="also write the key as P12")
    keygen.set_defaults(run=_keygen)
    return parser


def _property_ids(text: str) -> list[str]:
    numbers = [part.strip().removeprefix("properties/") for part in text.split(",") if part.strip()]
    if wrong := next((number for number in numbers if not number.isascii() or not number.isdigit()), None):
        raise argparse.ArgumentTypeError(f"{wrong} is no property's number")
    return numbers


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text} is no number above 0")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    folders = [folder for text in options.recorded for folder in text.split(":") if folder]
    if missing := next((folder for folder in folders if not Path(folder).is_dir()), None):
        return _failed(f"there is no folder {missing}")
    try:
        server = make_server(
            options.port,
            state=options.state,
            recorded=folders,
            portal=options.portal,
            token_limit=options.token_limit,
            testing=options.testing,
        )
    except OSError as error:
        return _failed(f"cannot listen on port {options.port}: {error.strerror}")
    print(f"Sandbox listening on {server.url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


def _keygen(options: argparse.Namespace) -> int:
    state = State(options.state)
    key, p12 = new_key(state, options.email, options.grant)
    state.close()
    if options.p12:
        options.p12.write_bytes(p12)
    print(json.dumps(key, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
