//! What is listed, so that no key is listed twice: prefixes that lie in others wait within them.
//!
//! The outer prefix is listed for all of them. The inner ones are kept, because their own readers may be able to list them
//! where the outer one's are refused.

use opstools::objects::Location;

/// Who can list a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The source for which the prefix is listed, by its number; `None`: a path that was given.
    pub slot: Option<usize>,
    /// The role that lists; `None`: the operator's own credentials.
    pub role: Option<String>,
}

/// A prefix to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Bucket and prefix.
    pub location: Location,
    /// Who can list it, in the order in which they are tried.
    pub readers: Vec<Reader>,
    /// Prefixes within this one.
    pub inner: Vec<Target>,
}

impl Target {
    fn holds(&self, location: &Location) -> bool {
        self.location.bucket == location.bucket && location.key.starts_with(&self.location.key)
    }

    /// How many prefixes it stands for, itself included.
    pub fn count(&self) -> usize {
        1 + self.inner.iter().map(Self::count).sum::<usize>()
    }
}

/// The outermost prefixes, each with those within it.
pub fn nest(mut wanted: Vec<(Location, Reader)>) -> Vec<Target> {
    // In this order a prefix comes right before everything within it; equal ones keep the order of the sources.
    wanted.sort_by(|(one, _), (other, _)| (&one.bucket, &one.key).cmp(&(&other.bucket, &other.key)));
    let mut outermost = Vec::new();
    for (location, reader) in wanted {
        insert(&mut outermost, location, reader);
    }
    outermost
}

fn insert(targets: &mut Vec<Target>, location: Location, reader: Reader) {
    match targets.last_mut().filter(|last| last.holds(&location)) {
        Some(last) if last.location == location => {
            if !last.readers.contains(&reader) {
                last.readers.push(reader);
            }
        }
        Some(last) => insert(&mut last.inner, location, reader),
        None => targets.push(Target { location, readers: vec![reader], inner: Vec::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_prefixes_wait_within_outer_ones() {
        let wanted = ["b/logs/x/", "b/logs/", "c/", "b/logs/x/y", "b/other/", "b/logs/", "b/logs0/"];
        let wanted = wanted.iter().enumerate().map(|(slot, text)| {
            let location = Location::parse(&format!("s3://{text}")).expect("a path");
            (location, Reader { slot: Some(slot), role: None })
        });
        let targets = nest(wanted.collect());
        let outer: Vec<String> = targets.iter().map(|target| target.location.uri()).collect();
        assert_eq!(outer, ["s3://b/logs/", "s3://b/logs0/", "s3://b/other/", "s3://c/"]);
        let slots: Vec<_> = targets[0].readers.iter().filter_map(|reader| reader.slot).collect();
        assert_eq!(slots, [1, 5], "equal prefixes are one, with both readers in their order");
        assert_eq!(targets[0].inner[0].location.key, "logs/x/");
        assert_eq!(targets[0].inner[0].inner[0].location.key, "logs/x/y");
        assert_eq!(targets[0].count(), 3);
    }

    #[test]
    fn a_whole_bucket_holds_all_of_it() {
        let wanted = ["s3://b/a", "s3://b", "s3://b/z"]
            .map(|text| (Location::parse(text).expect("a path"), Reader { slot: None, role: None }));
        let targets = nest(wanted.to_vec());
        assert_eq!((targets.len(), targets[0].inner.len()), (1, 2));
    }
}
