//! The log types that are written by templates: formats of text, and the types whose form the original generator fixed.
//!
//! Several templates for one type are the kinds of row that it has; each row is one of them.

/// Lines with which each file of a type begins.
pub(super) fn header(log_type: &str) -> &'static str {
    match log_type {
        "AWS.VPCFlow" => concat!(
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action ",
            "log-status\n"
        ),
        _ => "",
    }
}

/// The templates of a type; `None` for types that are generated from their schema.
pub(super) fn rows(log_type: &str) -> Option<Vec<String>> {
    if log_type == "Gravitational.TeleportAudit" {
        return Some(TELEPORT.iter().map(teleport).collect());
    }
    let found = TABLE.iter().find(|(name, _)| *name == log_type)?;
    Some(found.1.iter().map(|template| (*template).to_owned()).collect())
}

/// The types of the table.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name).chain(["Gravitational.TeleportAudit"])
}

/// One event of CloudTrail as the original wrote it: fields that it did not set are null.
const CLOUDTRAIL: &str = concat!(
    r#"{"additionalEventData":${texts:5},"apiVersion":"${any:2012-10-17|2014-11-06|2016-11-15}","awsRegion":"${region}","#,
    r#""errorCode":null,"errorMessage":null,"eventID":"${uuid}","#,
    r#""eventName":"${any:GetObject|PutObject|AssumeRole|DescribeInstances|RunInstances|ListBuckets|ConsoleLogin|CreateUser}","#,
    r#""eventSource":"${any:dynamodb|firehose|redshift|workmail|workdocs|cloudhsm|transfer|codestar}.amazonaws.com","#,
    r#""eventTime":"${time:2006-01-02T15:04:05Z}","eventType":"${any:AwsApiCall|AwsServiceEvent|AwsConsoleSignIn}","#,
    r#""eventVersion":"${any:1.05|1.08}","managementEvent":null,"readOnly":${any:true|false},"#,
    r#""recipientAccountId":"${account}","requestID":"${uuid}","requestParameters":${texts:10},"#,
    r#""resources":[{"arn":"arn:aws:${any:dynamodb|firehose|redshift|cloudhsm}:us-east-1:${account}:${alnum:15}","accountId":"${account}","type":"AWS::S3::Bucket"},"#,
    r#"{"arn":"arn:aws:${any:dynamodb|firehose|redshift|cloudhsm}:us-east-1:${account}:${alnum:15}","accountId":"${account}","type":"AWS::S3::Object"}],"responseElements":${texts:15},"#,
    r#""serviceEventDetails":${texts:5},"sharedEventID":null,"sourceIPAddress":"${ip}","userAgent":"${agent}","#,
    r#""userIdentity":{"type":"${any:AWSService|AssumedRole}","principalId":"AIDA${token16}","arn":"${arn}","#,
    r#""accountId":"${account}","accessKeyId":null,"userName":"${user}","sessionContext":null,"invokedBy":null,"#,
    r#""identityProvider":null},"vpcEndpointId":"vpce-${hex:8}"}"#
);

/// A line of S3 as the original wrote it: each column has its number of letters, and the day no zero before it.
const S3_ACCESS: &str = concat!(
    "${owner} ${token64} [${time:2/Jan/2006:15:04:05 -0700}] ${ip} ${requester} ${alnum:64} ${token16} ${token64} ",
    "${token64} 200 ${token8} ${number:0..9999} ${number:0..9999} ${number:0..9999} ${number:0..9999} ${token64} ",
    "${token64} ${token8} ${token64} ${token8} ${token16} ${token64} ${token32} ${any:TLSv1|TLSv1.1|TLSv1.2|NULL}"
);

/// An event of Teleport: its name, its code, what only events of this kind have.
type Teleport = (&'static str, &'static str, &'static str);

const SUCCESS: &str = r#""success":${any:true|false},"error":"${phrase}""#;
const COMMAND: &str = r#""command":"${command}","exitCode":${number:0..2},"exitError":"${phrase}""#;
const PROCESS: &str = concat!(
    r#""pid":${number:2..32768},"ppid":${number:1..32768},"cgroup_id":${number:1..4294967295},"#,
    r#""return_code":${number:0..2},"program":"${word}","argv":["-${lower:1}","${file}"]"#
);
const TRANSFER: &str = r#""path":"${file}","len":${number:0..1048576},"action":"${any:upload|download}""#;
const METHOD: &str = r#""method":"${any:local|github|saml}""#;
const ACCESS: &str = concat!(
    r#""roles":["access","${any:admin|dev|auditor}"],"connector":"${any:local|github}","#,
    r#""expires":"${later:43200:2006-01-02T15:04:05Z}","name":"${word}""#
);

const TELEPORT: [Teleport; 17] = [
    ("auth", "T3007W", SUCCESS),
    ("exec", "T3002I", COMMAND),
    ("scp", "T3004I", TRANSFER),
    ("session.start", "T2000I", ""),
    ("session.end", "T2004I", ""),
    ("session.join", "T2001I", ""),
    ("session.leave", "T2003I", ""),
    ("session.disk", "T4001I", PROCESS),
    ("session.network", "T4002I", PROCESS),
    ("session.data", "T2006I", ""),
    ("session.command", "T4000I", PROCESS),
    ("resize", "T2002I", ""),
    ("user.create", "T1002I", ACCESS),
    ("user.login", "T1000I", METHOD),
    ("user.update", "T1003I", ACCESS),
    ("github.create", "T8000I", ACCESS),
    ("user.login", "T1000W", SUCCESS),
];

fn teleport((event, code, own): &Teleport) -> String {
    let comma = if own.is_empty() { "" } else { "," };
    format!(
        concat!(
            r#"{{"event":"{}","code":"{}","time":"${{rfc3339}}","uid":"${{uuid}}","user":"${{user}}","#,
            r#""namespace":"default","server_id":"${{uuid}}","sid":"${{uuid}}","ei":${{number:0..100}},"login":"${{user}}","#,
            r#""addr.local":"${{lan}}:3022","addr.remote":"${{ip}}:${{port}}","size":"${{number:80..200}}:${{number:24..80}}""#,
            r#"{}{},"tx":${{number:0..1000000}},"rx":${{number:0..1000000}},"server_hostname":"${{host}}","#,
            r#""server_addr":"${{lan}}:3022","session_start":"${{rfc3339}}","#,
            r#""session_stop":"${{later:1:2006-01-02T15:04:05.999999999Z}}","interactive":${{any:true|false}},"#,
            r#""enhanced_recording":${{any:true|false}},"participants":["${{user}}","${{word}}","${{word}}"],"#,
            r#""dst_addr":"${{ip}}","src_addr":"${{lan}}","dst_port":${{number:1..65535}},"version":${{number:1..4}}}}"#
        ),
        event, code, comma, own
    )
}

/// `host identity user [time] "request" status size`, which many formats begin with.
macro_rules! common_log {
    ($identity:literal, $user:literal, $more:literal) => {
        concat!(
            "${ip} ",
            $identity,
            " ",
            $user,
            " [${time:02/Jan/2006:15:04:05 -0700}] ",
            "\"${any:GET|GET|GET|POST|PUT|DELETE} ${path} HTTP/1.1\" ",
            "${any:200|200|200|301|304|403|404|500} ${number:0..262144}",
            $more
        )
    };
}

/// The start of the lines of Juniper's web application firewall.
macro_rules! juniper {
    ($($rest:expr),+) => {
        concat!("${time:Jan _2 15:04:05} waf-${number:1..4} ", $($rest),+)
    };
}

const TABLE: [(&str, &[&str]); 21] = [
    ("AWS.CloudTrail", &[CLOUDTRAIL]),
    ("AWS.S3ServerAccess", &[S3_ACCESS]),
    (
        "AWS.ALB",
        &[concat!(
            "${any:https|http|h2} ${time:2006-01-02T15:04:05.000000Z} app/${word}/${hex:16} ${ip}:${port} ${lan}:8080 ",
            "0.00${number:0..9} ${decimal:0..3} 0.00${number:0..9} ${any:200|200|200|302|404|502} ${any:200|200|404} ",
            "${number:50..4096} ${number:200..262144} \"${any:GET|GET|POST} ${url} HTTP/1.1\" \"${agent}\" ",
            "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ",
            "arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${word}/${hex:16} ",
            "\"Root=1-${hex:8}-${hex:24}\" \"${domain}\" \"arn:aws:acm:${region}:${account}:certificate/${uuid}\" ",
            "${number:1..20} ${time:2006-01-02T15:04:05.000000Z} \"forward\" \"-\" \"-\""
        )],
    ),
    (
        "AWS.AuroraMySQLAudit",
        &[
            concat!(
                "${micros},${host},${user},${lan},${number:1..99999},${number:1..999999},QUERY,${word},",
                "'SELECT ${word}, ${word} FROM ${word} WHERE id = ${number:1..99999}',0"
            ),
            "${micros},${host},${user},${lan},${number:1..99999},0,CONNECT,${word},,0",
            "${micros},${host},${user},${lan},${number:1..99999},${number:1..999999},${any:READ|WRITE},${word},${word},0",
        ],
    ),
    (
        "AWS.VPCFlow",
        &[concat!(
            "2 ${account} eni-${hex:17} ${lan} ${ip} ${port} ${any:22|53|80|443|443|443|3306} ${any:6|6|6|17} ",
            "${number:1..200} ${number:40..262144} ${unix} ${unix:60} ${any:ACCEPT|ACCEPT|ACCEPT|REJECT} OK"
        )],
    ),
    ("Apache.AccessCommon", &[common_log!("-", "-", ""), common_log!("-", "${user}", "")]),
    (
        "Apache.AccessCombined",
        &[common_log!("-", "-", " \"${url}\" \"${agent}\""), common_log!("-", "${user}", " \"${url}\" \"${agent}\"")],
    ),
    ("Fastly.Access", &[common_log!("\"-\"", "\"-\"", "")]),
    ("Nginx.Access", &[common_log!("-", "-", " \"${url}\" \"${agent}\"")]),
    (
        "CiscoUmbrella.DNS",
        &[concat!(
            "\"${time:2006-01-02 15:04:05}\",\"${host}\",\"${host},${city} Office\",\"${lan}\",\"${ip}\",",
            "\"${any:Allowed|Allowed|Blocked}\",\"${any:1 (A)|28 (AAAA)|15 (MX)}\",\"${any:NOERROR|NOERROR|NXDOMAIN}\",",
            "\"${domain}.\",\"${any:Malware|News|Search Engines|Business Services}\",\"Roaming Computers\",",
            "\"Roaming Computers,Networks\",\"${any:|Malware}\""
        )],
    ),
    (
        "CiscoUmbrella.IP",
        &[concat!(
            "\"${time:2006-01-02 15:04:05}\",\"${host}\",\"${lan}\",\"${port}\",\"${ip}\",\"${any:22|80|443|8443}\",",
            "\"Unauthorized IP Tunnel Access\",\"Roaming Computers\""
        )],
    ),
    (
        "CiscoUmbrella.CloudFirewall",
        &[concat!(
            "\"${time:2006-01-02 15:04:05}\",\"${digits:9}\",\"${city} Office\",\"CDFW Tunnel Device\",\"OUTBOUND\",",
            "\"${any:1|6|17}\",\"${number:40..1500}\",\"${lan}\",\"${port}\",\"${ip}\",\"${any:53|80|443}\",",
            "\"fra1.edc\",\"${number:1..40}\",\"${any:ALLOW|ALLOW|BLOCK}\""
        )],
    ),
    (
        "CiscoUmbrella.Proxy",
        &[concat!(
            "\"${time:2006-01-02 15:04:05}\",\"${host}\",\"${host}\",\"${lan}\",\"${ip}\",\"${ip}\",\"text/html\",",
            "\"${any:ALLOWED|BLOCKED}\",\"${url}\",\"\",\"${agent}\",\"${any:200|302|403}\",\"${number:100..4000}\",",
            "\"${number:100..90000}\",\"${number:100..90000}\",\"${sha256}\",\"${any:Malware|News}\",\"\",\"\",\"\",\"\",",
            "\"\",\"Networks\",\"${any:|Malware}\""
        )],
    ),
    (
        "Juniper.Access",
        &[juniper!(
            "[INFO][mws-access][Thread-${number:1..64}] key:${alnum:4} , ",
            "PHASE_${any:REQUEST|RESPONSE}_${any:PRE|POST}_PROCESS , ${ip} , ${url}"
        )],
    ),
    ("Juniper.Audit", &[juniper!("[mws-audit][${any:INFO|WARN}] [${user}] [${ip}] Login ${any:succeeded|failed}")]),
    (
        "Juniper.Firewall",
        &[juniper!(
            "kernel: IPTABLES ${any:Dropped|Accepted}: IN=eth0 OUT= MAC=${mac} SRC=${ip} DST=${lan} ",
            "LEN=${number:40..1500} TOS=0x00 PREC=0x00 TTL=${number:32..128} ID=${number:1..65535} DF PROTO=TCP ",
            "SPT=${port} DPT=${any:22|80|443|5000} WINDOW=64240 RES=0x00 SYN URGP=0"
        )],
    ),
    ("Juniper.MWS", &[juniper!("[INFO][mws-cluster-services][db-${word}] ${phrase}")]),
    (
        "Juniper.Postgres",
        &[juniper!(
            "postgres[${number:100..32768}]: [${number:1..900}-1] 42703 ${hex:8}.${hex:4} ${any:ERROR|LOG|WARNING}: ",
            "${phrase}"
        )],
    ),
    (
        "Juniper.Security",
        &[juniper!(
            "[WARN][mws-security-alert][engine] MKS_Category=\"Security Incident\" MKS_Type=\"Method Illegal\" ",
            "MKS_Severity=\"${number:0..4}\" MKS_ProfileName=\"${person}\" MKS_SrcIP=\"${ip}\" MKS_pubkey=\"${alnum:8}\" ",
            "MKS_useragent=\"${agent}\" MKS_url=\"${url}\" MKS_count=\"${number:1..90}\" ",
            "MKS_fakeresponse=\"${any:true|false}\""
        )],
    ),
    (
        "Syslog.RFC3164",
        &[
            concat!(
                "<38>${time:Jan _2 15:04:05} ${host} sshd[${number:100..32768}]: Accepted publickey for ${user} ",
                "from ${ip} port ${port}"
            ),
            "<${any:13|30|86|165}>${time:Jan _2 15:04:05} ${host} ${word}[${number:100..32768}]: ${phrase}",
        ],
    ),
    (
        "Syslog.RFC5424",
        &[concat!(
            "<${any:13|30|86|165}>1 ${time:2006-01-02T15:04:05.000Z07:00} ${host}.example.com ${word} ",
            "${number:100..32768} ID${number:1..99} [request@32473 id=\"${number:1..99999}\" user=\"${user}\"] ",
            "${phrase} from ${ip}"
        )],
    ),
];
