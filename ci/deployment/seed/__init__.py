"""Fills a deployment so that it is a Panther deployment in use. Deterministic; run again, it ends in the same state.

* `plan`      names, accounts and sizes, which the other modules share
* `accounts`  the accounts that own something
* `queues`, `topics`, `buckets`, `roles`, `sources`, `log_types`, `functions`   what a deployment consists of
* `log_objects`, `processed_objects`   what lies in the buckets; `uploads` puts it there
* `breakage`  the incident of the drill
"""
