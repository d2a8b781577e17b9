//! The code of a multi-factor device: shown to nobody but S3.

use std::fmt;

use crate::error::Failure;

/// What stands in texts instead of a code.
const HIDDEN: &str = "******";

/// Serial number (or ARN) of the device, a space, and the code it shows.
#[derive(Clone)]
pub struct Mfa {
    text: String,
}

impl Mfa {
    /// Reads `SERIAL CODE`; the error does not repeat what was typed.
    ///
    /// # Errors
    /// A usage error: it is not of this form.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::usage("`--mfa` is not of the form \"SERIAL CODE\"")
                .hint("give the device's serial number or ARN, a space, and the code it shows now, in quotes")
        };
        let (serial, code) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let code = code.trim();
        let digits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        if serial.is_empty() || !serial.is_ascii() || !digits {
            return Err(wrong());
        }
        Ok(Self { text: format!("{serial} {code}") })
    }

    /// As the header of a request wants it.
    pub(super) fn header(&self) -> &str {
        &self.text
    }

    /// The text without the code, wherever somebody echoes it.
    #[must_use]
    pub fn hide(&self, text: &str) -> String {
        let code = self.text.rsplit(' ').next().unwrap_or_default();
        text.replace(code, HIDDEN)
    }
}

impl fmt::Debug for Mfa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_errors_nor_debug_output_show_the_code() {
        for text in ["", "123456", "serial", "serial 12x456", " 987654", "serial 987654 more"] {
            let failure = Mfa::parse(text).expect_err(text);
            assert!(!format!("{failure:?}").contains("987654"), "{text}");
        }
        let mfa = Mfa::parse("arn:aws:iam::111122223333:mfa/ops  987654").expect("serial and code");
        assert_eq!(mfa.header(), "arn:aws:iam::111122223333:mfa/ops 987654");
        assert!(!format!("{mfa:?}").contains("987654"));
        assert_eq!(mfa.hide("bad code 987654!"), "bad code ******!");
    }
}
