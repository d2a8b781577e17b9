//! The inputs of a run, collected from what was typed, with the words in which a plan tells of them.

use std::sync::Arc;

use super::coverage::Coverage;
use super::input::{Input, Listing, Place};
use super::inventory::Inventory;
use super::location::Location;
use super::rows::{RowInput, RowSource};
use super::typed::Typed;
use crate::aws::Session;
use crate::error::Failure;
use crate::panther::Sources;

/// The inputs of a run, and what the plan says about them.
#[derive(Default)]
pub struct Selection {
    /// The inputs, in order.
    pub inputs: Vec<Input>,
    /// One line for each.
    pub lines: Vec<String>,
    /// What to think about.
    pub warnings: Vec<String>,
}

impl Selection {
    /// Rows of a file or an inventory, where that is what was typed; with `sources`, only what belongs to one of them.
    ///
    /// # Errors
    /// The inventory was not opened.
    pub fn of_rows(
        typed: &Typed,
        inventory: Option<Inventory>,
        session: &Session,
        sources: Option<Sources>,
    ) -> Result<Option<Self>, Failure> {
        let (name, source, line) = match typed {
            Typed::Paths(_) | Typed::Sources { .. } => return Ok(None),
            Typed::File(_) if typed.is_stdin() => {
                ("stdin".to_owned(), RowSource::Stdin, "the objects that stdin names".to_owned())
            }
            Typed::File(path) => {
                let name = path.display().to_string();
                (name.clone(), RowSource::File(path.clone()), format!("the objects that {name} names"))
            }
            Typed::Inventory(manifest) => {
                let inventory =
                    inventory.ok_or_else(|| Failure::failed(format!("cannot read inventory `{manifest}`")))?;
                let line = format!("inventory of bucket `{}`{}", inventory.bucket(), made(&inventory));
                (manifest.clone(), RowSource::Inventory(Arc::new(inventory)), line)
            }
        };
        let input = RowInput::new(name, source, session.clone(), sources);
        Ok(Some(Self { inputs: vec![Input::Rows(input)], lines: vec![line], warnings: Vec::new() }))
    }

    /// Asks S3 for the sizes that rows do not say.
    pub fn ask_sizes(&mut self) {
        for input in &mut self.inputs {
            if let Input::Rows(rows) = input {
                rows.ask_sizes();
            }
        }
    }

    /// Adds listings of these prefixes of a bucket; `session` is in the bucket's region.
    pub fn list(
        &mut self,
        bucket: &str,
        prefixes: Vec<String>,
        session: &Session,
        coverage: Coverage,
        start_after: Option<&str>,
    ) {
        let place = Arc::new(Place {
            bucket: bucket.to_owned(),
            region: session.region.clone(),
            region_is_known: true,
            coverage,
        });
        for prefix in prefixes {
            let start_after = start_after.map(str::to_owned);
            self.inputs.push(Input::Listing(Listing::new(place.clone(), prefix, session.clone(), start_after)));
        }
    }
}

/// The paths that lie in no other of them, and a warning for each of the others: overlapping paths are listed once.
#[must_use]
pub fn outermost(paths: &[Location]) -> (Vec<Location>, Vec<String>) {
    let (mut outer, mut warnings) = (Vec::new(), Vec::new());
    for (index, path) in paths.iter().enumerate() {
        let holds = |other: &Location| other.bucket == path.bucket && path.key.starts_with(&other.key);
        let inside = paths
            .iter()
            .enumerate()
            .any(|(other, wider)| other != index && holds(wider) && (wider.key != path.key || other < index));
        if inside {
            warnings.push(format!("`{}` lies within another path: it is taken once", path.uri()));
        } else {
            outer.push(path.clone());
        }
    }
    (outer, warnings)
}

fn made(inventory: &Inventory) -> String {
    inventory.created().map(|created| format!(", made {created}: later objects are not in it")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_is_taken_once() {
        let paths = ["s3://b/a/", "s3://b/a/x", "s3://c/a/", "s3://b/a/", "s3://b/b"]
            .map(|text| Location::parse(text).expect("a path of S3"));
        let (outer, warnings) = outermost(&paths);
        let uris: Vec<String> = outer.iter().map(Location::uri).collect();
        assert_eq!(uris, ["s3://b/a/", "s3://c/a/", "s3://b/b"]);
        assert_eq!(warnings.len(), 2);
    }
}
