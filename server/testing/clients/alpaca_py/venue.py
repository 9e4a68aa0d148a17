"""What both drives have in common: where the venue is, a line of JSON a step, and a record of the client's methods that were called."""

import functools
import json
import sys
import threading
import time
import urllib.request

from alpaca.common.exceptions import APIError

with open(sys.argv[1], encoding="utf-8") as file:
    venue = json.load(file)

keys = {"api_key": venue["keyId"], "secret_key": venue["secretKey"]}


def step(name, **facts):
    print(json.dumps({"step": name, **facts}), flush=True)


def until(condition, seconds=20):
    """The first true answer of `condition`, which is asked again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def refused(status, code, run):
    """That `run` is refused by the venue, and how."""
    try:
        run()
    except APIError as error:
        assert error.status_code == status, error
        assert code is None or error.code == code, error
        return error
    raise AssertionError("this should have been refused")


def fault(**asked):
    """Makes the exchange misbehave, over its admin API."""
    request = urllib.request.Request(
        venue["adminUrl"],
        data=json.dumps(asked).encode(),
        headers={"authorization": "Bearer " + venue["adminKey"], "content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def end_faults():
    headers = {"authorization": "Bearer " + venue["adminKey"]}
    urllib.request.urlopen(urllib.request.Request(venue["adminUrl"], method="DELETE", headers=headers)).close()


def methods_of(kind):
    """Every public method of the client's class itself, read from it."""
    return sorted(name for name, value in vars(kind).items() if callable(value) and not name.startswith("_"))


class Recorded:
    """The client, unmodified, with the names of its methods written down as they are called."""

    def __init__(self, client):
        self._client = client
        self.called = set()

    def __getattr__(self, name):
        value = getattr(self._client, name)
        if not callable(value):
            return value

        @functools.wraps(value)
        def call(*words, **named):
            self.called.add(name)
            return value(*words, **named)

        return call

    def finish(self):
        """How many methods there are; fails when one of them was not called."""
        methods = methods_of(type(self._client))
        missing = [name for name in methods if name not in self.called]
        assert not missing, f"never called: {missing}"
        return len(methods)


def in_background(stream):
    """Runs a stream in a thread of its own, as the client's documentation has it, until it is connected."""
    threading.Thread(target=stream.run, daemon=True).start()
    until(lambda: stream._running)
