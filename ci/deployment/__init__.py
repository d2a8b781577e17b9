"""A Panther deployment on this machine's loopback address, for tests, the incident drill and benchmarks.

It runs ministack (an AWS emulator from PyPI) and, before its SQS and STS, a reverse proxy of ours that adds what the
emulator lacks. Linux only: processes and their sockets are checked through `/proc`.

Where to look:

* `commands`   the command line `ci/sandbox`
* `install`    the virtual environment with pinned, hashed packages
* `state`      the folder of one deployment, and what is recorded in it
* `processes`  processes known by pid *and* start time; `sockets`: what they listen on
* `keeper`     the parent process of one deployment: starts the others, ends them
* `emulator`   ministack with paths for many objects at once, and for what happened in the past
* `proxy/`     the reverse proxy before SQS and STS
* `aws`, `s3`  a lean client for `seed/`, which fills the deployment; `functions/` is the code of its Lambda functions
* `consumer`   what Panther makes of a message; `consume` and `show` print it and the state
* `drill`      the incident drill, `verdict` what must have come of it; `restoration` its part about deleted objects
"""
