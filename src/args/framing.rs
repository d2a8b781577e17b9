//! How a stream is cut into logs, as the command line says it.

use clap::{Args, ValueEnum};

use crate::error::Failure;
use crate::parse::log_parser::LogParser;
use crate::parse::stream::{Kind, is_cloudtrail_name};

/// The log type whose files hold many logs each, and are known by their names.
const CLOUDTRAIL: &str = "AWS.CloudTrail";

/// Ways of cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stream {
    /// Seen in the content and in the name: lines; JSON documents over several lines; arrays of objects; files of CloudTrail.
    /// Lines where all log types are text
    Auto,
    /// A line is a log
    Lines,
    /// JSON documents one after another, each over any number of lines
    Json,
    /// The elements of an array in each document are logs
    JsonArray,
    /// The elements of `Records` are logs
    Cloudtrail,
    /// The messages of a subscription of CloudWatch Logs are logs
    CloudwatchLogs,
    /// The elements within the root element are logs
    Xml,
}

/// The flags.
#[derive(Args, Clone, Debug)]
pub struct FramingArgs {
    /// What a log is; it has 256 MiB at most
    #[arg(
        long,
        value_enum,
        value_name = "STREAM",
        default_value = "auto",
        env = "OPSTOOLS_STREAM",
        help_heading = "Logs"
    )]
    pub stream: Stream,
    /// With --stream json-array: keys that lead to the array, such as `detail.events`; without it the document is the array
    #[arg(long, value_name = "PATH", help_heading = "Logs")]
    pub json_array_envelope_field: Option<String>,
    /// With --stream cloudwatch-logs: keep account, log group and filters in the column p_header
    #[arg(long, help_heading = "Logs")]
    pub retain_envelope_fields: bool,
    /// With --stream xml: the element that encloses the logs; without it each outermost element is a log
    #[arg(long, value_name = "NAME", help_heading = "Logs")]
    pub xml_root_element: Option<String>,
}

/// How the streams of a run are cut.
#[derive(Clone, Debug)]
pub struct Framing {
    kind: Kind,
    /// Files that are named as those of CloudTrail hold arrays of logs.
    cloudtrail: bool,
    /// A document with `Records` that no log type accepts as it is holds logs.
    pub records: bool,
}

impl FramingArgs {
    /// What is done where nothing is said.
    pub const fn auto() -> Self {
        Self {
            stream: Stream::Auto,
            json_array_envelope_field: None,
            retain_envelope_fields: false,
            xml_root_element: None,
        }
    }

    /// What the flags mean together, for these log types.
    ///
    /// # Errors
    /// A usage error: a flag belongs to another way of cutting.
    pub fn read(&self, parsers: &[LogParser]) -> Result<Framing, Failure> {
        let flags = [
            (self.json_array_envelope_field.is_some(), "--json-array-envelope-field", Stream::JsonArray),
            (self.retain_envelope_fields, "--retain-envelope-fields", Stream::CloudwatchLogs),
            (self.xml_root_element.is_some(), "--xml-root-element", Stream::Xml),
        ];
        for (given, flag, stream) in flags {
            if given && self.stream != stream {
                let name = stream.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
                return Err(Failure::usage(format!("`{flag}` needs `--stream {name}`")));
            }
        }
        let path = self.json_array_envelope_field.as_deref().unwrap_or_default();
        let kind = match self.stream {
            // Text that begins as JSON does is text.
            Stream::Auto if parsers.iter().all(|parser| parser.ends().is_some()) => Kind::Lines,
            Stream::Auto => Kind::Auto,
            Stream::Lines => Kind::Lines,
            Stream::Json => Kind::Json,
            Stream::JsonArray => {
                Kind::JsonArray { path: path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect() }
            }
            Stream::Cloudtrail => Kind::CloudTrail,
            Stream::CloudwatchLogs => Kind::CloudWatchLogs { retain_envelope_fields: self.retain_envelope_fields },
            Stream::Xml => Kind::Xml { root: self.xml_root_element.clone() },
        };
        let auto = self.stream == Stream::Auto;
        let cloudtrail = auto && parsers.iter().any(|parser| parser.log_type() == CLOUDTRAIL);
        Ok(Framing { kind, cloudtrail, records: auto })
    }
}

impl Framing {
    /// How the file of this name is cut.
    pub fn of(&self, name: &str) -> Kind {
        if self.cloudtrail && is_cloudtrail_name(name) { Kind::CloudTrail } else { self.kind.clone() }
    }
}
