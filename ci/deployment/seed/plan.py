"""What the seeded deployment is called and how big it is."""

import dataclasses

from ..state import PANTHER_ACCOUNT, REGION

CUSTOMER_ACCOUNT = "444455556666"
# Its role trusts Panther's own functions only, so that an operator is refused.
SUBSIDIARY_ACCOUNT = "777788889999"
PANTHER_VERSION = "1.16.0"
KMS_ALIAS = "alias/panther-sqs"
# The key of a customer's bucket.
CUSTOMER_KEY = "alias/panther-log-processing"
# One bucket is not where Panther is; asked in the wrong region, it answers with a redirect.
OTHER_REGION = "eu-west-1"

# Panther's buckets are named by CloudFormation: stack, logical name, random tail.
PROCESSED_DATA_BUCKET = "panther-bootstrap-processeddata-1r6kq2mzv0x8c"
INPUT_DATA_BUCKET = "panther-bootstrap-inputdata-9w3hd71ytbnq4"
AUDIT_LOGS_BUCKET = "panther-bootstrap-auditlogs-k52vxeq08jf6"
ANALYSIS_VERSIONS_BUCKET = "panther-bootstrap-analysisversions-1t7uz4cgp9sm2"
SOURCE_BUCKET = "panther-bootstrap-sourcebucket-q8d3r5nw1x0la"

CLOUDTRAIL_BUCKET = "acme-cloudtrail-444455556666"
APPLICATION_BUCKET = "acme-application-logs"
FLOW_LOG_BUCKET = "acme-vpc-flow-logs"
# Only the source's role may list this one.
RESTRICTED_BUCKET = "acme-restricted-logs"
SUBSIDIARY_BUCKET = "acme-subsidiary-logs"


@dataclasses.dataclass(frozen=True)
class CustomerBucket:
    """Whose it is, whether the owner lets Panther's own identities list and read it, and where it is."""

    owner: str
    shared: bool
    region: str = REGION


# As long as nothing is planted.
CUSTOMER_BUCKETS = {
    CLOUDTRAIL_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=True),
    APPLICATION_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=True),
    FLOW_LOG_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=True, region=OTHER_REGION),
    RESTRICTED_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
    SUBSIDIARY_BUCKET: CustomerBucket(SUBSIDIARY_ACCOUNT, shared=False),
}

# Where faults are planted. One bucket has sources of which only the roles and keys are faulty.
NEWCOMER_ACCOUNT = "123456789012"
SILENT_REGION = "eu-north-1"
BRANCH_BUCKET = "acme-branch-logs"
DENIED_BUCKET = "acme-denied-logs"
VANISHED_BUCKET = "acme-vanished-logs"
UNNOTIFIED_BUCKET = "acme-unnotified-logs"
MISDIRECTED_BUCKET = "acme-misdirected-logs"
UNHEARD_BUCKET = "acme-unheard-logs"
NEWCOMER_BUCKET = "newcomer-logs"
MIXED_BUCKET = "acme-mixed-logs"

PLANTED_BUCKETS = {
    BRANCH_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
    DENIED_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
    VANISHED_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
    UNNOTIFIED_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
    MISDIRECTED_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
    # The customer's topic in this region has no subscriber.
    UNHEARD_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False, region=SILENT_REGION),
    # The input queue's policy does not know this account.
    NEWCOMER_BUCKET: CustomerBucket(NEWCOMER_ACCOUNT, shared=False),
    MIXED_BUCKET: CustomerBucket(CUSTOMER_ACCOUNT, shared=False),
}
ALL_CUSTOMER_BUCKETS = CUSTOMER_BUCKETS | PLANTED_BUCKETS

INPUT_QUEUE = "panther-input-data-notifications-queue"
RULES_QUEUE = "panther-rules-engine-queue"
DATA_CATALOG_QUEUE = "panther-datacatalog-updater-queue"
AWS_EVENTS_QUEUE = "panther-aws-events-queue"
# Of a subscriber outside of Panther, who filters nothing.
WAREHOUSE_QUEUE = "acme-warehouse-pipe"

PROCESSED_DATA_TOPIC = "panther-processed-data-notifications"
# The product spells it so.
INPUT_DATA_TOPIC = "panther-boostrap-input-data-notifications"
CUSTOMER_TOPIC = "panther-notifications-topic"
# Somebody else's, to which one bucket's notifications go by mistake.
STRANGE_TOPIC = "acme-thumbnail-jobs"

INPUT_DATA_ROLE = f"PantherInputDataLogProcessingRole-{REGION}"
# Who may do everything in Panther's account, for those who do not come as the operator.
OPERATOR_ROLE = "panther-operator"
# The prefix whose objects were never notified, in the incident of the drill.
UNNOTIFIED_PREFIX = "checkout/"


@dataclasses.dataclass(frozen=True)
class Size:
    """How many objects and messages."""

    cloudtrail: int
    flow_logs: int
    payments: int
    restricted: int
    uncovered: int
    processed: int
    dead_letters: int
    unnotified: int
    # Under each prefix of a faulty source.
    planted: int
    # In the mass deletion, and on purpose some days before.
    deleted: int
    retired: int


SIZES = {
    "full": Size(cloudtrail=3000, flow_logs=1500, payments=1200, restricted=150, uncovered=100, processed=1000,
                 dead_letters=1000, unnotified=5000, planted=20, deleted=3000,
                 retired=400),
    "small": Size(cloudtrail=120, flow_logs=60, payments=60, restricted=20, uncovered=10, processed=60,
                  dead_letters=50, unnotified=200, planted=3, deleted=120, retired=30),
}


def queue_arn(name: str) -> str:
    """The ARN of a queue of the deployment."""
    return f"arn:aws:sqs:{REGION}:{PANTHER_ACCOUNT}:{name}"


def topic_arn(name: str, account: str = PANTHER_ACCOUNT, region: str = REGION) -> str:
    """The ARN of a topic of some account."""
    return f"arn:aws:sns:{region}:{account}:{name}"


def role_arn(name: str, account: str = PANTHER_ACCOUNT) -> str:
    """The ARN of a role of some account."""
    return f"arn:aws:iam::{account}:role/{name}"


def tool_role(tool: str) -> str:
    """The role that may do what one of the tools needs, and nothing else."""
    return f"opstools-{tool}"
