//! The search columns.

/// A column that holds the indicators of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Column {
    /// Addresses, as they were written.
    IpAddresses,
    /// Names of hosts and domains.
    DomainNames,
    /// Hashes of 32 digits, lower case.
    Md5Hashes,
    /// Hashes of 40 digits, lower case.
    Sha1Hashes,
    /// Hashes of 64 digits, lower case.
    Sha256Hashes,
    /// What joins the events of one request or session.
    TraceIds,
    /// Accounts of AWS.
    AwsAccountIds,
    /// Instances of EC2.
    AwsInstanceIds,
    /// Names of resources of AWS.
    AwsArns,
    /// Tags of resources of AWS, `key:value`.
    AwsTags,
    /// E-mail addresses.
    Emails,
    /// Names of users.
    Usernames,
    /// Who did it, by any kind of name.
    ActorIds,
    /// Hardware addresses.
    MacAddresses,
    /// Serial numbers.
    SerialNumbers,
}

impl Column {
    /// All columns, in the order in which they stand in an event.
    pub const ALL: [Self; 15] = [
        Self::IpAddresses,
        Self::DomainNames,
        Self::Md5Hashes,
        Self::Sha1Hashes,
        Self::Sha256Hashes,
        Self::TraceIds,
        Self::AwsAccountIds,
        Self::AwsInstanceIds,
        Self::AwsArns,
        Self::AwsTags,
        Self::Emails,
        Self::Usernames,
        Self::ActorIds,
        Self::MacAddresses,
        Self::SerialNumbers,
    ];

    /// The columns of older built-in types, in their order.
    pub const OLDER: [Self; 9] = [
        Self::IpAddresses,
        Self::DomainNames,
        Self::Sha1Hashes,
        Self::Md5Hashes,
        Self::Sha256Hashes,
        Self::AwsAccountIds,
        Self::AwsInstanceIds,
        Self::AwsArns,
        Self::AwsTags,
    ];

    /// The name in an event and in a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IpAddresses => "p_any_ip_addresses",
            Self::DomainNames => "p_any_domain_names",
            Self::Md5Hashes => "p_any_md5_hashes",
            Self::Sha1Hashes => "p_any_sha1_hashes",
            Self::Sha256Hashes => "p_any_sha256_hashes",
            Self::TraceIds => "p_any_trace_ids",
            Self::AwsAccountIds => "p_any_aws_account_ids",
            Self::AwsInstanceIds => "p_any_aws_instance_ids",
            Self::AwsArns => "p_any_aws_arns",
            Self::AwsTags => "p_any_aws_tags",
            Self::Emails => "p_any_emails",
            Self::Usernames => "p_any_usernames",
            Self::ActorIds => "p_any_actor_ids",
            Self::MacAddresses => "p_any_mac_addresses",
            Self::SerialNumbers => "p_any_serial_numbers",
        }
    }
}
