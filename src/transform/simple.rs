//! Regular expressions that need no engine: characters that stand for themselves, and dots.
//!
//! Nearly all that users write where kustomize takes regular expressions are such, and to compile one takes longer than to
//! compare it with thousands of texts.

/// Whether a regular expression is letters, digits, `-_:@/` and dots alone.
pub(super) fn is_simple(pattern: &str) -> bool {
    pattern.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:@/".contains(&byte))
}

/// What a text goes on with behind what a simple regular expression matches at its beginning; none if that matches nothing
/// there.
pub(super) fn behind<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    let mut rest = text.chars();
    let is_met = |wanted| rest.next().is_some_and(|c| c == wanted || (wanted == '.' && c != '\n'));
    pattern.chars().all(is_met).then_some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::{behind, is_simple};
    use proptest::prelude::*;
    use regex::Regex;

    proptest! {
        #[test]
        fn a_simple_pattern_matches_what_the_engine_says(
            pattern in "[ab.:@/_-]{0,3}",
            text in "[ab.:@/_é\n-]{0,5}",
        ) {
            prop_assert!(is_simple(&pattern));
            let found = Regex::new(&format!("^(?:{pattern})")).expect("a pattern").find(&text);
            prop_assert_eq!(behind(&pattern, &text), found.map(|found| &text[found.end()..]));
        }
    }

    #[test]
    fn what_means_something_else_than_itself_is_not_simple() {
        for pattern in ["a*", "a|b", "[ab]", "(a)", "a?", "a+", "a{1}", "^a$", "\\d", "é", " "] {
            assert!(!is_simple(pattern), "{pattern}");
        }
    }
}
