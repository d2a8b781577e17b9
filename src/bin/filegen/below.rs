//! Names that stay below the target: nothing is written outside the folder, or the prefix, that was named.

use std::path::{Component, Path};

use opstools::error::Failure;

/// Refuses the value of a flag of which a part leads elsewhere than to a name below. `/` around the whole means nothing in
/// a prefix, and is cut off before.
///
/// # Errors
/// A usage error that names the flag and the part.
pub fn must_stay_below(flag: &str, value: &str) -> Result<(), Failure> {
    let outside = Path::new(value).components().find(|part| !is_name(part));
    outside.map_or(Ok(()), |part| {
        let part = part.as_os_str().display();
        Err(Failure::usage(format!("`{flag} {value}` leads out of the target"))
            .because(format!("`{part}` is no name of a folder or a file below it"))
            .hint(format!("leave `{part}` out: what `{flag}` names lies below `--out` in any case")))
    })
}

/// Whether a name lies below the target.
pub fn is_below(name: &str) -> bool {
    Path::new(name).components().all(|part| is_name(&part))
}

const fn is_name(part: &Component<'_>) -> bool {
    matches!(part, Component::Normal(_))
}
