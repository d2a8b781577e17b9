//! Services of others: identity, files, chat, code, edges of the web.

use super::{Example, one};

pub(super) const EXAMPLES: &[Example] = &[
    one(
        "Box.Event",
        &[concat!(
            r#"{"type":"event","event_id":"f82c3ba03e41f7e8a7608363cc6c0390","event_type":"DOWNLOAD","#,
            r#""created_at":"2024-03-05T00:15:30-08:00","created_by":{"type":"user","id":"11446498","name":"Amy","login":"amy@example.com"},"#,
            r#""source":{"item_type":"file","item_id":"11111","item_name":"plan.pdf","parent":{"type":"folder","id":"0","name":"All Files"}},"#,
            r#""session_id":"7pqy8s9k","ip_address":"203.0.113.24","additional_details":{"size":42}}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Cloudflare.Firewall",
        &[concat!(
            r#"{"Action":"block","ClientASN":64500,"ClientCountry":"nl","ClientIP":"203.0.113.66","ClientRequestHost":"shop.example.com","#,
            r#""ClientRequestMethod":"GET","ClientRequestPath":"/.env","Datetime":"2024-03-05T08:15:30Z","EdgeResponseStatus":403,"#,
            r#""Metadata":{"filter":"f1","type":"customer"},"RayID":"85f8d6f1cd2a0b1c","OriginatorRayID":"00","RuleID":"r1","Source":"waf"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Cloudflare.HttpRequest",
        &[concat!(
            r#"{"ClientIP":"203.0.113.24","ClientRequestHost":"shop.example.com","ClientRequestURI":"/cart","ClientSrcPort":50112,"#,
            r#""EdgeStartTimestamp":1709626530250000000,"EdgeEndTimestamp":1709626530300000000,"EdgeResponseStatus":200,"#,
            r#""EdgeResponseCompressionRatio":2.5,"OriginIP":"198.51.100.40","RayID":"85f8d6f1cd2a0b1d","WorkerSubrequest":false,"#,
            r#""OriginResponseHTTPExpires":"Tue, 05 Mar 2024 09:00:00 GMT","ZoneID":7}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "Cloudflare.Spectrum",
        &[
            r#"{"Application":"a1","ClientIP":"203.0.113.24","ClientPort":50112,"Event":"connect","OriginIP":"198.51.100.40","OriginPort":22,"Status":0,"Timestamp":1709626530}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Duo.Administrator",
        &[
            r#"{"action":"user_update","description":"{\"phones\": \"\"}","isotimestamp":"2024-03-05T08:15:30+00:00","object":"amy","timestamp":1709626530,"username":"bob"}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Duo.Authentication",
        &[concat!(
            r#"{"access_device":{"browser":"Firefox","hostname":"laptop-7","ip":"203.0.113.24","location":{"city":"Berlin","#,
            r#""country":"Germany","state":"Berlin"},"os":"Linux","security_agents":[]},"application":{"key":"DIY1","name":"VPN"},"#,
            r#""auth_device":{"ip":"198.51.100.9","name":"+49 30 1234"},"email":"amy@example.com","event_type":"authentication","#,
            r#""factor":"duo_push","isotimestamp":"2024-03-05T08:15:30.250000+00:00","reason":"user_approved","result":"success","#,
            r#""timestamp":1709626530,"txid":"340a23e3-23f3-4a12-9d34-0a1b2c3d4e5f","user":{"groups":["ops"],"key":"DU1","name":"amy"}}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "Duo.OfflineEnrollment",
        &[
            r#"{"action":"o2fa_user_provisioned","description":"{}","isotimestamp":"2024-03-05T08:15:30+00:00","object":"laptop-7","timestamp":1709626530,"username":"amy"}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Duo.Telephony",
        &[
            r#"{"context":"enrollment","credits":1,"isotimestamp":"2024-03-05T08:15:30+00:00","phone":"+49301234","timestamp":1709626530,"type":"sms"}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "GCP.AuditLog",
        &[concat!(
            r#"{"insertId":"nbhw56e2lqay","logName":"projects/shop-1/logs/cloudaudit.googleapis.com%2Factivity","severity":"NOTICE","#,
            r#""resource":{"type":"gce_instance","labels":{"zone":"europe-west1-b","project_id":"shop-1"}},"#,
            r#""timestamp":"2024-03-05T08:15:30.25Z","receiveTimestamp":"2024-03-05T08:15:31Z","protoPayload":{"#,
            r#""@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"compute.googleapis.com","#,
            r#""methodName":"v1.compute.instances.stop","resourceName":"projects/shop-1/zones/europe-west1-b/instances/web-1","#,
            r#""authenticationInfo":{"principalEmail":"amy@example.com"},"requestMetadata":{"callerIp":"203.0.113.24"},"#,
            r#""authorizationInfo":[{"granted":true,"permission":"compute.instances.stop","resourceAttributes":{}}],"#,
            r#""request":{"@type":"type.googleapis.com/compute.instances.stop"}}}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "GSuite.Reports",
        &[concat!(
            r#"{"kind":"admin#reports#activity","id":{"time":"2024-03-05T08:15:30.905Z","uniqueQualifier":"-342715457751","#,
            r#""applicationName":"login","customerId":"C01abc"},"actor":{"email":"amy@example.com","profileId":"1082"},"#,
            r#""ownerDomain":"example.com","ipAddress":"2001:db8::24","events":[{"type":"login","name":"login_success","#,
            r#""parameters":[{"name":"login_type","value":"saml"},{"name":"is_suspicious","boolValue":false}]}]}"#
        )],
        &["2024-03-05 08:15:30.905000000"],
    ),
    one(
        "GitLab.API",
        &[concat!(
            r#"{"time":"2024-03-05T08:15:30.250Z","severity":"INFO","duration_s":0.0336,"db_duration_s":0.00593,"view_duration_s":0.02767,"#,
            r#""status":200,"method":"POST","path":"/api/v4/internal/allowed","params":[{"key":"action","value":"git-receive-pack"}],"#,
            r#""host":"gitlab.example.com","remote_ip":"203.0.113.24","ua":"Go-http-client/1.1","route":"/api/:version/internal/allowed","#,
            r#""correlation_id":"3c77a370","meta.user":"amy"}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "GitLab.Audit",
        &[concat!(
            r#"{"severity":"INFO","time":"2024-03-05T08:15:30.250Z","author_id":3,"entity_id":51,"entity_type":"Project","#,
            r#""change":"visibility","from":"Private","to":"Public","author_name":"amy","target_id":51,"target_type":"Project","#,
            r#""target_details":"shop"}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "GitLab.Exceptions",
        &[concat!(
            r#"{"severity":"ERROR","time":"2024-03-05T08:15:30.250Z","correlation_id":"K1Yy4e3z9f9","#,
            r#""extra.server":{"os":{"name":"Linux","version":"5.15"},"runtime":{"name":"ruby","version":"3.1"}},"extra.project_id":55,"#,
            r#""exception.class":"NoMethodError","exception.message":"undefined method","exception.backtrace":["a.rb:1","b.rb:2"]}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "GitLab.Git",
        &[
            r#"{"severity":"ERROR","time":"2024-03-05T08:15:30.250Z","correlation_id":"K1Yy4e3z9f9","message":"fatal: Could not read from remote repository"}"#,
        ],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "GitLab.Integrations",
        &[concat!(
            r#"{"severity":"ERROR","time":"2024-03-05T08:15:30.250Z","service_class":"JiraService","project_id":8,"#,
            r#""project_path":"shop/web","message":"Error sending message","client_url":"https://jira.example.com:8443/rest","error":"timeout"}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "GitLab.Production",
        &[concat!(
            r#"{"method":"GET","path":"/shop/web/-/issues","format":"html","controller":"Projects::IssuesController","action":"index","#,
            r#""status":200,"time":"2024-03-05T08:15:30.250Z","params":[{"key":"namespace_id","value":"shop"}],"remote_ip":"203.0.113.24","#,
            r#""user_id":2,"username":"amy","ua":"Mozilla/5.0","correlation_id":"Fev2Fk8TyR1","db_duration_s":0.002,"duration_s":0.024}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "Gravitational.TeleportAudit",
        &[concat!(
            r#"{"event":"session.start","code":"T2000I","time":"2024-03-05T08:15:30.821Z","uid":"34bb01d5-8cef-4925-875a-783b2dbee3b6","#,
            r#""user":"amy","login":"root","namespace":"default","sid":"e527ab2a-d882-11ea-9f82-0a588c28e4c2","ei":0,"#,
            r#""addr.local":"10.0.1.17:3022","addr.remote":"203.0.113.24:63558","server_hostname":"web-1","#,
            r#""server_labels":{"env":"prod"},"size":"80:25"}"#
        )],
        &["2024-03-05 08:15:30.821000000"],
    ),
    one(
        "Lacework.Events",
        &[concat!(
            r#"{"EVENT_CATEGORY":"Aws","EVENT_DETAILS":{"data":[{"START_TIME":"2024-03-05T08:00:00Z","END_TIME":"2024-03-05T09:00:00Z","#,
            r#""EVENT_TYPE":"NewUser","EVENT_ID":"1","EVENT_ACTOR":"Aws","EVENT_MODEL":"AwsApiTracker","#,
            r#""ENTITY_MAP":{"CT_User":[{"USERNAME":"amy","ACCOUNT_ID":"111122223333","MFA":0}],"#,
            r#""SourceIpAddress":[{"IP_ADDRESS":"203.0.113.24","COUNTRY":"Germany","REGION":"Berlin"}]}}]},"SEVERITY":3,"#,
            r#""START_TIME":"05 Mar 2024 08:15 GMT","SUMMARY":"A new user was seen","EVENT_TYPE":"NewUser","EVENT_NAME":"New user","#,
            r#""LINK":"https://example.lacework.net/ui/1","EVENT_ID":1,"ACCOUNT":"EXAMPLE","SOURCE":"CloudTrail"}"#
        )],
        &["2024-03-05 08:15:00.000000000"],
    ),
    one(
        "Okta.SystemLog",
        &[concat!(
            r#"{"uuid":"dc9fd3c0-598c-11ef-8478-2b7584bf8d5a","published":"2024-03-05T08:15:30.567Z","eventType":"user.session.start","#,
            r#""version":"0","severity":"INFO","displayMessage":"User login to Okta","actor":{"id":"00uttidj01jqL21aM1d6","type":"User","#,
            r#""alternateId":"amy@example.com","displayName":"Amy"},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0","os":"Linux"},"#,
            r#""geographicalContext":{"city":"Berlin","geolocation":{"lat":52.5,"lon":13.4}},"zone":"null","device":"Computer","#,
            r#""ipAddress":"203.0.113.24"},"request":{"ipChain":[{"ip":"203.0.113.24","version":"V4"}]},"outcome":{"result":"SUCCESS"},"#,
            r#""target":[{"id":"00u1","type":"User"}],"transaction":{"id":"t1","type":"WEB","detail":{}},"#,
            r#""debugContext":{"debugData":{"requestUri":"/login"}},"authenticationContext":{"authenticationStep":0},"#,
            r#""securityContext":{"asNumber":64500,"domain":"isp.example","isProxy":false}}"#
        )],
        &["2024-03-05 08:15:30.567000000"],
    ),
    one(
        "OneLogin.Events",
        &[concat!(
            r#"{"uuid":"6ce16f26-b25d-4070-9a30-4f259675a745","account_id":142999,"event_timestamp":"2024-03-05 08:15:30 UTC","#,
            r#""event_type_id":5,"user_id":50361999,"user_name":"Amy","actor_user_name":"Bob","ipaddr":"203.0.113.24"}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Slack.AccessLogs",
        &[
            r#"{"user_id":"U12345","username":"amy","date_first":1709000000,"date_last":1709626530,"count":7,"ip":"203.0.113.24","user_agent":"Slack/4","isp":"ISP","country":"DE","region":"BE"}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Slack.AuditLogs",
        &[concat!(
            r#"{"id":"0123a45b-6c7d-8900-e12f-3456789gh0i1","date_create":1709626530,"action":"user_login","actor":{"type":"user","#,
            r#""user":{"id":"W123AB456","name":"Amy","email":"amy@example.com","team":"T1"}},"entity":{"type":"user","#,
            r#""user":{"id":"W123AB456","name":"Amy","email":"amy@example.com"}},"context":{"location":{"type":"enterprise","id":"E1701NCCA","#,
            r#""name":"Example","domain":"example"},"ua":"Mozilla/5.0","ip_address":"203.0.113.24"}}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Slack.IntegrationLogs",
        &[
            r#"{"user_id":"U12345","user_name":"amy","service_id":"1234567890","service_type":"RSS","date":"1709626530","change_type":"added","scope":"incoming-webhook","channel":"C1","rss_feed":true}"#,
        ],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "Sophos.Central",
        &[concat!(
            r#"{"endpoint_id":"2019e526-65db-4d53-b16b-9a908c37d3ca","endpoint_type":"computer","customer_id":"70511420","severity":"low","#,
            r#""source_info":{"ip":"10.0.1.17"},"name":"Blocked","id":"c34081fe-0db1-4ed9-805b-5530a04be09e","#,
            r#""type":"Event::Endpoint::Threat::Blocked","group":"MALWARE","end":"2024-03-05T08:15:30.250Z","rt":"2024-03-05T08:15:31Z","#,
            r#""dhost":"laptop-7","suser":"EXAMPLE\\amy","appSha256":"9bb6196fc6b84d6f075a56548feca262bd99ba3c2de41b618e5b6e22c1fc71f6","#,
            r#""core_remedy_items":{"items":[{"type":"file","result":"SUCCESS"}],"totalItems":1}}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
];
