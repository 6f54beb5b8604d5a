//! How near two words are, for "did you mean".

/// How many letters have to be added, taken away, replaced or swapped with their neighbour; capitals aside.
pub fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.to_lowercase().chars().take(LONGEST).collect();
    let other: Vec<char> = other.to_lowercase().chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut row = vec![at + 1];
        for (to, b) in other.iter().enumerate() {
            let replaced = above[to] + usize::from(a != b);
            let mut least = replaced.min(above[to + 1] + 1).min(row[to] + 1);
            let swapped = at > 0 && to > 0 && one[at - 1] == *b && *a == other[to - 1];
            if swapped {
                least = least.min(before[to - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

/// Longer words than this are compared by their beginnings.
const LONGEST: usize = 64;

/// Whether one may be a slip for the other: one letter in a short word, two or three in a longer one.
pub fn is_near(typed: &str, meant: &str) -> bool {
    let allowed = match meant.chars().count() {
        0..=1 => 0,
        2..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    distance(typed, meant) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (one, other, apart) in [
            ("merge", "merge", 0),
            ("merg", "merge", 1),
            ("megre", "merge", 1),
            ("Aprove", "approve", 1),
            ("", "pr", 2),
        ] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
            assert_eq!(distance(other, one), apart, "{other} {one}");
        }
    }

    #[test]
    fn short_words_are_not_near_to_everything() {
        assert!(
            is_near("merg", "merge") && is_near("subscirptions", "subscriptions") && is_near("ap", "api")
        );
        assert!(!is_near("xy", "pr") && !is_near("pay", "api") && !is_near("list", "open"));
    }
}
