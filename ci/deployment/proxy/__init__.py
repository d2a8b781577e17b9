"""The reverse proxy before ministack's SQS and STS: answers as AWS does where the emulator does not, passes on the rest.

* `messages`    HTTP/1.1 requests and answers, whole, in memory (SQS and STS bodies are small)
* `upstream`    kept connections to ministack
* `server`      one listener: reads requests, asks a service, writes answers
* `sqs`         SQS: which calls are changed, and how; `limits` what AWS refuses; `receipts` repeated deletes;
                `long_poll` clients that hang up; `calls` the proxy's own calls
* `move_tasks`  SQS: Start-, List- and CancelMessageMoveTask
* `sts`         STS: roles that may not be assumed; `trust` their trust policies
"""
