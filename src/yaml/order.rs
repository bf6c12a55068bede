//! The order of keys in the canonical form: digit runs by their number, letters last.
//!
//! Source of the order: `sorter.go` of go-yaml v2. It compares pair by pair and is no order in the
//! mathematical sense (`12` < `1a` < `2` < `12`), for which go-yaml's own output changes from run to
//! run; here every set of keys has exactly one order.

use std::cmp::Ordering;
use std::str::Chars;
use unicode_general_category::{GeneralCategory, get_general_category};

/// Sorts entries by key, in the order that `kustomize build` prints them.
///
/// The result depends on the set of keys alone, never on the order they come in.
pub(super) fn sort<T: Copy>(entries: &mut [(&str, T)]) {
    entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
    if entries.is_sorted_by(|a, b| before(a.0, b.0)) {
        return;
    }
    // The library's sorts may panic when an order contradicts itself.
    let mut from = entries.to_vec();
    let mut into = Vec::with_capacity(from.len());
    let mut width = 1;
    while width < from.len() {
        into.clear();
        for pair in from.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut into);
        }
        std::mem::swap(&mut from, &mut into);
        width *= 2;
    }
    entries.copy_from_slice(&from);
}

fn merge<'a, T: Copy>(
    mut left: &[(&'a str, T)],
    mut right: &[(&'a str, T)],
    into: &mut Vec<(&'a str, T)>,
) {
    while let (Some(a), Some(b)) = (left.first(), right.first()) {
        if before(b.0, a.0) {
            into.push(*b);
            right = &right[1..];
        } else {
            into.push(*a);
            left = &left[1..];
        }
    }
    into.extend_from_slice(left);
    into.extend_from_slice(right);
}

/// Whether key `a` stands before key `b`.
fn before(a: &str, b: &str) -> bool {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let at = (0..=same).rev().find(|&at| a.is_char_boundary(at)).unwrap_or(0);
    let (Some(x), Some(y)) = (a[at..].chars().next(), b[at..].chars().next()) else {
        return a.len() < b.len();
    };
    match (is_letter(x), is_letter(y)) {
        (true, true) => x < y,
        (true, false) => false,
        (false, true) => true,
        (false, false) => number_order(&a[..at], &a[at..], &b[at..]).is_lt(),
    }
}

/// The order of two rests that begin with different characters, neither a letter.
fn number_order(shared: &str, a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a.chars(), b.chars());
    // A zero inside of a number counts as a digit of it; a leading one does not.
    let zero = a.starts_with('0') || b.starts_with('0');
    let digits = shared.chars().rev().take_while(|c| is_digit(*c));
    let start = i64::from(zero && digits.into_iter().any(|c| c != '0'));
    let by_number = number(start, &mut x).cmp(&number(start, &mut y));
    // Then the shorter run of digits, then the first character, which is known to differ.
    let length = |rest: &Chars<'_>, all: &str| all.chars().count() - rest.as_str().chars().count();
    by_number.then_with(|| length(&x, a).cmp(&length(&y, b))).then_with(|| a.cmp(b))
}

/// The number that the digits in front make, wrapping as Go's `int64` does; the digits are taken.
fn number(start: i64, chars: &mut Chars<'_>) -> i64 {
    let mut number = start;
    while let Some(c) = chars.as_str().chars().next().filter(|c| is_digit(*c)) {
        let digit = i64::from(u32::from(c)) - i64::from(u32::from('0'));
        number = number.wrapping_mul(10).wrapping_add(digit);
        chars.next();
    }
    number
}

fn is_letter(c: char) -> bool {
    use GeneralCategory as G;
    match c.is_ascii() {
        true => c.is_ascii_alphabetic(),
        false => matches!(
            get_general_category(c),
            G::UppercaseLetter
                | G::LowercaseLetter
                | G::TitlecaseLetter
                | G::ModifierLetter
                | G::OtherLetter
        ),
    }
}

fn is_digit(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_digit(),
        false => get_general_category(c) == GeneralCategory::DecimalNumber,
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    fn check(sorted: &str) {
        let expect: Vec<_> = sorted.split(' ').map(|key| (key, ())).collect();
        let mut backwards: Vec<_> = expect.iter().rev().copied().collect();
        sort(&mut backwards);
        assert_eq!(backwards, expect);
    }

    #[test]
    fn digits_sort_as_numbers() {
        check("b9 b09 b10 b100");
        check("v1 v2 v10 v11");
    }

    #[test]
    fn what_is_no_letter_sorts_before_letters_and_upper_case_before_lower() {
        check("a-b a.b a/b a_b aB ab");
        check("_a 1 A Z a é");
    }

    #[test]
    fn a_prefix_sorts_first() {
        check("a aa aaa");
    }

    #[test]
    fn keys_that_go_yaml_cannot_order_have_one_order() {
        let orders = [["12", "1a", "2"], ["2", "12", "1a"], ["1a", "2", "12"]].map(|keys| {
            let mut keys: Vec<_> = keys.into_iter().map(|key| (key, ())).collect();
            sort(&mut keys);
            keys
        });
        assert!(orders.iter().all(|order| *order == orders[0]));
    }
}
