//! "Did you mean …": the candidate nearest to a misspelt word.

/// The candidate nearest to `word`, when one is near enough to be worth naming.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let score = strsim::jaro_winkler(word, candidate).max(shared_part(word, candidate));
        if score >= 0.80 && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A candidate that contains the word, or is contained in it, is near even where the lengths differ much.
fn shared_part(word: &str, candidate: &str) -> f64 {
    let (short, long) = if word.len() < candidate.len() { (word, candidate) } else { (candidate, word) };
    if short.chars().count() >= 4 && long.contains(short) { 0.81 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_the_near_miss_and_only_that() {
        assert_eq!(nearest("provnce", ["province", "provider"]), Some("province"));
        assert_eq!(nearest("birth", ["birth_date", "phone"]), Some("birth_date"));
        assert_eq!(nearest("zzz", ["province", "provider"]), None);
    }
}
