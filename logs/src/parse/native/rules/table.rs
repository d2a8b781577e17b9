//! Which type has which rules.

use super::{Acceptance, Alias, Document, Extra, Path, Place, RawScan, Reading, Rules, special};
use crate::parse::indicators::Column;

/// What a type needs beyond its schema; [`Rules::NONE`] for unknown names.
#[must_use]
pub fn rules(log_type: &str) -> &'static Rules {
    let found = TABLE.iter().find(|(names, _)| names.contains(&log_type));
    found.map_or(&Rules::NONE, |(_, rules)| rules)
}

/// A text that goes to a column as it stands.
const fn raw(column: Column, path: Path) -> Extra {
    Extra::Value(Place::At(path), Reading::Raw(column))
}

/// The same for each element of an array.
const fn raw_each(column: Column, path: Path) -> Extra {
    Extra::Value(Place::Each(path), Reading::Raw(column))
}

const fn at(path: Path, reading: Reading) -> Extra {
    Extra::Value(Place::At(path), reading)
}

const fn extras(extras: &'static [Extra]) -> Rules {
    Rules { extras, ..Rules::NONE }
}

const HOST_AND_MESSAGE: [Extra; 2] = [at(&["host"], Reading::HostAsIs), at(&["message"], Reading::Ipv4Within)];

const LOG_TYPE_OF_OSQUERY: &[Alias] = &[Alias { key: "log_type", field: "logType" }];

/// Sensor events know when they happened on the host, most of them; the cloud's own time is the second best.
const CONTEXT_TIME: Rules = Rules { event_time: &["ContextTimeStamp", "timestamp"], ..Rules::NONE };

static TABLE: [(&[&str], Rules); 28] = [
    (
        &["AWS.ALB"],
        extras(&[
            at(&["clientIp"], Reading::Endpoint),
            at(&["targetIp"], Reading::Endpoint),
            raw(Column::DomainNames, &["domainName"]),
            raw(Column::AwsArns, &["chosenCertArn"]),
            raw(Column::AwsArns, &["targetGroupArn"]),
        ]),
    ),
    (&["AWS.AuroraMySQLAudit"], extras(&[raw(Column::DomainNames, &["serverHost"])])),
    (
        &["AWS.CloudTrail"],
        Rules {
            document: Document::EventOrArray("Records"),
            fold_keys: true,
            // Sessions are named in ARNs, often by an address; the table of the type has no column for these.
            lacks: Some(Column::Emails),
            extras: &[
                Extra::Scan(&["additionalEventData"], RawScan::CloudTrail),
                Extra::Scan(&["requestParameters"], RawScan::CloudTrail),
                Extra::Scan(&["responseElements"], RawScan::CloudTrail),
                Extra::Scan(&["serviceEventDetails"], RawScan::CloudTrail),
                Extra::Scan(
                    &["userIdentity", "sessionContext", "webIdFederationData", "attributes"],
                    RawScan::CloudTrail,
                ),
            ],
            ..Rules::NONE
        },
    ),
    (&["AWS.CloudTrailInsight"], Rules { document: Document::Array("Records"), fold_keys: true, ..Rules::NONE }),
    (
        &["AWS.CloudWatchEvents"],
        extras(&[
            raw(Column::AwsAccountIds, &["account"]),
            raw_each(Column::AwsArns, &["resources"]),
            Extra::Scan(&["detail"], RawScan::Finding),
        ]),
    ),
    (
        &["AWS.GuardDuty"],
        extras(&[
            raw(Column::AwsArns, &["arn"]),
            Extra::Scan(&["resource"], RawScan::Finding),
            Extra::Scan(&["service", "additionalInfo"], RawScan::Finding),
            Extra::Scan(&["service", "action"], RawScan::Finding),
        ]),
    ),
    (&["AWS.S3ServerAccess"], extras(&[at(&["requester"], Reading::ArnByPrefix)])),
    (&["AWS.VPCDns"], extras(&[Extra::Special(special::vpc_dns)])),
    (&["AWS.VPCFlow"], extras(&[raw(Column::AwsInstanceIds, &["instanceId"])])),
    (
        &["Apache.AccessCommon", "Apache.AccessCombined", "Fastly.Access"],
        extras(&[at(&["remote_host_ip_address"], Reading::HostAsIs)]),
    ),
    (&["CiscoUmbrella.DNS"], extras(&[at(&["domain"], Reading::DomainWithoutDots)])),
    (&["CiscoUmbrella.Proxy"], extras(&[raw(Column::Sha256Hashes, &["sha"])])),
    (
        &[
            "Crowdstrike.DNSRequest",
            "Crowdstrike.GroupIdentity",
            "Crowdstrike.NetworkConnect",
            "Crowdstrike.NetworkListen",
            "Crowdstrike.SyntheticProcessRollup2",
            "Crowdstrike.UserIdentity",
        ],
        CONTEXT_TIME,
    ),
    (&["Crowdstrike.Unknown"], Rules { whole_line: Some("unknown_payload"), ..CONTEXT_TIME }),
    (&["Fluentd.Syslog3164", "Fluentd.Syslog5424"], extras(&HOST_AND_MESSAGE)),
    (
        &["GCP.AuditLog"],
        Rules {
            acceptance: &[Acceptance::LastSegment {
                path: &["logName"],
                values: &[
                    "cloudaudit.googleapis.com%2Factivity",
                    "cloudaudit.googleapis.com%2Fdata_access",
                    "cloudaudit.googleapis.com%2Fsystem_event",
                ],
                otherwise: "`logName` is not that of an audit log: activity, data_access or system_event",
            }],
            ..Rules::NONE
        },
    ),
    (
        &["GitLab.Production"],
        Rules {
            acceptance: &[Acceptance::AnyOf {
                paths: &[&["action"], &["etag_route"]],
                otherwise: "neither `action` nor `etag_route` is there, as in the log of the API",
            }],
            ..Rules::NONE
        },
    ),
    (&["Juniper.Security"], extras(&[raw(Column::DomainNames, &["hostname"])])),
    (
        &["OSSEC.EventInfo"],
        extras(&[
            raw(Column::Md5Hashes, &["SyscheckFile", "md5_after"]),
            raw(Column::Md5Hashes, &["SyscheckFile", "md5_before"]),
            raw(Column::Sha1Hashes, &["SyscheckFile", "sha1_after"]),
            raw(Column::Sha1Hashes, &["SyscheckFile", "sha1_before"]),
        ]),
    ),
    (&["Okta.SystemLog"], extras(&[raw(Column::DomainNames, &["securityContext", "domain"])])),
    (&["Osquery.Batch"], extras(&[raw(Column::DomainNames, &["hostname"])])),
    (
        &["Osquery.Differential"],
        Rules {
            aliases: LOG_TYPE_OF_OSQUERY,
            extras: &[raw(Column::DomainNames, &["hostIdentifier"]), Extra::Special(special::osquery_columns)],
            ..Rules::NONE
        },
    ),
    (&["Osquery.Snapshot"], extras(&[raw(Column::DomainNames, &["hostIdentifier"])])),
    (
        &["Osquery.Status"],
        Rules { aliases: LOG_TYPE_OF_OSQUERY, extras: &[raw(Column::DomainNames, &["hostIdentifier"])], ..Rules::NONE },
    ),
    (&["Suricata.Anomaly"], Rules { protocol: Some("proto"), ..Rules::NONE }),
    (
        &["Suricata.DNS"],
        Rules {
            protocol: Some("proto"),
            extras: &[
                raw(Column::DomainNames, &["dns", "rrname"]),
                raw_each(Column::DomainNames, &["dns", "grouped", "CNAME"]),
                raw_each(Column::DomainNames, &["dns", "grouped", "MX"]),
                Extra::Special(special::suricata_answers),
            ],
            ..Rules::NONE
        },
    ),
    (
        &["Syslog.RFC3164", "Syslog.RFC5424"],
        extras(&[at(&["hostname"], Reading::HostAsIs), at(&["message"], Reading::Ipv4Within)]),
    ),
    (
        &["Zeek.DNS"],
        extras(&[Extra::Special(special::zeek_query), Extra::Value(Place::Each(&["answers"]), Reading::HostAsIs)]),
    ),
];

/// All names of the table.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().flat_map(|(names, _)| names.iter().copied())
}
