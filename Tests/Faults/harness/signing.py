"""Signs requests that a fault has changed: otherwise the server would only see a broken signature."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .messages import Headers, Request, drop_headers

# Whatever the client's signature covers is replaced; the rest is kept as it was sent.
REPLACED = ("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "host", "content-length")


@dataclass(frozen=True)
class Keys:
    """Of the server behind the proxy."""

    access_key_id: str
    secret_access_key: str


def resign(request: Request, body: bytes, endpoint: str, keys: Keys) -> Headers:
    """The headers of the request as its sender would have signed them."""
    kept = drop_headers(request.headers, *REPLACED)
    host = endpoint.split("://")[1]
    signed = AWSRequest(request.method, endpoint + request.target, headers=dict([*kept, ("Host", host)]), data=body)
    S3SigV4Auth(Credentials(keys.access_key_id, keys.secret_access_key), "s3", "us-east-1").add_auth(signed)
    headers = drop_headers(list(signed.headers.items()), "content-length")
    return [*headers, ("Content-Length", str(len(body)))] if body or request.method in ("PUT", "POST") else headers
