"""Who calls: bearer tokens and basic keys. A pattern with * stands for many; all are made up."""

import base64
import binascii
import dataclasses
import fnmatch
import zlib

from standins.kaggle.errors import Refused

DEFAULT_USERS = [{"name": "standin", "tokens": ["KGAT_standin*"], "keys": ["standin-key*"],
                  "refresh_tokens": ["standin-refresh*"]}]
SESSION_COOKIE = "ka_sessionid"


@dataclasses.dataclass(frozen=True)
class User:
    name: str
    tokens: tuple = ()  # Authorization: Bearer
    keys: tuple = ()  # the password of Authorization: Basic
    refresh_tokens: tuple = ()  # of the OAuth file

    @property
    def id(self):
        return zlib.crc32(self.name.encode()) % 1_000_000 + 1

    @property
    def team_id(self):
        return self.id + 1_000_000


def read_users(documents):
    """ValueError or TypeError when malformed."""
    return [User(**{name: value if name == "name" else tuple(value)
                    for name, value in document.items()}) for document in documents]


def fits(patterns, secret):
    return bool(secret) and any(fnmatch.fnmatchcase(secret, pattern) for pattern in patterns)


def authorization_kind(headers):
    """bearer, basic, other, or nothing: all that is ever recorded of a credential."""
    scheme = headers.get("Authorization", "").partition(" ")[0].lower()
    return scheme if scheme in ("bearer", "basic", "") else "other"


def by_token(users, token):
    """The token's user, or None."""
    return next((user for user in users if fits(user.tokens, token)), None)


def by_refresh_token(users, token):
    return next((user for user in users if fits(user.refresh_tokens, token)), None)


def by_key(users, pair):
    name, _, key = pair.partition(":")
    return next((user for user in users if user.name == name and fits(user.keys, key)), None)


def caller(users, headers, cookies_break):
    """The user who calls; Refused(401) without one, or when a session cookie came back."""
    if cookies_break and SESSION_COOKIE in headers.get("Cookie", ""):
        raise Refused(401)
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    user = None
    if scheme.lower() == "bearer":
        user = by_token(users, value.strip())
    elif scheme.lower() == "basic":
        try:
            user = by_key(users, base64.b64decode(value, validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            user = None
    if user is None:
        raise Refused(401)
    return user
