//! The public API as the operator names it: an address, and a token that never stands on the command line.

use opstools::aws::web::Web;
use opstools::error::Failure;
use opstools::panther::api::PublicApi;

use crate::arguments::Arguments;

/// Variables with the token, ours first; the others are those of Panther's own tools.
const TOKENS: [&str; 2] = ["OPSTOOLS_API_TOKEN", "PANTHER_API_TOKEN"];

/// Variables with the address, of Panther's own tools.
const ADDRESSES: [&str; 2] = ["PANTHER_API_URL", "PANTHER_GQL_API_URL"];

/// The API that is meant.
///
/// # Errors
/// Address or token are missing, or the token's file cannot be read.
pub fn of(args: &Arguments) -> Result<PublicApi, Failure> {
    let address =
        args.api_url.clone().filter(|text| !text.is_empty()).or_else(|| first(&ADDRESSES)).ok_or_else(|| {
            Failure::usage("`--backend api` needs the address of the API")
                .hint("give `--api-url https://api.DOMAIN`, or OPSTOOLS_API_URL")
        })?;
    let bundle = args.aws.access().ca_bundle;
    PublicApi::new(Web::new(bundle.as_deref())?, &address, &token(args)?)
}

fn token(args: &Arguments) -> Result<String, Failure> {
    if let Some(path) = &args.api_token_file {
        let cannot =
            |why: String| Failure::failed(format!("cannot read the token of `{}`", path.display())).because(why);
        let text = std::fs::read_to_string(path).map_err(|error| cannot(error.to_string()))?;
        let token = text.trim();
        return if is_token(token) {
            Ok(token.to_owned())
        } else {
            Err(cannot("it holds no token on one line".to_owned()))
        };
    }
    first(&TOKENS).filter(|token| is_token(token.trim())).ok_or_else(|| {
        Failure::usage("`--backend api` needs a token")
            .hint("set OPSTOOLS_API_TOKEN, or name a file that holds it with `--api-token-file`")
    })
}

/// A token goes into a header: one line of visible characters.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn first(variables: &[&str]) -> Option<String> {
    variables.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}
