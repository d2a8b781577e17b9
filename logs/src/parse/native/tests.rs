//! The formats of text, each by lines of its kind.

use super::{NativeRow, Now, Outcome, examples, text_format};
use crate::schema::native;

const NOW: Now = Now { year: 2026, month: 3 };

/// A cell with what the row keeps for it.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Absent,
    Text(String),
    Integer(i64),
    Float(f64),
    Time(i64, u32, i32),
    Texts(Vec<String>),
    Boolean(bool),
    Json(String),
}

/// The cells that a line fills, by name; or why it is refused.
fn read(log_type: &str, line: &str) -> Result<Vec<(&'static str, Cell)>, String> {
    read_after(log_type, &[], line)
}

/// The same after other lines of the stream.
fn read_after(log_type: &str, before: &[&str], line: &str) -> Result<Vec<(&'static str, Cell)>, String> {
    let mut format = text_format(log_type, NOW).expect("a format of text");
    let mut row = NativeRow::new();
    for line in before {
        row = NativeRow::new();
        format.read(line, &mut row).map_err(|mismatch| mismatch.to_string())?;
        row = row.renew();
    }
    let outcome = format.read(line, &mut row).map_err(|mismatch| mismatch.to_string())?;
    if outcome == Outcome::Nothing {
        return Ok(Vec::new());
    }
    let cells = format.fields().iter().copied().zip((0..row.cells().len()).map(|field| owned(&row, field)));
    Ok(cells.filter(|(_, cell)| *cell != Cell::Absent).collect())
}

fn owned(row: &NativeRow<'_>, field: usize) -> Cell {
    match row.cells()[field] {
        super::Cell::Absent => Cell::Absent,
        super::Cell::Text(text) => Cell::Text(text.to_owned()),
        super::Cell::Made(kept) => Cell::Text(row.made(kept).to_owned()),
        super::Cell::Texts(kept) => Cell::Texts(row.texts(kept).iter().map(ToString::to_string).collect()),
        super::Cell::Integer(number) => Cell::Integer(number),
        super::Cell::Float(number) => Cell::Float(number),
        super::Cell::Time(seconds, nanos, offset) => Cell::Time(seconds, nanos, offset),
        super::Cell::Boolean(truth) => Cell::Boolean(truth),
        super::Cell::Json(kept) => Cell::Json(row.made(kept).to_owned()),
    }
}

/// One cell of a line that is accepted.
fn cell(log_type: &str, line: &str, name: &str) -> Cell {
    let cells = read(log_type, line).expect("an event");
    cells.into_iter().find(|(field, _)| *field == name).map_or(Cell::Absent, |(_, cell)| cell)
}

fn text(text: &'static str) -> Cell {
    Cell::Text(text.to_owned())
}

fn texts(texts: &[&'static str]) -> Cell {
    Cell::Texts(texts.iter().map(ToString::to_string).collect())
}

/// The top-level fields that a schema file declares.
fn declared(source: &'static str) -> Vec<&'static str> {
    source.lines().filter_map(|line| line.strip_prefix("  - name: ")).map(|name| name.trim_matches('"')).collect()
}

#[test]
fn rows_have_the_fields_of_their_schema() {
    for built_in in &native::ALL {
        if let Some(format) = text_format(built_in.log_type, NOW) {
            assert_eq!(format.fields(), declared(built_in.source), "{}", built_in.log_type);
        }
    }
}

#[test]
fn every_type_has_an_example() {
    let names: Vec<_> = examples::all().map(|example| example.log_type).collect();
    let types: Vec<_> = native::ALL.iter().map(|built_in| built_in.log_type).collect();
    assert_eq!(names, types);
}

#[test]
fn examples_of_text_are_read_and_those_of_json_are_json() {
    for example in examples::all() {
        let Some(mut format) = text_format(example.log_type, NOW) else {
            example.lines.iter().for_each(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|why| panic!("{line}: {why}"));
            });
            continue;
        };
        let mut events = 0;
        for line in example.lines {
            let mut row = NativeRow::new();
            let outcome =
                format.read(line, &mut row).unwrap_or_else(|why| panic!("{}: {why}: {line}", example.log_type));
            events += usize::from(outcome == Outcome::Event);
        }
        assert_eq!(events, example.events.len(), "{}", example.log_type);
    }
}

#[test]
fn no_format_stumbles_over_the_lines_of_others_or_their_beginnings() {
    let now = NOW;
    for built_in in &native::ALL {
        let Some(mut format) = text_format(built_in.log_type, now) else { continue };
        for line in examples::all().flat_map(|example| example.lines) {
            for end in (0..=line.len()).filter(|end| line.is_char_boundary(*end)) {
                let _outcome = format.read(&line[..end], &mut NativeRow::new());
            }
        }
    }
}

const ALB: &str = concat!(
    r#"h2 2024-03-05T08:15:30.123456Z app/shop/0a1b2c3d4e5f6071 [2001:db8::7]:40112 - -1 -1 -1 502 - 34 366 "#,
    r#""GET https://shop.example.com:443/a b HTTP/2.0" "agent ""x""" - - arn:aws:elasticloadbalancing:x "#,
    r#""Root=1-2" "-" "-" 7 2024-03-05T08:15:30.100000Z "waf,forward" "-" "-" new columns"#
);

#[test]
fn load_balancers_split_requests_and_endpoints() {
    let alb = |name| cell("AWS.ALB", ALB, name);
    assert_eq!([alb("clientIp"), alb("clientPort")], [text("[2001:db8::7]:40112"), Cell::Absent]);
    assert_eq!([alb("targetIp"), alb("targetStatusCode"), alb("domainName")], [const { Cell::Absent }; 3]);
    assert_eq!(alb("requestHttpMethod"), text("GET"));
    assert_eq!(alb("requestUrl"), text("https://shop.example.com:443/a b"));
    assert_eq!(alb("requestHttpVersion"), text("HTTP/2.0"));
    assert_eq!(alb("requestProcessingTime"), Cell::Float(-1.0));
    assert_eq!(alb("elbStatusCode"), Cell::Integer(502));
    assert_eq!(alb("matchedRulePriority"), Cell::Integer(7));
    assert_eq!(alb("actionsExecuted"), texts(&["waf", "forward"]));
    assert_eq!(alb("userAgent"), text(r#"agent "x""#));
    let short = ALB.replace(" HTTP/2.0", "").replace("/a b", "/ab");
    assert!(read("AWS.ALB", &short).is_err(), "a request of two parts");
    assert!(read("AWS.ALB", "{}").is_err());
    assert!(read("AWS.ALB", &ALB.replace("h2 ", "h\"2 ")).is_err(), "a stray quote");
}

#[test]
fn ports_stand_apart_where_there_is_one_colon() {
    let line = ALB.replace("[2001:db8::7]:40112", "192.0.2.7:40112");
    assert_eq!(cell("AWS.ALB", &line, "clientIp"), text("192.0.2.7"));
    assert_eq!(cell("AWS.ALB", &line, "clientPort"), Cell::Integer(40_112));
}

#[test]
fn sql_keeps_its_commas_and_quotes() {
    let line = r#"1700000000123456,db-1,app,10.0.0.5,17,4711,QUERY,shop,'select "a","b" from t, u',1064"#;
    let aurora = |name| cell("AWS.AuroraMySQLAudit", line, name);
    assert_eq!(aurora("timestamp"), Cell::Time(1_700_000_000, 123_456_000, 0));
    assert_eq!(aurora("object"), text(r#"'select "a","b" from t, u'"#));
    assert_eq!(aurora("retCode"), Cell::Integer(1064));
    let nine = "1700000000123456,db-1,app,10.0.0.5,17,0,CONNECT,shop,0";
    assert_eq!(cell("AWS.AuroraMySQLAudit", nine, "object"), Cell::Absent);
    assert_eq!(cell("AWS.AuroraMySQLAudit", nine, "retCode"), Cell::Integer(0));
    assert!(read("AWS.AuroraMySQLAudit", "1700000000123456,db-1,app,10.0.0.5,17,0,CONNECT,shop").is_err());
}

#[test]
fn flow_logs_need_a_header_and_keep_it() {
    let header = "version srcaddr dstaddr start end action log-status colour account-id";
    let flow = "2 10.0.0.1 - 1700000000 1700000060 ACCEPT OK red unknown";
    assert!(read("AWS.VPCFlow", flow).is_err(), "data before a header");
    assert_eq!(read("AWS.VPCFlow", header), Ok(Vec::new()));
    let cells = read_after("AWS.VPCFlow", &[header], flow).expect("an event");
    let names: Vec<_> = cells.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["version", "srcAddr", "start", "end", "action", "status"]);
    assert!(read_after("AWS.VPCFlow", &[header], header).is_err(), "a second header");
    assert!(read("AWS.VPCFlow", "version srcaddr dstaddr start").is_err(), "too few names");
    let far = "99999999999999999";
    assert!(
        read_after("AWS.VPCFlow", &["start end version srcaddr dstaddr"], &format!("{far} 2 2 - -")).is_err(),
        "no year"
    );
}

#[test]
fn a_new_stream_has_a_header_of_its_own() {
    let mut format = text_format("AWS.VPCFlow", NOW).expect("a format");
    let header = "version srcaddr dstaddr start end";
    assert_eq!(format.read(header, &mut NativeRow::new()), Ok(Outcome::Nothing));
    format.reset();
    assert_eq!(format.read(header, &mut NativeRow::new()), Ok(Outcome::Nothing));
}

#[test]
fn access_logs_may_escape_quotes_and_nothing_else() {
    let line = |request: &str| format!(r#"::1  -	"-" [10/Oct/2000:13:55:36 -0700] "{request}" 204 - "#);
    let common = "Apache.AccessCommon";
    assert_eq!(cell(common, &line(r#"GET /\"x\" HTTP/1.1"#), "request_uri"), text(r#"/"x""#));
    assert_eq!(cell(common, &line(" GET  /  HTTP/1.1 "), "request_protocol"), text("HTTP/1.1"));
    assert_eq!(cell(common, &line("GET / HTTP/1.1"), "request_user"), Cell::Absent);
    assert_eq!(cell(common, &line("GET / HTTP/1.1"), "response_size"), Cell::Integer(0));
    for request in ["-", "GET /", "GET /a b HTTP/1.1", r"\x16\x03\x01 / x"] {
        assert!(read(common, &line(request)).is_err(), "{request}");
    }
    assert!(read(common, &format!("{} more", line("GET / HTTP/1.1"))).is_err());
    assert!(read("Apache.AccessCombined", &line("GET / HTTP/1.1")).is_err());
    let combined = format!(r#"{} "-" "curl/8.5""#, line("GET / HTTP/1.1"));
    assert_eq!(cell("Apache.AccessCombined", &combined, "user_agent"), text("curl/8.5"));
    assert_eq!(cell("Apache.AccessCombined", &combined, "referer"), Cell::Absent);
}

#[test]
fn umbrella_lines_grew_by_columns() {
    let ten = r#""2024-03-05 08:15:30","Office","Office,Berlin","10.0.0.5","198.51.100.2","Allowed","1 (A)","NOERROR","a.example.","Chat,News""#;
    let dns = |line: &str, name| cell("CiscoUmbrella.DNS", line, name);
    assert_eq!(dns(ten, "identities"), texts(&["Office", "Berlin"]));
    let eleven = format!(r#"{ten},"Networks""#);
    assert_eq!(dns(&eleven, "policyIdentityType"), Cell::Absent, "between two versions");
    let thirteen = format!(r#"{eleven},"Networks","News""#);
    assert_eq!(dns(&thirteen, "blockedCategories"), texts(&["News"]));
    assert!(read("CiscoUmbrella.IP", ten).is_err());
}

#[test]
fn umbrella_ports_are_numbers_or_else_zero_behind_the_firewall() {
    let ip = r#""2024-03-05 08:15:30","laptop","10.0.0.5","x","203.0.113.9","443","","Roaming""#;
    assert!(read("CiscoUmbrella.IP", ip).is_err());
    let firewall = r#""2024-03-05 08:15:30","1","Office","Network","OUTBOUND","6","60","10.0.0.5","","203.0.113.9","70000","ams1","7","ALLOW""#;
    assert_eq!(cell("CiscoUmbrella.CloudFirewall", firewall, "sourcePort"), Cell::Integer(0));
    assert_eq!(cell("CiscoUmbrella.CloudFirewall", firewall, "destinationPort"), Cell::Integer(0));
}

#[test]
fn lines_without_a_year_belong_to_the_last_one_in_january() {
    let line = "Dec 31 23:59:59 waf [mws-ui] rotated";
    let year = |now| {
        let mut format = text_format("Juniper.MWS", now).expect("a format");
        let mut row = NativeRow::new();
        format.read(line, &mut row).expect("an event");
        owned(&row, 0)
    };
    assert_eq!(year(Now { year: 2026, month: 1 }), Cell::Time(1_767_225_599, 0, 0));
    assert_eq!(year(Now { year: 2026, month: 2 }), Cell::Time(1_798_761_599, 0, 0));
}

#[test]
fn entries_of_the_access_log_may_go_on_for_lines() {
    let entry = "Feb 14 17:36:55 waf [INFO][mws-access][Thread-7] key:k1 , PHASE_REQUEST_PRE_PROCESS , 192.0.2.4 , http://x/?a=1,2";
    assert_eq!(cell("Juniper.Access", entry, "type"), text("REQUEST"));
    assert_eq!(cell("Juniper.Access", entry, "url"), text("http://x/?a=1,2"));
    assert!(read("Juniper.Access", "Host: x").is_err());
    assert_eq!(read_after("Juniper.Access", &[entry], "Host: x"), Ok(Vec::new()));
}

#[test]
fn audits_tell_keys_from_users() {
    let audit = |rest: &str, name| cell("Juniper.Audit", &format!("Feb  7 20:29:51 waf [mws-audit][INFO]{rest}"), name);
    assert_eq!(audit(" [amy] [192.0.2.4] Login", "login_ip"), text("192.0.2.4"));
    assert_eq!(audit("[amy] Changed", "username"), text("amy"));
    assert_eq!(audit(" [0123456789abcdef0123456789abcdef] Off", "api_key"), text("0123456789abcdef0123456789abcdef"));
    assert_eq!(audit(" Started", "message"), text("Started"));
}

#[test]
fn packets_have_flags_and_numbers() {
    let packet = |words: &str| format!("Mar 19 18:49:32 waf kernel: IPTABLES Dropped: {words}");
    let line = packet("IN=eth0 OUT= SRC=192.0.2.4 DPT=443 WINDOW=65535 DF SYN URGP=0");
    assert_eq!(cell("Juniper.Firewall", &line, "SYN"), Cell::Boolean(true));
    assert_eq!(cell("Juniper.Firewall", &line, "WINDOW"), Cell::Integer(65_535));
    assert_eq!(cell("Juniper.Firewall", &line, "event"), text("Dropped"));
    assert!(read("Juniper.Firewall", &packet("DPT=65536")).is_err());
}

#[test]
fn alerts_know_the_keys_of_their_category() {
    let alert = |pairs: &str| format!("Oct 13 16:33:13 waf [WARN][mws-security-alert][engine] MKS_Category={pairs}");
    let incident =
        alert(r#""Security Incident" MKS_Type="Probe" MKS_Severity="3" MKS_url="/\"x\"" MKS_fakeresponse="false""#);
    assert_eq!(cell("Juniper.Security", &incident, "url"), text(r#"/\"x\""#));
    assert_eq!(cell("Juniper.Security", &incident, "severity"), Cell::Integer(3));
    assert_eq!(cell("Juniper.Security", &incident, "fake_response"), Cell::Boolean(false));
    assert!(read("Juniper.Security", &alert(r#""New Profile" MKS_Type="Probe""#)).is_err());
    assert!(read("Juniper.Security", &alert(r#""Other""#)).is_err());
    let open = alert(r#""New Profile" MKS_ProfileId="1" MKS_ProfileName=x MKS_Wrong="y""#);
    assert_eq!(cell("Juniper.Security", &open, "profile_id"), text("1"), "reading ends silently");
    let forever =
        alert(r#""New Counter Response" MKS_ResponseExpires="null" MKS_ResponseCreated="2024-03-05 08:15:30.5""#);
    assert_eq!(cell("Juniper.Security", &forever, "expiration_date"), Cell::Absent);
    assert_eq!(cell("Juniper.Security", &forever, "created_date"), Cell::Time(1_709_626_530, 500_000_000, 0));
}

#[test]
fn services_of_their_own_types_are_no_messages() {
    let line = |rest: &str| format!("Mar 19 19:42:16 waf {rest}");
    assert_eq!(cell("Juniper.MWS", &line("[INFO][db][cleanup]: done"), "service_component"), text("cleanup"));
    assert_eq!(cell("Juniper.MWS", &line("[INFO] done"), "service_name"), text("INFO"));
    assert!(read("Juniper.MWS", &line("[INFO][mws-audit] x")).is_err());
}

#[test]
fn old_syslog_may_have_a_tag() {
    let syslog = |rest: &str, name| cell("Syslog.RFC3164", &format!("<13>Dec  2 16:31:03 host {rest}"), name);
    assert_eq!([syslog("app[123]: up", "appname"), syslog("app[123]: up", "procid")], [text("app"), text("123")]);
    assert_eq!(syslog("app: up", "procid"), Cell::Absent);
    assert_eq!([syslog("app", "message"), syslog("app", "appname")], [text("app"), Cell::Absent]);
    assert_eq!(syslog("10.0.0.1:80 is up", "message"), text("10.0.0.1:80 is up"));
    assert_eq!(syslog("app: up", "facility"), Cell::Integer(1));
    let modern = "<13>2024-03-05T08:15:30.5+01:00 host app: up";
    assert_eq!(cell("Syslog.RFC3164", modern, "timestamp"), text("2024-03-05T08:15:30.5+01:00"));
}

#[test]
fn old_syslog_refuses_what_lacks_its_parts() {
    for line in [
        "<13>hello",
        "Dec  2 16:31:03 host app: up",
        "<192>Dec  2 16:31:03 host app: up",
        "<013>Dec  2 16:31:03 host app: up",
        "<13>Dec 32 16:31:03 host app: up",
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - up",
        "<13>Dec  2 16:31:03 host",
    ] {
        assert!(read("Syslog.RFC3164", line).is_err(), "{line}");
    }
}

#[test]
fn structured_data_becomes_json() {
    let line = r#"<165>1 - - - - - [b@1 z="1" a="q\"\]\n<"][a@1] text"#;
    assert_eq!(
        cell("Syslog.RFC5424", line, "structured_data"),
        Cell::Json(r#"{"a@1":{},"b@1":{"a":"q\"]\\n\u003c","z":"1"}}"#.to_owned())
    );
    assert_eq!(cell("Syslog.RFC5424", "<0>1 - - - - - -", "severity"), Cell::Integer(0));
    for broken in [r#"[a b="c]"#, r#"[a b=c]"#, "[a", r#"[a b="]"]"#, "[a][a]", "[]", ""] {
        assert!(read("Syslog.RFC5424", &format!("<165>1 - - - - - {broken} text")).is_err(), "{broken}");
    }
    assert!(read("Syslog.RFC5424", "<165>1 - - - - -").is_err());
    assert!(read("Syslog.RFC5424", "<165>0 - - - - - -").is_err());
}
