"""Creates a bucket and proves that the server works: one object written, read back, compared and deleted.

usage: s3_bucket.py ENDPOINT BUCKET    keys and region come from the AWS environment variables
"""

import sys
import time

import botocore.config
import botocore.exceptions
import botocore.session

DEADLINE_SECONDS = 60


def client(endpoint):
    configuration = botocore.config.Config(
        s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30
    )
    return botocore.session.get_session().create_client("s3", endpoint_url=endpoint, config=configuration)


def create(s3, bucket):
    try:
        s3.create_bucket(Bucket=bucket)
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise


def prove(s3, bucket):
    key, body = "start/probe", b"sterna " * 1000
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    answer = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.delete_object(Bucket=bucket, Key=key)
    if answer != body:
        raise SystemExit(f"the server returned {len(answer)} bytes that differ from the {len(body)} written")


def main():
    endpoint, bucket = sys.argv[1:]
    s3 = client(endpoint)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        try:
            create(s3, bucket)
            prove(s3, bucket)
            return
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"{endpoint} is not usable: {error}") from error
            time.sleep(0.1)


main()
