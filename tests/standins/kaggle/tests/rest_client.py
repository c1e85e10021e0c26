"""Runs the last official client that speaks REST: a line of JSON in is a call, a line out its end.

    rest_client.py ADDRESS

It cannot share a process with today's client: their packages have the same names.
"""

import contextlib
import json
import sys


def plain(value):
    """The client's objects as JSON has them."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def called(api, call):
    import requests
    try:
        return {"result": plain(getattr(api, call["call"])(*call["arguments"], **call["named"]))}
    except requests.exceptions.HTTPError as refused:
        return {"status": refused.response.status_code, "text": refused.response.text}


def main():
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        from kagglesdk import kaggle_env
        kaggle_env._env_to_endpoint[kaggle_env.KaggleEnv.PROD] = sys.argv[1]
        from kaggle.api.kaggle_api_extended import KaggleApi
        api = KaggleApi()
        api.authenticate()
        for line in sys.stdin:
            print(json.dumps(called(api, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
