"""The deployment's Lambda functions, as they run inside ministack; standard library only, so that a cold start is quick.

They run on a custom runtime (`runtime`), as Panther's own Go functions do: ministack's managed Python runtime loses the
name of the error, and error names are part of the interface.

* `envelope`      one route per request, and the errors by name
* `tables`        reading DynamoDB
* `source_api`    panther-source-api; `logtypes_api` panther-logtypes-api
"""
