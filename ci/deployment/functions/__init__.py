"""The deployment's Lambda functions, as they run inside ministack; standard library only, so that a cold start is quick.

They run on a custom runtime (`runtime`), as Panther's own Go functions do: ministack's managed Python runtime loses the
name of the error, and error names are part of the interface.

* `envelope`      one route per request, and the errors by name
* `tables`        reading DynamoDB; `calls` other services
* `source_api`    panther-source-api; `health` its health check
* `logtypes_api`  panther-logtypes-api
* `message_forwarder`  panther-message-forwarder, which the queues of aws-sqs sources feed
"""
