//! Web servers, gateways, sensors and syslog.

use super::{Example, one};

pub(super) const EXAMPLES: &[Example] = &[
    one(
        "Apache.AccessCombined",
        &[
            r#"203.0.113.24 - amy [05/Mar/2024:09:15:30 +0100] "GET /cart?id=7 HTTP/1.1" 200 2326 "https://www.example.com/" "Mozilla/5.0 (X11)""#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Apache.AccessCommon",
        &[r#"client.example.net - - [05/Mar/2024:08:15:30 +0000] "POST /login HTTP/1.1" 302 -"#],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "CiscoUmbrella.CloudFirewall",
        &[
            r#""2024-03-05 08:15:30","211039844","Berlin Office","CDFW Tunnel Device","OUTBOUND","6","60","10.0.1.17","50112","203.0.113.66","443","fra1.edc","12","ALLOW""#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "CiscoUmbrella.DNS",
        &[
            r#""2024-03-05 08:15:30","laptop-7","laptop-7,Berlin Office","10.0.1.17","198.51.100.2","Blocked","1 (A)","NOERROR","bad.example.","Malware,News","Roaming Computers","Roaming Computers,Networks","Malware""#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "CiscoUmbrella.IP",
        &[
            r#""2024-03-05 08:15:30","laptop-7","198.51.100.2","62772","203.0.113.66","22466","Unauthorized IP Tunnel Access","Roaming Computers""#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "CiscoUmbrella.Proxy",
        &[concat!(
            r#""2024-03-05 08:15:30","laptop-7","laptop-7","10.0.1.17","198.51.100.2","203.0.113.66","text/html","BLOCKED","#,
            r#""https://bad.example/x?y=1,2","","Mozilla/5.0","403","562","1489","1480","#,
            r#""9bb6196fc6b84d6f075a56548feca262bd99ba3c2de41b618e5b6e22c1fc71f6","Malware","","","","","","Networks","Malware""#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Fastly.Access",
        &[r#"2001:db8::24 "-" "-" [05/Mar/2024:08:15:30 +0000] "GET /img/logo.svg HTTP/2" 200 5120"#],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Fluentd.Syslog3164",
        &[
            r#"{"pri":38,"host":"web-1","ident":"sshd","pid":"5433","message":"Accepted publickey for amy from 203.0.113.24 port 54717","tag":"syslog.auth.info","time":"2024-03-05 09:15:30 +0100"}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Fluentd.Syslog5424",
        &[
            r#"{"pri":38,"host":"192.0.2.8","ident":"sshd","pid":5433,"msgid":"ID1","extradata":"-","message":"Connection closed","tag":"syslog.auth.info","time":"2024-03-05 08:15:30 +0000"}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    Example {
        log_type: "Juniper.Access",
        lines: &[
            "Mar  5 08:15:30 waf-1 [INFO][mws-access][Thread-49] key:Zx81 , PHASE_REQUEST_PRE_PROCESS , 203.0.113.24 , http://shop.example.com/cart",
            "Host: shop.example.com",
        ],
        events: &["2026-03-05 08:15:30.000000000"],
    },
    one(
        "Juniper.Audit",
        &["Mar  5 08:15:30 waf-1 [mws-audit][INFO] [amy] [203.0.113.24] Login succeeded"],
        &["2026-03-05 08:15:30.000000000"],
    ),
    one(
        "Juniper.Firewall",
        &[
            "Mar  5 08:15:30 waf-1 kernel: IPTABLES Dropped: IN=eth0 OUT= MAC=02:00:5e:00:53:01 SRC=203.0.113.66 DST=10.0.1.2 LEN=40 TOS=0x00 PREC=0x00 TTL=63 ID=51749 DF PROTO=TCP SPT=51093 DPT=5000 WINDOW=64240 RES=0x00 SYN URGP=0",
        ],
        &["2026-03-05 08:15:30.000000000"],
    ),
    one(
        "Juniper.MWS",
        &["Mar  5 08:15:30 waf-1 [INFO][mws-cluster-services][db-cleanup] Removed 12 records"],
        &["2026-03-05 08:15:30.000000000"],
    ),
    one(
        "Juniper.Postgres",
        &[
            "Mar  5 08:15:30 waf-1 postgres[12501]: [48-1] 42703 65e6d432.30d5 ERROR: column total does not exist at character 35",
        ],
        &["2026-03-05 08:15:30.000000000"],
    ),
    one(
        "Juniper.Security",
        &[concat!(
            r#"Mar  5 08:15:30 waf-1 [WARN][mws-security-alert][engine] MKS_Category="Security Incident" MKS_Type="Method Illegal" "#,
            r#"MKS_Severity="2" MKS_ProfileName="Otto 17" MKS_SrcIP="203.0.113.66" MKS_pubkey="k1" MKS_useragent="curl/8.5" "#,
            r#"MKS_url="http://shop.example.com/" MKS_count="1" MKS_fakeresponse="true""#
        )],
        &["2026-03-05 08:15:30.000000000"],
    ),
    one(
        "Nginx.Access",
        &[
            r#"203.0.113.24 - amy [05/Mar/2024:08:15:30 +0000] "GET / HTTP/1.1" 301 193 "https://www.example.com/" "Mozilla/5.0 (X11)""#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "OSSEC.EventInfo",
        &[concat!(
            r#"{"rule":{"level":7,"comment":"Integrity checksum changed.","sidid":550,"group":"ossec,syscheck,"},"#,
            r#""id":"1709626530.1234","TimeStamp":1709626530000,"location":"syscheck","full_log":"Integrity of /etc/hosts changed","#,
            r#""hostname":"web-1","srcip":"203.0.113.24","SyscheckFile":{"path":"/etc/hosts","#,
            r#""md5_before":"d41d8cd98f00b204e9800998ecf8427e","md5_after":"9e107d9d372bb6826bd81d3542a419d6"}}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Osquery.Batch",
        &[concat!(
            r#"{"diffResults":{"added":[{"name":"osqueryd","pid":"97830"}],"removed":[]},"name":"processes","hostname":"web-1","#,
            r#""calendarTime":"Tue Mar 5 08:15:30 2024 UTC","unixTime":"1709626530","epoch":"0","counter":"7"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Osquery.Differential",
        &[concat!(
            r#"{"name":"pack_net_sockets","hostIdentifier":"laptop-7","calendarTime":"Tue Mar 5 08:15:30 2024 UTC","#,
            r#""unixTime":"1709626530","epoch":"0","counter":"62","logNumericsAsNumbers":"false","#,
            r#""decorations":{"host_uuid":"37821E12-CC8A-4AA3-A90C-FAB28A5BF8F9"},"#,
            r#""columns":{"remote_address":"203.0.113.66","remote_port":"443"},"action":"added","log_type":"result"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Osquery.Snapshot",
        &[concat!(
            r#"{"snapshot":[{"path":"/etc/hosts","mode":"0644"}],"action":"snapshot","name":"files","hostIdentifier":"laptop-7","#,
            r#""calendarTime":"Tue Mar 5 08:15:30 2024 UTC","unixTime":1709626530,"epoch":0,"counter":0}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Osquery.Status",
        &[concat!(
            r#"{"hostIdentifier":"laptop-7","calendarTime":"Tue Mar 5 08:15:30 2024 UTC","unixTime":"1709626530","severity":"0","#,
            r#""filename":"scheduler.cpp","line":"83","message":"Executing scheduled query files","version":"5.11.0","#,
            r#""decorations":{"username":"amy"},"log_type":"status"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Suricata.Anomaly",
        &[concat!(
            r#"{"timestamp":"2024-03-05T08:15:30.123456+0000","flow_id":1650515353776555,"event_type":"anomaly","vlan":[10],"#,
            r#""src_ip":"10.0.1.17","src_port":50112,"dest_ip":"203.0.113.66","dest_port":443,"proto":"TCP","#,
            r#""anomaly":{"type":"stream","event":"stream.pkt_invalid_ack","layer":"proto_parser"}}"#
        )],
        &["2024-03-05 08:15:30.123456000"],
    ),
    one(
        "Suricata.DNS",
        &[concat!(
            r#"{"timestamp":"2024-03-05T09:15:30.5+0100","flow_id":16,"event_type":"dns","src_ip":"10.0.1.2","src_port":53,"#,
            r#""dest_ip":"10.0.1.17","dest_port":949,"proto":"UDP","dns":{"version":2,"type":"answer","id":18523,"qr":true,"#,
            r#""rrname":"www.example.com","rrtype":"A","rcode":"NOERROR","#,
            r#""answers":[{"rrname":"www.example.com","rrtype":"A","ttl":60,"rdata":"198.51.100.40"}],"grouped":{"A":["198.51.100.40"]}}}"#
        )],
        &["2024-03-05 08:15:30.500000000"],
    ),
    one(
        "Syslog.RFC3164",
        &["<38>Mar  5 08:15:30 web-1 sshd[5433]: Accepted publickey for amy from 203.0.113.24 port 54717"],
        &["2026-03-05 08:15:30.000000000"],
    ),
    one(
        "Syslog.RFC5424",
        &[
            r#"<165>1 2024-03-05T09:15:30.003+01:00 web-1.example.com shop 8710 ID47 [order@32473 id="7" state="paid"] Paid from 203.0.113.24"#,
        ],
        &["2024-03-05 08:15:30.003000000"],
    ),
    one(
        "Zeek.DNS",
        &[concat!(
            r#"{"ts":1709626530.25,"uid":"CMdzit1AMNsmfAIiQc","id.orig_h":"10.0.1.17","id.orig_p":36844,"id.resp_h":"10.0.1.2","#,
            r#""id.resp_p":53,"proto":"udp","trans_id":19671,"query":"www.example.com","qclass":1,"qclass_name":"C_INTERNET","#,
            r#""qtype":1,"qtype_name":"A","rcode":0,"rcode_name":"NOERROR","AA":false,"TC":false,"RD":true,"RA":true,"Z":0,"#,
            r#""answers":["cdn.example.net","198.51.100.40"],"TTLs":[60.0,20.0],"rejected":false}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
];
