//! Indicators: which search column a value feeds, and by which scanner.

/// A scanner that a schema names for a string: it decides whether a value is an indicator, and of which columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Indicator {
    /// An IPv4 or IPv6 address.
    Ip,
    /// A domain name; its syntax is not checked.
    Domain,
    /// An address or a domain name.
    Hostname,
    /// The host of a URL.
    Url,
    /// `host:port`, or a host alone.
    NetAddr,
    /// 32 hexadecimal digits.
    Md5,
    /// 40 hexadecimal digits.
    Sha1,
    /// 64 hexadecimal digits.
    Sha256,
    /// An ARN, and the account and instance that it names.
    AwsArn,
    /// An ARN alone.
    AwsArnOnly,
    /// Twelve digits.
    AwsAccountId,
    /// `i-` and more.
    AwsInstanceId,
    /// Any text.
    AwsTag,
    /// Text with an `@`.
    Email,
    /// Any text.
    Username,
    /// Any text.
    TraceId,
    /// Any text: who did it, whatever kind of name that is.
    ActorId,
    /// A hardware address.
    Mac,
    /// Any text.
    SerialNumber,
}

impl Indicator {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 19] = [
        Self::Ip,
        Self::Domain,
        Self::Hostname,
        Self::Url,
        Self::NetAddr,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::AwsArn,
        Self::AwsArnOnly,
        Self::AwsAccountId,
        Self::AwsInstanceId,
        Self::AwsTag,
        Self::Email,
        Self::Username,
        Self::TraceId,
        Self::ActorId,
        Self::Mac,
        Self::SerialNumber,
    ];

    /// The name in a schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Domain => "domain",
            Self::Hostname => "hostname",
            Self::Url => "url",
            Self::NetAddr => "net_addr",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::AwsArn => "aws_arn",
            Self::AwsArnOnly => "aws_arn_only",
            Self::AwsAccountId => "aws_account_id",
            Self::AwsInstanceId => "aws_instance_id",
            Self::AwsTag => "aws_tag",
            Self::Email => "email",
            Self::Username => "username",
            Self::TraceId => "trace_id",
            Self::ActorId => "actor_id",
            Self::Mac => "mac",
            Self::SerialNumber => "serial_number",
        }
    }

    /// The indicator of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|indicator| indicator.name() == name)
    }
}
