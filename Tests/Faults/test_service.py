"""Rows 16-20: clocks, regions, redirects and credentials, as a service refuses them."""

from __future__ import annotations

import json
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import BASE, Place, rows
from harness import faults
from harness.proxy import FaultProxy

APPEND: dict[str, Any] = rows(64, 24)


def refused(place: Place) -> int:
    """How many requests were told what to mend."""
    return sum(e.seen is not None and e.seen >= 300 and e.response is None for e in place.proxy.log)


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_row_16_a_clock_off_by_an_hour_is_corrected_once(place: Place, seconds: int) -> None:
    """From the `Date` header; later requests are signed with the offset at once."""
    place.make(*BASE)
    place.proxy.add(faults.date_shift, seconds=seconds)
    client = place.client()
    client.must("read", symbol="S", fast=True)
    learnt = refused(place)
    assert learnt >= 1
    client.must("append", **APPEND)
    assert client.must("read", symbol="S")["rows"] == 88
    assert refused(place) == learnt
    place.state()


@pytest.mark.parametrize("status", [400, 301, 307])
def test_row_17_a_wrong_region_is_corrected_once(place: Place, status: int) -> None:
    """To the one that the answer names."""
    place.make(*BASE)
    place.proxy.add(faults.wrong_region, region="eu-central-1", status=status)
    client = place.client()
    client.must("read", symbol="S", fast=True)
    learnt = refused(place)
    assert learnt >= 1
    client.must("append", **APPEND)
    assert refused(place) == learnt
    place.state()


@pytest.mark.parametrize("name", ["evil.example/", "x" * 200, "../../a"])
def test_row_17_a_region_that_is_none_is_not_believed(place: Place, name: str) -> None:
    """It would become part of a host name."""
    place.make(*BASE)
    place.proxy.add(faults.wrong_region, region="eu-central-1", told=name)
    answer = place.client().do("read", symbol="S")
    assert answer["code"] in ("wrongRegion", "requestFailed"), answer
    assert refused(place) == 1


@pytest.mark.parametrize("operation", ["read", "append"])
@pytest.mark.parametrize("status", [301, 302, 307])
def test_row_18_a_redirect_to_another_host_is_never_followed(place: Place, operation: str, status: int) -> None:
    """The stranger sees nothing, and above all no signature."""
    place.make(*BASE)
    before = place.state()
    stranger = FaultProxy(place.endpoint, place.proxy.keys)
    place.proxy.add(faults.redirect, to=stranger.endpoint.replace("127.0.0.1", "localhost"), status=status)
    answer = place.client().do(operation, **(APPEND if operation == "append" else {"symbol": "S"}))
    stranger.close()
    assert answer["outcome"] == "failed" and "redirects" in answer["advice"], answer
    assert stranger.log == []
    assert place.state() == before


def credential_process(folder: Path, *answers: dict[str, Any] | None) -> dict[str, str]:
    """A profile whose keys come from a program: its nth call gives the nth answer, None being a failure."""
    script, calls = folder / "credentials.py", folder / "calls"
    calls.write_text("")
    script.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"with open({str(calls)!r}, 'a+') as file:\n"
        "    file.write('.'); file.flush(); file.seek(0); count = len(file.read())\n"
        f"answer = json.loads({json.dumps(json.dumps(answers))})[min(count, {len(answers)}) - 1]\n"
        "sys.exit('no keys today') if answer is None else print(json.dumps(answer))\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    (folder / "config").write_text(f"[default]\ncredential_process = {script}\n")
    return {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


def keys(number: int, minutes: float) -> dict[str, Any]:
    """Temporary keys, as such a program prints them."""
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * minutes))
    return {"Version": 1, "AccessKeyId": f"KEY{number}", "SecretAccessKey": "secret", "SessionToken": f"token-{number}",
            "Expiration": end}  # fmt: skip


def test_row_19_a_token_that_expires_in_the_middle_of_work_is_refreshed_once(place: Place, tmp_path: Path) -> None:
    """However many requests were under way with the old one."""
    place.make(*BASE)
    rule = place.proxy.add(faults.expire_token_after, k=12)
    client = place.client(variables=credential_process(tmp_path, keys(1, 60), keys(2, 60), keys(3, 60)))
    for number in range(4):
        client.must("append", **rows(64 + 40 * number, 40))
    assert client.must("read", symbol="S")["rows"] == 224
    assert rule.memory["count"] > 12, "the token did not expire"
    assert (tmp_path / "calls").read_text() == ".."
    place.state()


def test_row_19_a_token_that_stays_expired_is_an_error(place: Place, tmp_path: Path) -> None:
    """After one refresh, not in a loop."""
    place.make(*BASE)
    place.proxy.add(faults.fail_before, status=400, code="ExpiredToken")
    client = place.client(variables=credential_process(tmp_path, keys(1, 60), keys(2, 60)))
    answer = client.do("read", symbol="S")
    assert answer["code"] == "credentials" and "expired" in answer["advice"], answer
    assert (tmp_path / "calls").read_text() == ".."


def test_row_20_a_refresh_that_fails_leaves_the_old_token_in_use(place: Place, tmp_path: Path) -> None:
    """While it is valid; the user is warned."""
    place.make(*BASE)
    place.proxy.add(faults.expire_token_after, k=10_000)
    # New ones are wanted 15 minutes before the end, which is soon.
    client = place.client(variables=credential_process(tmp_path, keys(1, 15.04), None))
    for number in range(4):
        client.must("append", **rows(64 + 40 * number, 40))
        time.sleep(1)
    assert (tmp_path / "calls").read_text() == ".."
    assert "warning" in client.stderr, client.stderr
    assert "secret" not in client.stderr and "token-1" not in client.stderr
    place.state()
