//! `{{ .LogType }}` in an expected event.

/// The text with every expression replaced.
///
/// # Errors
/// An expression is not closed, or asks for anything but the log type; what is wrong.
pub(super) fn expand(text: &str, log_type: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inside, next)) = after.split_once("}}") else {
            return Err("an expression `{{` has no end".to_owned());
        };
        // A dash beside the braces removes the blanks outside them.
        let (inside, trim_left) = inside.strip_prefix("- ").map_or((inside, false), |inside| (inside, true));
        let (inside, trim_right) = inside.strip_suffix(" -").map_or((inside, false), |inside| (inside, true));
        if inside.trim() != ".LogType" {
            return Err(format!("the expression `{{{{{inside}}}}}` is unknown"));
        }
        out.push_str(if trim_left { before.trim_end() } else { before });
        out.push_str(log_type);
        rest = if trim_right { next.trim_start() } else { next };
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_type_is_put_in() {
        let table = [
            ("{\"a\": \"{{ .LogType }}\"}", Ok("{\"a\": \"A.B\"}")),
            ("{{.LogType}}{{ .LogType}}", Ok("A.BA.B")),
            ("x {{- .LogType -}} y", Ok("xA.By")),
            ("x {{- .LogType }} y", Ok("xA.B y")),
            ("{{ .Name }}", Err(())),
            ("{{ .LogType", Err(())),
            ("none", Ok("none")),
        ];
        for (text, expected) in table {
            assert_eq!(expand(text, "A.B").as_deref().map_err(|_| ()), expected, "{text}");
        }
    }
}
