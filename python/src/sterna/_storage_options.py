"""Options of a store as other packages' users write them: s3fs and fsspec, boto3, Polars."""

from __future__ import annotations

from typing import Any

from .exceptions import ArcticInvalidApiUsageException

_ALIASES = {
    "key": "access_key_id", "secret": "secret_access_key", "token": "session_token", "endpoint_url": "endpoint",
    "aws_access_key_id": "access_key_id", "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token", "region_name": "region", "aws_region": "region",
    "aws_endpoint_url": "endpoint", "aws_allow_http": "allow_http",
}  # fmt: skip
# Those that hold others.
_GROUPS = ("client_kwargs", "config_kwargs")


def engine_options(options: dict[str, Any]) -> dict[str, Any]:
    """The engine's names for them; what it does not do is refused, not left out.

    >>> engine_options({"key": "a", "anon": False, "client_kwargs": {"endpoint_url": "http://localhost:9000"}})
    {'access_key_id': 'a', 'endpoint': 'http://localhost:9000'}
    """
    result: dict[str, Any] = {}
    for name, value in options.items():
        if value is None:
            continue
        if name in _GROUPS:
            result |= engine_options(_group(name, value))
        elif name == "s3" and isinstance(value, dict):
            result |= {"addressing" if key == "addressing_style" else key: each for key, each in value.items()}
        elif name in _WITHOUT_EFFECT:
            harmless, advice = _WITHOUT_EFFECT[name]
            if value not in harmless:
                raise ArcticInvalidApiUsageException(f"{name}={value!r} is not supported. {advice}")
        elif name == "verify":
            result |= _certificates(value)
        else:
            result[_ALIASES.get(name, name)] = value
    return result


# What may be given where it asks for what is done anyway, and what to do instead where it does not.
_WITHOUT_EFFECT: dict[str, tuple[tuple[Any, ...], str]] = {
    "anon": ((False,), "Requests are signed: give credentials, or leave it out for those of the environment."),
    "use_ssl": ((True,), "Write the endpoint with http://, and allow_http=True where it is not on this machine."),
    "signature_version": (("s3v4",), "Requests are signed with version 4."),
}


def _group(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ArcticInvalidApiUsageException(f"{name} is {value!r}. Give a dict.")
    return value


def _certificates(verify: Any) -> dict[str, Any]:
    if verify is False:
        raise ArcticInvalidApiUsageException(
            "verify=False is not supported: certificates are always checked. Give the authority's as ca_bundle=PATH."
        )
    return {} if verify is True else {"ca_bundle": verify}
