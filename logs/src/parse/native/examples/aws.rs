//! AWS.

use super::{Example, one};

pub(super) const EXAMPLES: &[Example] = &[
    one(
        "AWS.ALB",
        &[concat!(
            r#"https 2024-03-05T08:15:30.186641Z app/shop/0a1b2c3d4e5f6071 203.0.113.24:40112 10.0.1.17:8080 0.001 0.048 0.000 "#,
            r#"200 200 512 2048 "GET https://shop.example.com:443/cart?id=7 HTTP/2.0" "Mozilla/5.0 (X11; Linux x86_64)" "#,
            r#"ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "#,
            r#"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/73e2d6bc24d8a067 "#,
            r#""Root=1-65e6d432-1d84f3d73c47ec4e58577259" "shop.example.com" "#,
            r#""arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" 1 "#,
            r#"2024-03-05T08:15:30.138000Z "waf,forward" "-" "-" "10.0.1.17:8080" "200" "-" "-""#
        )],
        &["2024-03-05 08:15:30.186641000"],
    ),
    one(
        "AWS.AuroraMySQLAudit",
        &[
            "1709626530123456,shop-instance-1,app,10.0.1.17,1142,90210,QUERY,shop,'SELECT id, total FROM orders WHERE id = 7',0",
        ],
        &["2024-03-05 08:15:30.123456000"],
    ),
    Example {
        log_type: "AWS.CloudTrail",
        lines: &[
            concat!(
                r#"{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:amy","#,
                r#""arn":"arn:aws:sts::111122223333:assumed-role/ops/amy","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","#,
                r#""sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","#,
                r#""arn":"arn:aws:iam::111122223333:role/ops","accountId":"111122223333","userName":"ops"},"#,
                r#""attributes":{"creationDate":"2024-03-05T08:00:00Z","mfaAuthenticated":"true"}}},"#,
                r#""eventTime":"2024-03-05T08:15:30Z","eventSource":"ec2.amazonaws.com","eventName":"StopInstances","#,
                r#""awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.24","userAgent":"aws-cli/2.15.0","#,
                r#""requestParameters":{"instancesSet":{"items":[{"instanceId":"i-0a1b2c3d4e5f60718"}]},"force":false},"#,
                r#""responseElements":null,"requestID":"2f1c0a52-7a35-4d5e-9a44-9a5dd1a0f3c1","#,
                r#""eventID":"b7f7ea2c-0c7c-44c1-8d0c-0a0f0d7f4a11","readOnly":false,"eventType":"AwsApiCall","#,
                r#""managementEvent":true,"recipientAccountId":"111122223333"}"#
            ),
            concat!(
                r#"{"Records":[{"eventVersion":"1.08","userIdentity":{"type":"AWSService","invokedBy":"logs.amazonaws.com"},"#,
                r#""eventTime":"2024-03-05T08:16:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","#,
                r#""awsRegion":"eu-west-1","sourceIPAddress":"logs.amazonaws.com","userAgent":"logs.amazonaws.com","#,
                r#""requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/logs"},"#,
                r#""eventID":"0a4d1c6e-55a3-4b5e-8e0b-1f0e9f1a2b3c","eventType":"AwsApiCall"}]}"#
            ),
        ],
        events: &["2024-03-05 08:15:30.000000000", "2024-03-05 08:16:00.000000000"],
    },
    one(
        "AWS.CloudTrailDigest",
        &[concat!(
            r#"{"awsAccountId":"111122223333","digestStartTime":"2024-03-05T07:10:00Z","digestEndTime":"2024-03-05T08:10:00Z","#,
            r#""digestS3Bucket":"trail-example","digestS3Object":"AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/d.json.gz","#,
            r#""newestEventTime":"2024-03-05T08:09:41Z","oldestEventTime":"2024-03-05T07:11:02Z","#,
            r#""previousDigestS3Bucket":"trail-example","previousDigestS3Object":"AWSLogs/111122223333/p.json.gz","#,
            r#""previousDigestHashValue":"9d6f2c14b6a7e1f00c5d4e3b2a19f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7","#,
            r#""previousDigestHashAlgorithm":"SHA-256","digestPublicKeyFingerprint":"31e8b5433410dfb61a9dc45cc65b22ff","#,
            r#""digestSignatureAlgorithm":"SHA256withRSA","logFiles":[{"s3Bucket":"trail-example","s3Object":"AWSLogs/a.json.gz","#,
            r#""hashValue":"9bb6196fc6b84d6f075a56548feca262bd99ba3c2de41b618e5b6e22c1fc71f6","hashAlgorithm":"SHA-256","#,
            r#""newestEventTime":"2024-03-05T08:09:41Z","oldestEventTime":"2024-03-05T07:11:02Z"}]}"#
        )],
        &["2024-03-05 08:10:00.000000000"],
    ),
    one(
        "AWS.CloudTrailInsight",
        &[concat!(
            r#"{"Records":[{"eventVersion":"1.07","eventTime":"2024-03-05T08:15:00Z","awsRegion":"eu-west-1","#,
            r#""eventID":"5ad1f2f4-9c7d-4b0a-8b39-0d8f4f2c7a10","eventType":"AwsCloudTrailInsight","#,
            r#""recipientAccountId":"111122223333","sharedEventID":"8ba7f0c2-1d0b-4a52-9f7b-3a1e7c8d9e0f","#,
            r#""insightDetails":{"state":"Start","eventSource":"iam.amazonaws.com","eventName":"CreateUser","#,
            r#""insightType":"ApiCallRateInsight","insightContext":{"statistics":{"baseline":{"average":0.01},"#,
            r#""insight":{"average":12.5},"insightDuration":3}}},"eventCategory":"Insight"}]}"#
        )],
        &["2024-03-05 08:15:00.000000000"],
    ),
    one(
        "AWS.CloudWatchEvents",
        &[concat!(
            r#"{"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"EC2 Instance State-change Notification","#,
            r#""source":"aws.ec2","account":"111122223333","time":"2024-03-05T08:15:30Z","region":"eu-west-1","#,
            r#""resources":["arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718"],"#,
            r#""detail":{"instance-id":"i-0a1b2c3d4e5f60718","instanceId":"i-0a1b2c3d4e5f60718","state":"stopped"}}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "AWS.GuardDuty",
        &[concat!(
            r#"{"schemaVersion":"2.0","accountId":"111122223333","region":"eu-west-1","partition":"aws","#,
            r#""id":"16afba5c5c43e07c9e3e5e2e544e95df","#,
            r#""arn":"arn:aws:guardduty:eu-west-1:111122223333:detector/d1/finding/16afba5c5c43e07c9e3e5e2e544e95df","#,
            r#""type":"Recon:EC2/PortProbeUnprotectedPort","resource":{"resourceType":"Instance","instanceDetails":{"#,
            r#""instanceId":"i-0a1b2c3d4e5f60718","tags":[{"key":"team","value":"shop"}],"#,
            r#""networkInterfaces":[{"privateIpAddress":"10.0.1.17","publicIp":"198.51.100.40"}]}},"#,
            r#""service":{"serviceName":"guardduty","detectorId":"d1","action":{"actionType":"PORT_PROBE","#,
            r#""portProbeAction":{"portProbeDetails":[{"remoteIpDetails":{"ipAddressV4":"203.0.113.66"}}]}},"#,
            r#""resourceRole":"TARGET","additionalInfo":{"threatName":"Scanner"},"eventFirstSeen":"2024-03-05T08:00:00Z","#,
            r#""eventLastSeen":"2024-03-05T08:10:00Z","archived":false,"count":3},"severity":2,"#,
            r#""createdAt":"2024-03-05T08:12:00.000Z","updatedAt":"2024-03-05T08:15:30.250Z","title":"A port is probed.","#,
            r#""description":"An unprotected port of an instance is being probed."}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
    one(
        "AWS.S3ServerAccess",
        &[concat!(
            "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0 photos-example [05/Mar/2024:08:15:30 +0000] ",
            "203.0.113.24 arn:aws:sts::111122223333:assumed-role/web/i-0a1b2c3d4e5f60718 3E57427F3EXAMPLE REST.GET.OBJECT ",
            r#"2024/03/cat.jpg "GET /photos-example/2024/03/cat.jpg HTTP/1.1" 200 - 55012 55012 31 24 "#,
            r#""https://www.example.com/" "Mozilla/5.0" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6Uk= SigV4 "#,
            "ECDHE-RSA-AES128-GCM-SHA256 AuthHeader photos-example.s3.eu-west-1.amazonaws.com TLSv1.2 - Yes"
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    one(
        "AWS.VPCDns",
        &[concat!(
            r#"{"version":"1.100000","account_id":"111122223333","region":"eu-west-1","vpc_id":"vpc-0a1b2c3d","#,
            r#""query_timestamp":"2024-03-05T08:15:30Z","query_name":"www.example.com.","query_type":"A","query_class":"IN","#,
            r#""rcode":"NOERROR","answers":[{"Rdata":"cdn.example.net.","Type":"CNAME","Class":"IN"},"#,
            r#"{"Rdata":"198.51.100.40","Type":"A","Class":"IN"}],"srcaddr":"10.0.1.17","srcport":"34023","#,
            r#""transport":"UDP","srcids":{"instance":"i-0a1b2c3d4e5f60718"}}"#
        )],
        &["2024-03-05 08:15:30.000000000"],
    ),
    Example {
        log_type: "AWS.VPCFlow",
        lines: &[
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
            "2 111122223333 eni-0a1b2c3d 10.0.1.17 203.0.113.24 8080 40112 6 12 4096 1709626530 1709626590 ACCEPT OK",
            "2 111122223333 eni-0a1b2c3d - - - - - - - 1709626590 1709626650 - NODATA",
        ],
        events: &["2024-03-05 08:15:30.000000000", "2024-03-05 08:16:30.000000000"],
    },
    one(
        "AWS.WAFWebACL",
        &[concat!(
            r#"{"timestamp":1709626530250,"formatVersion":1,"#,
            r#""webaclId":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/f96fe2f4","terminatingRuleId":"no-bots","#,
            r#""terminatingRuleType":"REGULAR","action":"BLOCK","terminatingRuleMatchDetails":[{"conditionType":"XSS","#,
            r#""location":"HEADER","matchedData":["<","script"]}],"httpSourceName":"ALB","httpSourceId":"111122223333-app/shop/0a1b","#,
            r#""ruleGroupList":[],"rateBasedRuleList":[],"nonTerminatingMatchingRules":[{"ruleId":"count","action":"COUNT"}],"#,
            r#""httpRequest":{"clientIp":"203.0.113.24","country":"NL","headers":[{"name":"host","value":"shop.example.com"}],"#,
            r#""uri":"/cart","args":"id=7","httpVersion":"HTTP/2.0","httpMethod":"GET","requestId":"1-65e6d432-1d84f3d7"}}"#
        )],
        &["2024-03-05 08:15:30.250000000"],
    ),
];
