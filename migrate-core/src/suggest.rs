//! "Did you mean": which known word is close to one that is not known.

/// Returns the candidates within a third of the word's length in edits, the closest first.
pub fn near<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let limit = (word.chars().count() / 3).max(1);
    let mut found: Vec<_> = candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(d, _)| *d <= limit)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Returns "did you mean `x`?" where something is close, else what is known.
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    let candidates: Vec<_> = candidates.into_iter().collect();
    match near(word, candidates.iter().copied()).first() {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => match candidates.as_slice() {
            [one] => format!("the only one is {one}"),
            _ => format!("known are {}", candidates.join(", ")),
        },
    }
}

/// Returns the number of edits between two words (insert, remove, replace, swap of neighbours), case ignored.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_words_come_first() {
        assert_eq!(near("upgarde", ["downgrade", "upgrade"]), ["upgrade"]);
        assert_eq!(near("Revision Id", ["Revision ID", "Revises"]), ["Revision ID"]);
        assert_eq!(near("x", ["upgrade"]), Vec::<&str>::new());
        assert_eq!(did_you_mean("zz", ["a", "b"]), "known are a, b");
        assert_eq!(did_you_mean("zz", ["a"]), "the only one is a");
    }
}
