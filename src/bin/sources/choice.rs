//! Which sources of the list are meant: of each filter one value must fit, of different filters all.

use opstools::error::{Failure, near};
use opstools::panther::{Source, Sources};

use crate::arguments::Arguments;

/// The positions of the sources that are meant, by label: the table keeps them in no order.
///
/// # Errors
/// Filters were given and nothing fits.
pub fn chosen(args: &Arguments, sources: &Sources) -> Result<Vec<usize>, Failure> {
    let mut positions: Vec<usize> =
        sources.all.iter().enumerate().filter(|(_, source)| fits(args, source)).map(|(position, _)| position).collect();
    positions.sort_by_cached_key(|position| {
        let source = &sources.all[*position];
        (source.label.to_lowercase(), source.id.clone())
    });
    if positions.is_empty() && args.chooses() { Err(nothing(args, sources)) } else { Ok(positions) }
}

fn fits(args: &Arguments, source: &Source) -> bool {
    let any =
        |wanted: &[String], fits: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|text| fits(text));
    let named = !args.id.is_empty() || !args.types.is_empty();
    (args.all_types || named || source.is_log_source())
        && any(&args.types, &|text| source.kind == text)
        && any(&args.id, &|text| source.id.eq_ignore_ascii_case(text))
        && any(&args.label, &|text| source.label.to_lowercase().contains(&text.to_lowercase()))
        && any(&args.log_type, &|text| source.log_types().iter().any(|known| known.eq_ignore_ascii_case(text)))
        && any(&args.account, &|text| source.account.as_deref() == Some(text))
        && any(&args.bucket, &|text| source.bucket.as_deref() == Some(text))
}

/// The refusal, with what may have been meant.
fn nothing(args: &Arguments, sources: &Sources) -> Failure {
    let failure = Failure::failed(format!("none of {} sources fits", sources.all.len()));
    let all = &sources.all;
    let text = |read: fn(&Source) -> Option<&str>| all.iter().filter_map(read).collect::<Vec<_>>();
    let log_types = all.iter().flat_map(Source::log_types).collect();
    let filters: [(&str, &[String], Vec<&str>); 6] = [
        ("--type", &args.types, text(|source| Some(&source.kind))),
        ("--id", &args.id, text(|source| Some(&source.id))),
        ("--label", &args.label, text(|source| Some(&source.label))),
        ("--log-type", &args.log_type, log_types),
        ("--account", &args.account, text(|source| source.account.as_deref())),
        ("--bucket", &args.bucket, text(|source| source.bucket.as_deref())),
    ];
    for (flag, wanted, known) in filters {
        let lower = |text: &str| text.to_lowercase();
        let there = |text: &&String| known.iter().any(|name| lower(name).contains(&lower(text)));
        let Some(text) = wanted.iter().find(|text| !there(text)) else { continue };
        return match near(text, known.iter().copied()) {
            Some(near) => failure.hint(format!("`{flag} {text}`: did you mean `{near}`?")),
            None => failure.hint(format!("`{flag} {text}` is not there; `sources` alone lists what is")),
        };
    }
    failure.hint("each filter fits some source, and no source fits all of them")
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    #[command(no_binary_name = true)]
    struct Line {
        #[command(flatten)]
        args: Arguments,
    }

    fn sample() -> Sources {
        Sources::from_json(&json!([
            { "integrationId": "A1", "integrationLabel": "Acme Trail", "integrationType": "aws-s3", "awsAccountId": "1",
              "s3Bucket": "b", "s3PrefixLogTypes": [{ "prefix": "", "logTypes": ["AWS.CloudTrail"] }] },
            { "integrationId": "A2", "integrationLabel": "Acme Flow", "integrationType": "aws-s3", "awsAccountId": "2",
              "s3Bucket": "c", "s3PrefixLogTypes": [{ "prefix": "", "logTypes": ["AWS.VPCFlow"] }] },
            { "integrationId": "A3", "integrationLabel": "Table", "integrationType": "s3-lookuptable" },
        ]))
    }

    fn ids(line: &[&str]) -> Result<Vec<String>, Failure> {
        let args = Line::try_parse_from(line).expect("a line").args;
        let sources = sample();
        Ok(chosen(&args, &sources)?.into_iter().map(|position| sources.all[position].id.clone()).collect())
    }

    #[test]
    fn filters_narrow_and_values_of_one_filter_widen() {
        let table: [(&[&str], &[&str]); 9] = [
            (&[], &["A2", "A1"]),
            (&["--all-types"], &["A2", "A1", "A3"]),
            (&["--type", "s3-lookuptable"], &["A3"]),
            (&["--label", "acme"], &["A2", "A1"]),
            (&["--label", "acme", "--account", "2"], &["A2"]),
            (&["--id", "a1", "--id", "A3"], &["A1", "A3"]),
            (&["--log-type", "aws.cloudtrail"], &["A1"]),
            (&["--bucket", "c"], &["A2"]),
            (&["--type", "aws-s3", "--account", "1"], &["A1"]),
        ];
        for (line, expected) in table {
            assert_eq!(ids(line).expect("some"), expected, "{line:?}");
        }
    }

    #[test]
    fn what_fits_nothing_is_said_with_what_may_be_meant() {
        let hint = |line: &[&str]| ids(line).expect_err("nothing").hints.join(" ");
        assert!(hint(&["--label", "acme trial"]).contains("did you mean `Acme Trail`"));
        assert!(hint(&["--bucket", "entirely-else"]).contains("not there"));
        assert!(hint(&["--account", "1", "--bucket", "c"]).contains("no source fits all"));
    }
}
