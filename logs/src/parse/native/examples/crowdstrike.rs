//! CrowdStrike Falcon.

use super::{Example, one};

pub(super) const EXAMPLES: &[Example] = &[
    one(
        "Crowdstrike.AIDMaster",
        &[concat!(
            r#"{"Time":"1709626530","AgentLoadFlags":"0","AgentLocalTime":"1709626529.5","AgentTimeOffset":"15.2","#,
            r#""AgentVersion":"7.11.18110.0","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","cid":"f9e8d7c6b5a4938271605f4e3d2c1b0a","#,
            r#""aip":"198.51.100.2","ComputerName":"laptop-7","City":"Berlin","Country":"Germany","event_platform":"Win"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.AppInfo",
        &[concat!(
            r#"{"_time":"1709626530.25","cid":"f9e8d7c6b5a4938271605f4e3d2c1b0a","CompanyName":"Example GmbH","detectioncount":"2","#,
            r#""FileName":"tool.exe","SHA256HashData":"9bb6196fc6b84d6f075a56548feca262bd99ba3c2de41b618e5b6e22c1fc71f6","#,
            r#""ProductName":"Tool","ProductVersion":"1.2"}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "Crowdstrike.DNSRequest",
        &[concat!(
            r#"{"event_simpleName":"DnsRequest","name":"DnsRequestV4","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","#,
            r#""aip":"198.51.100.2","cid":"f9e8d7c6b5a4938271605f4e3d2c1b0a","id":"1c7f0e60-dacb-11ee-9b5c-0a1b2c3d4e5f","#,
            r#""event_platform":"Win","timestamp":"1709626531000","ContextTimeStamp":"1709626530.125","ComputerName":"laptop-7","#,
            r#""ContextProcessId":"77309411329","DomainName":"www.example.com","RequestType":"1","InterfaceIndex":"0","#,
            r#""DualRequest":"0","IpAddress":"198.51.100.40","TreeId":"12884901888"}"#
        )],
        &["2024-03-05 08:15:30.125000000"],
    ),
    one(
        "Crowdstrike.GroupIdentity",
        &[concat!(
            r#"{"event_simpleName":"GroupIdentity","name":"GroupIdentityMacV1","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","#,
            r#""aip":"198.51.100.2","timestamp":"1709626530000","event_platform":"Mac","GID":"20","#,
            r#""AuthenticationUuid":"ABCDEFAB-CDEF-ABCD-EFAB-CDEF00000014","#,
            r#""AuthenticationUuidAsString":"ABCDEFAB-CDEF-ABCD-EFAB-CDEF00000014","AuthenticationId":"20","#,
            r#""UserPrincipal":"staff","UserSid":"S-1-5-21-20"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.ManagedAssets",
        &[concat!(
            r#"{"_time":"1709626530","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","cid":"f9e8d7c6b5a4938271605f4e3d2c1b0a","#,
            r#""GatewayIP":"10.0.1.1","GatewayMAC":"02-00-5E-00-53-01","MacPrefix":"02-00-5E","MAC":"02-00-5E-00-53-17","#,
            r#""LocalAddressIP4":"10.0.1.17","InterfaceAlias":"Ethernet"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.NetworkConnect",
        &[concat!(
            r#"{"event_simpleName":"NetworkConnectIP4","name":"NetworkConnectIP4V5","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","#,
            r#""timestamp":1709626531000,"ContextTimeStamp":1709626530.5,"LocalAddressIP4":"10.0.1.17","#,
            r#""RemoteAddressIP4":"203.0.113.66","LocalPort":"50112","RemotePort":"443","Protocol":"6","#,
            r#""ConnectionDirection":"0","ConnectionFlags":"0"}"#
        )],
        &["2024-03-05 08:15:30.500000000"],
    ),
    one(
        "Crowdstrike.NetworkListen",
        &[concat!(
            r#"{"event_simpleName":"NetworkListenIP6","name":"NetworkListenIP6V5","timestamp":"1709626530000","#,
            r#""LocalAddressIP6":"2001:db8::17","LocalPort":"8080","RemotePort":"0","Protocol":"6","aid":"0a1b2c3d4e5f"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.NotManagedAssets",
        &[concat!(
            r#"{"_time":"1709626530","aip":"198.51.100.2","aipcount":"1","localipCount":"1","#,
            r#""cid":"f9e8d7c6b5a4938271605f4e3d2c1b0a","CurrentLocalIP":"10.0.1.99","MAC":"02-00-5E-00-53-99","#,
            r#""MacPrefix":"02-00-5E","discovererCount":"2","discoverer_aid":["0a1b2c3d4e5f","1b2c3d4e5f60"],"#,
            r#""FirstDiscoveredDate":"1709000000"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.ProcessRollup2",
        &[concat!(
            r#"{"event_simpleName":"ProcessRollup2","name":"ProcessRollup2V19","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","#,
            r#""aip":"198.51.100.2","timestamp":"1709626530250","ComputerName":"laptop-7","ImageFileName":"\\Device\\cmd.exe","#,
            r#""CommandLine":"cmd.exe /c whoami","TargetProcessId":"77309411329","ParentProcessId":"77309411000","#,
            r#""RawProcessId":"4711","MD5HashData":"d41d8cd98f00b204e9800998ecf8427e","#,
            r#""SHA256HashData":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","#,
            r#""ReferrerUrl":"https://downloads.example.com/tool"}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "Crowdstrike.SyntheticProcessRollup2",
        &[concat!(
            r#"{"event_simpleName":"SyntheticProcessRollup2","name":"SyntheticProcessRollup2V9","timestamp":"1709626530000","#,
            r#""aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","ImageFileName":"/usr/sbin/sshd","TargetProcessId":"77309411001","#,
            r#""SyntheticPR2Flags":"8","SHA1HashData":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.Unknown",
        &[concat!(
            r#"{"event_simpleName":"SensorHeartbeat","name":"SensorHeartbeatV4","aid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","#,
            r#""aip":"198.51.100.2","timestamp":"1709626530000","SensorStateBitMap":"0","NetworkContainmentState":"0"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.UserIdentity",
        &[concat!(
            r#"{"event_simpleName":"UserIdentity","name":"UserIdentityV2","timestamp":"1709626531000","#,
            r#""ContextTimeStamp":"1709626530","AuthenticationId":"996","UserPrincipal":"amy@example.com","#,
            r#""UserSid":"S-1-5-21-1","UserName":"amy","LogonType":"2","UserIsAdmin":"1","SessionId":"1"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Crowdstrike.UserInfo",
        &[concat!(
            r#"{"_time":"1709626530","cid":"f9e8d7c6b5a4938271605f4e3d2c1b0a","AccountType":"Domain User","DomainUser":"Yes","#,
            r#""UserName":"amy","UserSid_readable":"S-1-5-21-1","LoggedOnHostCount":"3","UserIsAdmin":"0"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
];
