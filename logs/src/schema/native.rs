//! The built-in log types: their schemas as text, embedded in the program.
//!
//! Each type is one file in the language that custom schemas use, with the few keys that only built-in types may have.
//! What a schema cannot say for a type (how its text is read, which documents hold several events, further
//! indicators) stands in [`crate::parse::native`]. Which search columns the events of a type can fill follows from both:
//! from the indicators of its fields and from the further ones of its rules; no list of columns is kept beside them.

/// A log type that the program knows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// The name of the log type, as `AWS.CloudTrail`.
    pub log_type: &'static str,
    /// Its schema, YAML with the keys of built-in types.
    pub source: &'static str,
}

macro_rules! built_in {
    ($log_type:literal, $file:literal) => {
        BuiltIn { log_type: $log_type, source: include_str!(concat!("native/", $file)) }
    };
}

/// All of them, sorted by name.
pub const ALL: [BuiltIn; 74] = [
    built_in!("AWS.ALB", "aws/alb.yml"),
    built_in!("AWS.AuroraMySQLAudit", "aws/auroramysqlaudit.yml"),
    built_in!("AWS.CloudTrail", "aws/cloudtrail.yml"),
    built_in!("AWS.CloudTrailDigest", "aws/cloudtraildigest.yml"),
    built_in!("AWS.CloudTrailInsight", "aws/cloudtrailinsight.yml"),
    built_in!("AWS.CloudWatchEvents", "aws/cloudwatchevents.yml"),
    built_in!("AWS.GuardDuty", "aws/guardduty.yml"),
    built_in!("AWS.S3ServerAccess", "aws/s3serveraccess.yml"),
    built_in!("AWS.VPCDns", "aws/vpcdns.yml"),
    built_in!("AWS.VPCFlow", "aws/vpcflow.yml"),
    built_in!("AWS.WAFWebACL", "aws/wafwebacl.yml"),
    built_in!("Apache.AccessCombined", "apache/accesscombined.yml"),
    built_in!("Apache.AccessCommon", "apache/accesscommon.yml"),
    built_in!("Box.Event", "box/event.yml"),
    built_in!("CiscoUmbrella.CloudFirewall", "ciscoumbrella/cloudfirewall.yml"),
    built_in!("CiscoUmbrella.DNS", "ciscoumbrella/dns.yml"),
    built_in!("CiscoUmbrella.IP", "ciscoumbrella/ip.yml"),
    built_in!("CiscoUmbrella.Proxy", "ciscoumbrella/proxy.yml"),
    built_in!("Cloudflare.Firewall", "cloudflare/firewall.yml"),
    built_in!("Cloudflare.HttpRequest", "cloudflare/httprequest.yml"),
    built_in!("Cloudflare.Spectrum", "cloudflare/spectrum.yml"),
    built_in!("Crowdstrike.AIDMaster", "crowdstrike/aidmaster.yml"),
    built_in!("Crowdstrike.AppInfo", "crowdstrike/appinfo.yml"),
    built_in!("Crowdstrike.DNSRequest", "crowdstrike/dnsrequest.yml"),
    built_in!("Crowdstrike.GroupIdentity", "crowdstrike/groupidentity.yml"),
    built_in!("Crowdstrike.ManagedAssets", "crowdstrike/managedassets.yml"),
    built_in!("Crowdstrike.NetworkConnect", "crowdstrike/networkconnect.yml"),
    built_in!("Crowdstrike.NetworkListen", "crowdstrike/networklisten.yml"),
    built_in!("Crowdstrike.NotManagedAssets", "crowdstrike/notmanagedassets.yml"),
    built_in!("Crowdstrike.ProcessRollup2", "crowdstrike/processrollup2.yml"),
    built_in!("Crowdstrike.SyntheticProcessRollup2", "crowdstrike/syntheticprocessrollup2.yml"),
    built_in!("Crowdstrike.Unknown", "crowdstrike/unknown.yml"),
    built_in!("Crowdstrike.UserIdentity", "crowdstrike/useridentity.yml"),
    built_in!("Crowdstrike.UserInfo", "crowdstrike/userinfo.yml"),
    built_in!("Duo.Administrator", "duo/administrator.yml"),
    built_in!("Duo.Authentication", "duo/authentication.yml"),
    built_in!("Duo.OfflineEnrollment", "duo/offlineenrollment.yml"),
    built_in!("Duo.Telephony", "duo/telephony.yml"),
    built_in!("Fastly.Access", "fastly/access.yml"),
    built_in!("Fluentd.Syslog3164", "fluentd/syslog3164.yml"),
    built_in!("Fluentd.Syslog5424", "fluentd/syslog5424.yml"),
    built_in!("GCP.AuditLog", "gcp/auditlog.yml"),
    built_in!("GSuite.Reports", "gsuite/reports.yml"),
    built_in!("GitLab.API", "gitlab/api.yml"),
    built_in!("GitLab.Audit", "gitlab/audit.yml"),
    built_in!("GitLab.Exceptions", "gitlab/exceptions.yml"),
    built_in!("GitLab.Git", "gitlab/git.yml"),
    built_in!("GitLab.Integrations", "gitlab/integrations.yml"),
    built_in!("GitLab.Production", "gitlab/production.yml"),
    built_in!("Gravitational.TeleportAudit", "gravitational/teleportaudit.yml"),
    built_in!("Juniper.Access", "juniper/access.yml"),
    built_in!("Juniper.Audit", "juniper/audit.yml"),
    built_in!("Juniper.Firewall", "juniper/firewall.yml"),
    built_in!("Juniper.MWS", "juniper/mws.yml"),
    built_in!("Juniper.Postgres", "juniper/postgres.yml"),
    built_in!("Juniper.Security", "juniper/security.yml"),
    built_in!("Lacework.Events", "lacework/events.yml"),
    built_in!("Nginx.Access", "nginx/access.yml"),
    built_in!("OSSEC.EventInfo", "ossec/eventinfo.yml"),
    built_in!("Okta.SystemLog", "okta/systemlog.yml"),
    built_in!("OneLogin.Events", "onelogin/events.yml"),
    built_in!("Osquery.Batch", "osquery/batch.yml"),
    built_in!("Osquery.Differential", "osquery/differential.yml"),
    built_in!("Osquery.Snapshot", "osquery/snapshot.yml"),
    built_in!("Osquery.Status", "osquery/status.yml"),
    built_in!("Slack.AccessLogs", "slack/accesslogs.yml"),
    built_in!("Slack.AuditLogs", "slack/auditlogs.yml"),
    built_in!("Slack.IntegrationLogs", "slack/integrationlogs.yml"),
    built_in!("Sophos.Central", "sophos/central.yml"),
    built_in!("Suricata.Anomaly", "suricata/anomaly.yml"),
    built_in!("Suricata.DNS", "suricata/dns.yml"),
    built_in!("Syslog.RFC3164", "syslog/rfc3164.yml"),
    built_in!("Syslog.RFC5424", "syslog/rfc5424.yml"),
    built_in!("Zeek.DNS", "zeek/dns.yml"),
];

/// The built-in type of exactly this name, case and all.
#[must_use]
pub fn find(log_type: &str) -> Option<&'static BuiltIn> {
    ALL.binary_search_by(|built_in| built_in.log_type.cmp(log_type)).ok().map(|index| &ALL[index])
}

/// More edits than this make another name, not a slip of the fingers.
const SLIP: usize = 3;

/// At most this many names are of use in a hint.
const HINTS: usize = 3;

/// The names that a person may have meant by an unknown one: first the same name in another case, then those of few
/// edits, then those that have the same part after the dot (`CloudTrail`, `Aws.VPCFlow`).
#[must_use]
pub fn near(log_type: &str) -> Vec<&'static str> {
    let wanted = log_type.to_ascii_lowercase();
    let mut found: Vec<(usize, &'static str)> = ALL
        .iter()
        .filter_map(|built_in| {
            Some((distance_of_names(&wanted, &built_in.log_type.to_ascii_lowercase())?, built_in.log_type))
        })
        .collect();
    found.sort_unstable();
    found.truncate(HINTS);
    found.into_iter().map(|(_, name)| name).collect()
}

/// How far apart two names are, both in lower case; `None` if nobody would mix them up.
fn distance_of_names(wanted: &str, name: &str) -> Option<usize> {
    let edits = edits(wanted, name);
    if edits <= SLIP {
        return Some(edits);
    }
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
    (last(wanted) == last(name)).then_some(SLIP + 1)
}

/// Insertions, deletions and replacements of bytes that lead from one text to the other.
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, b) in to.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_file_is_of_its_type() {
        assert!(ALL.is_sorted_by(|a, b| a.log_type < b.log_type));
        for built_in in &ALL {
            let name = format!("schema: {}\n", built_in.log_type);
            assert!(built_in.source.starts_with(&name), "{}", built_in.log_type);
            let parser = format!("\nparser:\n  native:\n    name: {}\n", built_in.log_type);
            assert!(built_in.source.contains(&parser), "{}", built_in.log_type);
        }
    }

    #[test]
    fn names_are_found_by_case_and_hinted_without() {
        assert!(find("AWS.ALB").is_some() && find("Zeek.DNS").is_some());
        assert_eq!(find("aws.alb"), None);
        assert_eq!(near("aws.alb")[0], "AWS.ALB");
        assert_eq!(near("AWS.CloudTrial")[0], "AWS.CloudTrail");
        assert_eq!(near("CloudTrail"), ["AWS.CloudTrail"]);
        assert_eq!(near("Nothing.AtAll"), Vec::<&str>::new());
    }
}
