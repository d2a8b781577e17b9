"""The sandbox's own tests; `ci/sandbox test` runs all of them, against a deployment of their own where they need one."""
