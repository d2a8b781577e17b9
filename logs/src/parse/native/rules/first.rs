//! Cheap tests that refuse most foreign lines before they are decoded.
//!
//! Each is implied by the type's schema and rules, so that it never refuses a line which decoding would accept. The keys
//! are those that the fewest other types demand.

use super::Path;

/// A text that must be one of a few.
pub type Equal = (Path, &'static [&'static str]);

/// What a line must show at first sight.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstTest {
    /// The first byte of the trimmed line.
    pub must_start: Option<u8>,
    /// Top-level keys that an event must have. Of a document of many events (see [`super::Document`]) each must.
    pub keys: &'static [&'static str],
    /// Texts that must be one of a few; in each event, too.
    pub equals: &'static [Equal],
}

/// The test of a built-in type; one that everything passes for unknown names and for formats of text, whose readers
/// refuse foreign lines as quickly by themselves.
#[must_use]
pub fn first_test(log_type: &str) -> FirstTest {
    if log_type.starts_with("Syslog.") {
        return FirstTest { must_start: Some(b'<'), ..FirstTest::default() };
    }
    match TABLE.binary_search_by(|(name, ..)| (*name).cmp(log_type)) {
        Ok(index) => FirstTest { must_start: Some(b'{'), keys: TABLE[index].1, equals: TABLE[index].2 },
        Err(_) => FirstTest::default(),
    }
}

/// All types of JSON, sorted by name.
pub(super) static TABLE: [(&str, &[&str], &[Equal]); 54] = [
    ("AWS.CloudTrail", &["eventID", "eventName", "eventSource"], &[]),
    ("AWS.CloudTrailDigest", &["awsAccountId", "digestStartTime", "digestEndTime"], &[]),
    ("AWS.CloudTrailInsight", &["eventId", "sharedEventId", "insightDetails"], &[(&["eventCategory"], &["Insight"])]),
    ("AWS.CloudWatchEvents", &["account", "source", "resources"], &[]),
    ("AWS.GuardDuty", &["schemaVersion", "accountId", "partition"], &[]),
    ("AWS.VPCDns", &["vpc_id", "query_timestamp", "query_name"], &[]),
    ("AWS.WAFWebACL", &["httpSourceId", "webaclId", "timestamp"], &[]),
    ("Box.Event", &["event_id", "event_type"], &[(&["type"], &["event"])]),
    ("Cloudflare.Firewall", &["Datetime"], &[]),
    ("Cloudflare.HttpRequest", &["EdgeStartTimestamp"], &[]),
    ("Cloudflare.Spectrum", &["Timestamp"], &[]),
    ("Crowdstrike.AIDMaster", &["Time", "AgentLoadFlags", "AgentLocalTime"], &[]),
    ("Crowdstrike.AppInfo", &["CompanyName", "detectioncount", "FileName"], &[]),
    ("Crowdstrike.DNSRequest", &["name"], &[(&["event_simpleName"], &["DnsRequest"])]),
    (
        "Crowdstrike.GroupIdentity",
        &["GID", "AuthenticationUuid", "AuthenticationUuidAsString"],
        &[(&["event_simpleName"], &["GroupIdentity"])],
    ),
    ("Crowdstrike.ManagedAssets", &["GatewayIP", "GatewayMAC", "LocalAddressIP4"], &[]),
    ("Crowdstrike.NetworkConnect", &["name"], &[(&["event_simpleName"], &["NetworkConnectIP4", "NetworkConnectIP6"])]),
    ("Crowdstrike.NetworkListen", &["name"], &[(&["event_simpleName"], &["NetworkListenIP4", "NetworkListenIP6"])]),
    ("Crowdstrike.NotManagedAssets", &["aipcount", "localipCount", "CurrentLocalIP"], &[]),
    ("Crowdstrike.ProcessRollup2", &["name"], &[(&["event_simpleName"], &["ProcessRollup2"])]),
    ("Crowdstrike.SyntheticProcessRollup2", &["name"], &[(&["event_simpleName"], &["SyntheticProcessRollup2"])]),
    ("Crowdstrike.Unknown", &["event_simpleName", "name"], &[]),
    (
        "Crowdstrike.UserIdentity",
        &["AuthenticationId", "UserPrincipal", "UserSid"],
        &[(&["event_simpleName"], &["UserIdentity"])],
    ),
    ("Crowdstrike.UserInfo", &["AccountType", "DomainUser", "UserName"], &[]),
    ("Duo.Administrator", &["object", "username", "isotimestamp"], &[]),
    ("Duo.Authentication", &["txid", "isotimestamp"], &[]),
    (
        "Duo.OfflineEnrollment",
        &["object", "username", "isotimestamp"],
        &[(&["action"], &["o2fa_user_provisioned", "o2fa_user_deprovisioned", "o2fa_user_reenrolled"])],
    ),
    ("Duo.Telephony", &["phone", "isotimestamp", "type"], &[]),
    ("Fluentd.Syslog3164", &["ident", "tag", "host"], &[]),
    ("Fluentd.Syslog5424", &["pid", "msgid", "extradata"], &[]),
    (
        "GCP.AuditLog",
        &["logName", "receiveTimestamp"],
        &[(&["protoPayload", "@type"], &["type.googleapis.com/google.cloud.audit.AuditLog"])],
    ),
    ("GSuite.Reports", &["id"], &[(&["kind"], &["admin#reports#activity"])]),
    ("GitLab.API", &["route", "duration_s", "status"], &[]),
    ("GitLab.Audit", &["author_id", "entity_id", "entity_type"], &[]),
    ("GitLab.Exceptions", &["exception.class", "exception.message", "severity"], &[]),
    ("GitLab.Git", &["message", "severity", "time"], &[]),
    ("GitLab.Integrations", &["service_class", "project_id", "project_path"], &[]),
    ("GitLab.Production", &["method", "path", "status"], &[]),
    ("Gravitational.TeleportAudit", &["event", "code", "uid"], &[]),
    ("Lacework.Events", &["EVENT_CATEGORY", "EVENT_DETAILS", "SEVERITY"], &[]),
    ("OSSEC.EventInfo", &["rule", "TimeStamp", "location"], &[]),
    ("Okta.SystemLog", &["published", "uuid", "eventType"], &[]),
    ("OneLogin.Events", &["event_timestamp", "event_type_id", "uuid"], &[]),
    ("Osquery.Batch", &["diffResults", "counter", "hostname"], &[]),
    ("Osquery.Differential", &["columns", "epoch", "hostIdentifier"], &[]),
    ("Osquery.Snapshot", &["snapshot", "counter", "epoch"], &[(&["action"], &["snapshot"])]),
    ("Osquery.Status", &["filename", "line", "hostIdentifier"], &[]),
    ("Slack.AccessLogs", &["date_first", "date_last", "count"], &[]),
    ("Slack.AuditLogs", &["date_create", "id", "action"], &[(&["actor", "type"], &["user"])]),
    ("Slack.IntegrationLogs", &["date", "change_type", "scope"], &[]),
    ("Sophos.Central", &["endpoint_id", "endpoint_type", "group"], &[]),
    ("Suricata.Anomaly", &["anomaly", "timestamp"], &[(&["event_type"], &["anomaly"])]),
    ("Suricata.DNS", &["dns", "dest_ip", "src_ip"], &[(&["event_type"], &["dns"])]),
    ("Zeek.DNS", &["ts", "id.orig_h", "id.orig_p"], &[]),
];
