//! "Did you mean": the known name that a misspelt one most likely meant.

/// The name of `known` that a misspelt `word` most likely meant.
///
/// Case, a swapped pair or about a third of the letters may differ; failing that, `word` may be the
/// beginning of a name, from three letters on. Among equals the first in the order of `known` wins.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let names: Vec<_> = known.into_iter().map(|name| (name, name.to_lowercase())).collect();
    let distances =
        names.iter().filter_map(|(name, other)| Some((distance(&folded, other)?, *name)));
    let near = distances.min_by_key(|(distance, _)| *distance).map(|(_, name)| name);
    let begun = || names.iter().find(|(_, other)| folded.len() >= 3 && other.starts_with(&folded));
    near.or_else(|| begun().map(|(name, _)| *name))
}

/// How many letters differ, if they are few: none in names of one or two letters.
fn distance(word: &str, name: &str) -> Option<usize> {
    let (letters, others) = (word.chars().count(), name.chars().count());
    let limit = letters.min(others) / 3;
    if letters.abs_diff(others) > limit.max(1) {
        return None;
    }
    // A plural of a short name is near too.
    let limit =
        if letters.abs_diff(others) == 1 && letters.min(others) > 1 { limit.max(1) } else { limit };
    Some(strsim::osa_distance(word, name)).filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const FIELDS: &[&str] = &[
        "replicas",
        "image",
        "imagePullSecrets",
        "tag",
        "env",
        "environments",
        "podSecurity",
        "on",
    ];

    fn check(word: &str, expect: Option<&str>) {
        assert_eq!(nearest(word, FIELDS.iter().copied()), expect, "{word}");
    }

    #[test]
    fn a_slip_of_the_finger() {
        check("replcias", Some("replicas"));
        check("relicas", Some("replicas"));
        check("replicaas", Some("replicas"));
        check("tga", Some("tag"));
    }

    #[test]
    fn another_spelling() {
        check("Replicas", Some("replicas"));
        check("ON", Some("on"));
        check("pod_security", Some("podSecurity"));
        check("pod-security", Some("podSecurity"));
        check("replica", Some("replicas"));
        check("tags", Some("tag"));
    }

    #[test]
    fn a_beginning() {
        check("imagePull", Some("imagePullSecrets"));
        check("environ", Some("environments"));
        check("rep", Some("replicas"));
    }

    #[test]
    fn something_else_is_near_to_nothing() {
        check("port", None);
        check("x", None);
        check("no", None);
        check("", None);
        check("ressources", None);
    }

    #[test]
    fn a_huge_word_is_near_to_nothing() {
        check(&"x".repeat(1_000_000), None);
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(nearest("abcdef", ["abcxyf", "abcdxf"]), Some("abcdxf"));
        assert_eq!(nearest("abcdef", ["abcdex", "abcdxf"]), Some("abcdex"));
    }
}
