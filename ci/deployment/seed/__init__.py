"""Fills a deployment so that it is a Panther deployment in use. Deterministic; run again, it ends in the same state.

* `plan`      names, accounts and sizes, which the other modules share
* `accounts`  the accounts that own something
* `keys`, `queues`, `topics`, `buckets`, `roles`, `log_types`, `functions`   what a deployment consists of
* `sources`    the log sources; `s3_source` how one of them becomes a row and a role; `source_table` their table
* `faults`     sources with something wrong, and the list of what a validator should find
* `log_objects`, `processed_objects`   what lies in the buckets; `uploads` puts it there
* `breakage`, `mass_deletion`   the incident of the drill
"""
