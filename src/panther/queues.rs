//! Names of the queues of a deployment, and the rules by which their dead-letter queues are named.

/// The queue that feeds the log processor.
pub const INPUT_QUEUE: &str = "panther-input-data-notifications-queue";

/// What the names of a deployment's queues start with.
pub const PREFIX: &str = "panther-";

/// Names that the dead-letter queue of a queue may have by the naming rules, likeliest first.
///
/// The rule is `{queue}-dlq`, or `{name}-dlq.fifo`; an older one drops `-queue`, and the data catalog updater still
/// follows that.
#[must_use]
pub fn dead_letter_names(queue: &str) -> Vec<String> {
    if let Some(stem) = queue.strip_suffix(".fifo") {
        return vec![format!("{stem}-dlq.fifo")];
    }
    let new = format!("{queue}-dlq");
    match queue.strip_suffix("-queue") {
        Some(stem) => vec![new, format!("{stem}-dlq")],
        None => vec![new],
    }
}

/// Names that the queue of a dead-letter queue may have: the reverse of [`dead_letter_names`].
#[must_use]
pub fn source_names(dead_letter_queue: &str) -> Vec<String> {
    if let Some(stem) = dead_letter_queue.strip_suffix("-dlq.fifo") {
        return vec![format!("{stem}.fifo")];
    }
    match dead_letter_queue.strip_suffix("-dlq") {
        Some(stem) if stem.ends_with("-queue") => vec![stem.to_owned()],
        Some(stem) => vec![stem.to_owned(), format!("{stem}-queue")],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_letter_queues_are_named_by_both_rules() {
        let table: [(&str, &[&str]); 3] = [
            ("panther-alerts-queue", &["panther-alerts-queue-dlq", "panther-alerts-dlq"]),
            ("panther-x.fifo", &["panther-x-dlq.fifo"]),
            ("other", &["other-dlq"]),
        ];
        for (queue, expected) in table {
            assert_eq!(dead_letter_names(queue), expected);
        }
        assert!(
            dead_letter_names("panther-datacatalog-updater-queue")
                .contains(&"panther-datacatalog-updater-dlq".to_owned())
        );
    }

    #[test]
    fn the_way_back() {
        assert_eq!(source_names("panther-alerts-queue-dlq"), ["panther-alerts-queue"]);
        assert!(
            source_names("panther-datacatalog-updater-dlq").contains(&"panther-datacatalog-updater-queue".to_owned())
        );
        assert_eq!(source_names("x-dlq.fifo"), ["x.fifo"]);
        assert!(source_names("x").is_empty());
    }
}
