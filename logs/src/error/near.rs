//! Near names: what somebody may have meant who wrote a name that is not there.

/// The known name that is most like a wrong one, if any is like it: equal but for case, a beginning, or few letters off.
#[must_use]
pub fn near<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .map(|name| (distance(&wrong, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Letters to insert, remove or replace (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, against) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *against);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_slips_are_found_and_strangers_are_not() {
        let names = ["panther-alerts-queue", "panther-alerts-queue-dlq", "other"];
        let table = [
            ("panther-alert-queue", Some("panther-alerts-queue")),
            ("Panther-Alerts-Queue-DLQ", Some("panther-alerts-queue-dlq")),
            ("nothing-like-it", None),
        ];
        for (wrong, expected) in table {
            assert_eq!(near(wrong, names.into_iter()), expected, "{wrong}");
        }
    }
}
