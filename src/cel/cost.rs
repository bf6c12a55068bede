//! What an expression costs at most, in the units of an API server, which refuses definitions whose rules cost too much.
//!
//! The numbers are facts of cel-go's cost estimate and of Kubernetes' additions to it; only the upper bounds count.

use super::kinds::{Declared, Type};

/// How large a value is, at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) least: u64,
    pub(super) most: u64,
}

/// Sizes of what a list or map that was computed holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inner {
    pub(super) key: Size,
    pub(super) value: Size,
}

/// What leads to a value in the object.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// It was computed.
    None,
    /// To what is declared so.
    To(Declared),
    /// To what is not declared.
    Lost,
}

/// What is known of an expression's cost and size.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    pub(super) cost: u64,
    pub(super) size: Option<Size>,
    pub(super) inner: Option<Inner>,
    pub(super) way: Way,
}

/// What it costs to walk through one character of a text.
const CHARACTER: f64 = 0.1;
/// What one character of a pattern costs.
const PATTERN: f64 = 0.25;
pub(super) const LIST: u64 = 10;
pub(super) const MAP: u64 = 30;

impl Size {
    pub(super) fn exactly(size: u64) -> Self {
        Self { least: size, most: size }
    }

    pub(super) fn up_to(most: u64) -> Self {
        Self { least: 0, most }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }
}

const UNKNOWN: Size = Size { least: 0, most: u64::MAX };

impl Inner {
    pub(super) fn or(self, other: Self) -> Self {
        Self { key: self.key.or(other.key), value: self.value.or(other.value) }
    }
}

impl Estimate {
    /// Of a value that was computed.
    pub(super) fn computed(cost: u64, size: Option<Size>, kind: &Type) -> Self {
        Self { cost, size: size.or_else(|| size_of(kind)), inner: None, way: Way::None }
    }

    /// Of a value of the object.
    pub(super) fn found(cost: u64, way: Way, kind: &Type) -> Self {
        let size = match &way {
            Way::To(declared) => Some(Size::up_to(declared.most)),
            Way::None | Way::Lost => size_of(kind),
        };
        Self { cost, size, inner: None, way }
    }

    pub(super) fn size(&self) -> Size {
        self.size.unwrap_or(UNKNOWN)
    }
}

/// Values without parts count as one.
fn size_of(kind: &Type) -> Option<Size> {
    use Type::{Bool, Double, Duration, Int, Optional, Timestamp, Uint};
    match kind {
        Bool | Double | Duration | Int | Timestamp | Uint => Some(Size::exactly(1)),
        Optional(inner) => size_of(inner),
        _ => None,
    }
}

/// A size times a factor, rounded up.
pub(super) fn scaled(size: u64, factor: f64) -> u64 {
    (size as f64 * factor).ceil() as u64
}

fn walk(size: Size) -> u64 {
    scaled(size.most, CHARACTER)
}

/// One argument of a call, the target of a method being the first.
pub(super) struct Given<'a> {
    pub(super) kind: &'a Type,
    pub(super) estimate: &'a Estimate,
    /// The argument as a number, if it is one that is written out.
    pub(super) number: Option<i64>,
}

impl Given<'_> {
    fn size(&self) -> Size {
        self.estimate.size()
    }

    /// How large a list's items are, and whether they are texts.
    fn items(&self) -> Option<(Size, bool)> {
        let Type::List(item) = self.kind else { return None };
        let size = match &self.estimate.way {
            Way::To(declared) => declared.inner.as_ref().map(|inner| Size::up_to(inner.most)),
            Way::None | Way::Lost => None,
        };
        Some((size.unwrap_or(UNKNOWN), matches!(**item, Type::String | Type::Bytes)))
    }
}

/// What a call adds to the cost of its arguments, and how large its result is.
pub(super) fn of_call(name: &str, wanted: &[Type], given: &[Given<'_>]) -> (u64, Option<Size>) {
    let sizes: Vec<Size> = given.iter().map(Given::size).collect();
    let first = sizes.first().copied().unwrap_or(UNKNOWN);
    let is_text = matches!(wanted.first(), Some(Type::String | Type::Bytes));
    match name {
        "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" => match given[0].items() {
            Some((item, true)) => {
                (first.most.saturating_mul(1_u64.saturating_add(walk(item))), None)
            }
            Some((_, false)) => (first.most, None),
            None => (walk(first), None),
        },
        "url" | "lowerAscii" | "upperAscii" | "substring" | "trim" => (walk(first), Some(first)),
        "replace" => (scaled(first.most, 2.0 * CHARACTER), Some(replaced(&sizes))),
        "split" => {
            let most = given.get(2).and_then(|it| it.number).and_then(|it| u64::try_from(it).ok());
            (scaled(first.most, 2.0 * CHARACTER), Some(Size::up_to(most.unwrap_or(first.most))))
        }
        "join" => {
            let joined = joined(&given[0], sizes.get(1).copied());
            (walk(joined), Some(joined))
        }
        "find" | "findAll" => (matched(&sizes), Some(Size::up_to(first.most))),
        "matches" => (matched(&sizes), None),
        "contains" => (walk(first).saturating_mul(walk(sizes[1])), None),
        "startsWith" | "endsWith" => (walk(sizes[1]), None),
        "cidr" | "isIP" | "isCIDR" | "quantity" | "isQuantity" | "semver" | "isSemver" => {
            (walk(first), None)
        }
        "ip" if is_text => (walk(first), None),
        "ip.isCanonical" => (scaled(first.most, 2.0 * CHARACTER), None),
        "containsIP" => (4_u64.saturating_add(parsed(wanted, &sizes)), None),
        "containsCIDR" => (7_u64.saturating_add(parsed(wanted, &sizes)), None),
        "validate" => (scaled(walk(sizes[1]), 128.0 * PATTERN), None),
        "slice" | "reverse" | "flatten" | "distinct" | "sort" | "lists.range" => made(name, given),
        "sets.contains" | "sets.intersects" => (compared(&sizes, 1), None),
        "sets.equivalent" => (compared(&sizes, 2), None),
        "bytes" if is_text => (walk(first), Some(Size::up_to(first.most.saturating_mul(4)))),
        "string" if wanted.first() == Some(&Type::Bytes) => (walk(first), Some(first)),
        "strings.quote" => {
            (walk(first), Some(Size::up_to(first.most.saturating_mul(2).saturating_add(2))))
        }
        "format" => (walk(first), None),
        "@in" if matches!(wanted.get(1), Some(Type::List(_))) => (sizes[1].most, None),
        "_+_" if is_text => {
            let size = first.plus(sizes[1]);
            (walk(size), Some(size))
        }
        "_+_" if matches!(wanted.first(), Some(Type::List(_))) => (1, Some(first.plus(sizes[1]))),
        "_==_" | "_!=_" if matches!(given[0].kind, Type::Named(_)) => (1, None),
        "_==_" | "_!=_" => (scaled(first.most.min(sizes[1].most), CHARACTER), None),
        "_<_" | "_<=_" | "_>_" | "_>=_"
            if given.iter().any(|it| matches!(it.kind, Type::String | Type::Bytes | Type::Dyn)) =>
        {
            (scaled(first.most.min(sizes[1].most), CHARACTER), None)
        }
        _ => (1, None),
    }
}

/// Functions that make a new list.
fn made(name: &str, given: &[Given<'_>]) -> (u64, Option<Size>) {
    let number =
        |at: usize| given.get(at).and_then(|it| it.number).and_then(|it| u64::try_from(it).ok());
    let size = given[0].size();
    let squared = size.most.saturating_mul(size.most);
    let texts = given[0].items().is_some_and(|(_, is_text)| is_text);
    let (cost, most) = match name {
        "slice" => {
            let end = number(2).unwrap_or(size.most);
            let most = end.saturating_sub(number(1).unwrap_or(0));
            (most, most)
        }
        "lists.range" => {
            let most = number(0).unwrap_or(u64::MAX);
            (most, most)
        }
        "flatten" if given.len() > 1 => {
            (size.most.saturating_mul(number(1).unwrap_or(u64::MAX)), size.most)
        }
        "distinct" => (squared.saturating_mul(2), squared),
        "sort" => (scaled(squared, if texts { 2.1 } else { 2.0 }), squared),
        _ => (size.most, size.most),
    };
    (cost.saturating_add(11), Some(Size::up_to(most)))
}

fn parsed(wanted: &[Type], sizes: &[Size]) -> u64 {
    if wanted.get(1) == Some(&Type::String) { scaled(walk(sizes[1]), CHARACTER) } else { 0 }
}

fn compared(sizes: &[Size], times: u64) -> u64 {
    sizes[0].most.saturating_mul(sizes[1].most).saturating_mul(times).saturating_add(1)
}

/// A text walked through once for each part of a pattern.
fn matched(sizes: &[Size]) -> u64 {
    let text = walk(sizes[0].plus(Size::exactly(1)));
    text.saturating_mul(scaled(sizes[1].most, PATTERN))
}

fn replaced(sizes: &[Size]) -> Size {
    let (text, old, new) = (sizes[0], sizes[1], sizes[2]);
    let (count, kept) = if old.least == 0 {
        (text.most.saturating_add(1), text.most)
    } else if new.most <= old.least {
        (0, text.most)
    } else {
        ((text.most as f64 / old.least as f64).ceil() as u64, 0)
    };
    Size::up_to(count.saturating_mul(new.most).saturating_add(kept))
}

fn joined(list: &Given<'_>, separator: Option<Size>) -> Size {
    let count = list.size().most;
    let items = list.items().map_or(0, |(item, _)| count.saturating_mul(item.most));
    let between = separator.map_or(0, |it| it.most.saturating_mul(count.saturating_sub(1)));
    Size::up_to(items.saturating_add(between))
}
