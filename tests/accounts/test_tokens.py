"""Tokens are random, told apart by a prefix, found by a hash, and never shown."""

import hashlib

from accounts.tokens import Token, digest_of, new_token


def test_a_token_is_32_random_bytes_and_no_two_are_alike():
    tokens = {new_token().value for _ in range(50)}
    assert (len(tokens), {len(each) for each in tokens}) == (50, {43})


def test_what_is_kept_of_it():
    token = Token("abcdefghijkl")
    assert (token.prefix, token.digest) == ("abcdefgh", hashlib.sha256(b"abcdefghijkl").hexdigest())
    assert token.digest == digest_of("abcdefghijkl")


def test_it_does_not_show_itself():
    assert repr(Token("secret-value")) == "Token()"
