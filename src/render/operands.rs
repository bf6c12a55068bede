//! What has to stand around the operands of an expression, so that the engine's operators keep jibe's rules.
//!
//! Both sides of `~` are printed as jibe prints text; lists joined by `+` have a bounded length. The
//! engine compares and hashes values by walking through all of them, deeper than any stack and longer
//! than anybody waits if a value holds another one twice, and that one the next: what is compared and
//! what is a key is measured first.

use super::scan::{Token, TokenKind};
use std::borrow::Cow;
use std::ops::Range;

/// The filter that every operand of `~` ends with; it prints the value as text.
pub(super) const TEXT_FILTER: &str = "__text";
/// What is put behind an operand of `~`.
const AS_TEXT: &str = ")|__text";
/// The filter that every operand of `+` ends with; it refuses lists that are too long.
pub(super) const SUM_FILTER: &str = "__sum";
/// What is put behind an operand of `+`.
const BOUNDED: &str = ")|__sum";
/// The filter behind what is compared and behind keys; it refuses values without an end.
pub(super) const WHOLE_FILTER: &str = "__whole";
/// What is put behind an operand of a comparison, and behind a key.
const MEASURED: &str = ")|__whole";

/// The filter behind what a `for` loops over; it refuses what is neither a list nor a map.
pub(super) const LOOP_FILTER: &str = "__items";
/// What is put behind what a `for` loops over.
const LOOPED: &str = ")|__items";

/// A text to be inserted at an operand.
pub(super) struct Operand {
    /// Where, a byte of the file.
    pub offset: usize,
    /// What.
    pub text: Cow<'static, str>,
    /// The operand.
    pub about: Range<usize>,
}

/// Operands of one operator.
#[derive(Default)]
struct Chain {
    /// The operand that is being read.
    operand: Option<Read>,
    /// Those before it.
    left: Vec<Read>,
    /// Whether the operator stands between two of them.
    joins: bool,
}

/// What was read of an operand.
struct Read {
    span: Range<usize>,
    /// Whether it is a text, a number or the like, written out.
    is_literal: bool,
}

impl Chain {
    fn take(&mut self, token: &Token<'_>) {
        let literal = matches!(token.kind, TokenKind::Number | TokenKind::Quoted)
            || matches!(token.text, "true" | "false" | "none");
        match &mut self.operand {
            Some(read) => {
                read.span.end = token.end();
                read.is_literal = false;
            }
            None => {
                self.operand = Some(Read { span: token.start..token.end(), is_literal: literal });
            }
        }
    }

    /// Ends an operand.
    fn next(&mut self) {
        self.left.extend(self.operand.take());
    }

    /// Ends the chain; the operands if the operator joins them.
    fn end(&mut self) -> Vec<Read> {
        self.next();
        let operands = std::mem::take(&mut self.left);
        if std::mem::take(&mut self.joins) { operands } else { Vec::new() }
    }

    /// As [`Chain::end`], but nothing if one operand is a literal: whatever is compared with it, the
    /// first look decides.
    fn end_compared(&mut self) -> Vec<Read> {
        let operands = self.end();
        let decided = operands.iter().any(|read| read.is_literal);
        if decided { Vec::new() } else { operands }
    }
}

/// What the bracket of a level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Opened {
    /// Any other, or none.
    #[default]
    Group,
    /// `x[`, or a call that compares its argument with the one before.
    Key,
    /// `{`
    Map,
}

/// What stands on one level of brackets: texts joined by `~` within sums joined by `+` within comparisons.
#[derive(Default)]
struct Level {
    opened: Opened,
    texts: Chain,
    sums: Chain,
    compared: Chain,
    /// What stands between commas and colons.
    entry: Chain,
    /// Whether it is a part of a list: `x[1:2]`.
    is_slice: bool,
}

impl Level {
    fn take(&mut self, token: &Token<'_>) {
        for chain in [&mut self.texts, &mut self.sums, &mut self.compared, &mut self.entry] {
            chain.take(token);
        }
    }
}

#[derive(Default)]
struct Operands(Vec<Operand>);

impl Operands {
    fn wrap(&mut self, operands: Vec<Read>, behind: &'static str) {
        for Read { span: about, .. } in operands {
            self.0.push(Operand { offset: about.start, text: "(".into(), about: about.clone() });
            self.0.push(Operand { offset: about.end, text: behind.into(), about });
        }
    }

    fn end_sums(&mut self, level: &mut Level) {
        self.wrap(level.texts.end(), AS_TEXT);
        self.wrap(level.sums.end(), BOUNDED);
    }

    fn end(&mut self, level: &mut Level) {
        self.end_sums(level);
        self.wrap(level.compared.end_compared(), MEASURED);
    }

    /// Ends what stands before a comma, a colon or a closing bracket.
    fn end_entry(&mut self, level: &mut Level, sign: &str) {
        let is_key = match level.opened {
            Opened::Group => false,
            Opened::Key => sign != ":" && !level.is_slice,
            Opened::Map => sign == ":",
        };
        level.is_slice |= sign == ":";
        let entry = level.entry.operand.take();
        let keys = entry.filter(|read| is_key && !read.is_literal);
        self.wrap(keys.into_iter().collect(), MEASURED);
    }

    /// A word that compares what stands before it.
    fn compare(&mut self, level: &mut Level, word: &Token<'_>) {
        self.end_sums(level);
        level.compared.next();
        level.compared.joins = true;
        level.entry.take(word);
    }

    /// A word that binds weaker than comparisons.
    fn weak(&mut self, level: &mut Level, word: &Token<'_>) {
        self.end(level);
        match word.text {
            "," | ":" if word.kind == TokenKind::Sign => self.end_entry(level, word.text),
            _ => level.entry.take(word),
        }
    }
}

/// What has to be inserted into an expression or tag, in the order of the text.
pub(super) fn operands(words: &[Token<'_>]) -> Vec<Operand> {
    let mut found = Operands::default();
    let mut levels = vec![Level::default()];
    let mut before: Option<&Token<'_>> = None;
    // The first `in` of a loop compares nothing.
    let mut is_loop = words.first().is_some_and(|word| word.is_word("for"));
    for word in words {
        let is_inner = levels.len() > 1;
        let level = levels.last_mut().expect("the outermost level is never closed");
        if word.is_sign("~") {
            level.texts.next();
            level.texts.joins = true;
            for chain in [&mut level.sums, &mut level.compared, &mut level.entry] {
                chain.take(word);
            }
        } else if word.is_sign("+") || (word.is_sign("-") && before.is_some_and(ends_value)) {
            found.wrap(level.texts.end(), AS_TEXT);
            level.sums.next();
            level.sums.joins |= word.is_sign("+");
            for chain in [&mut level.compared, &mut level.entry] {
                chain.take(word);
            }
        } else if ends_operand(word, before) {
            let names_item = is_loop && !is_inner && word.is_word("in");
            is_loop &= !names_item;
            match !names_item && compares(word, before) {
                true => found.compare(level, word),
                false => found.weak(level, word),
            }
        } else if word.closes() && is_inner {
            let mut inner = levels.pop().expect("an inner level");
            found.end(&mut inner);
            found.end_entry(&mut inner, word.text);
            levels.last_mut().expect("more than one level").take(word);
        } else {
            level.take(word);
            levels.extend(word.opens().then(|| opened(word, before)));
        }
        before = Some(word);
    }
    levels.iter_mut().rev().for_each(|level| found.end(level));
    let looped = looped(words).map(|span| Read { span, is_literal: false });
    found.wrap(looped.into_iter().collect(), LOOPED);
    // Stable: where two operands end together, the inner one was found first.
    found.0.sort_by_key(|operand| operand.offset);
    found.0
}

/// What a `for` tag loops over.
fn looped(words: &[Token<'_>]) -> Option<Range<usize>> {
    words.first().filter(|word| word.is_word("for"))?;
    let begin = words.iter().position(|word| word.is_word("in"))? + 1;
    let mut depth = 0usize;
    let ends = |word: &Token<'_>| {
        depth = match word.closes() {
            true => depth.saturating_sub(1),
            false => depth + usize::from(word.opens()),
        };
        depth == 0 && (word.is_word("if") || word.is_word("recursive"))
    };
    let end = words[begin..].iter().position(ends).map_or(words.len(), |length| begin + length);
    (end > begin).then(|| words[begin].start..words[end - 1].end())
}

fn opened(bracket: &Token<'_>, before: Option<&Token<'_>>) -> Level {
    let is_key = bracket.is_sign("[") && before.is_some_and(ends_value)
        || bracket.is_sign("(") && before.is_some_and(|word| word.is_word("changed"));
    let opened = match bracket.text {
        _ if is_key => Opened::Key,
        "{" => Opened::Map,
        _ => Opened::Group,
    };
    Level { opened, ..Level::default() }
}

/// Whether a word that ends an operand compares it with the next one.
fn compares(word: &Token<'_>, before: Option<&Token<'_>>) -> bool {
    match word.kind {
        TokenKind::Sign => matches!(word.text, "==" | "!=" | "<" | ">" | "<=" | ">="),
        // The `not` of `not in`.
        _ if word.text == "not" => before.is_some_and(ends_value),
        _ => word.text == "in",
    }
}

/// Whether a word binds weaker than `+` and `~`.
fn ends_operand(word: &Token<'_>, before: Option<&Token<'_>>) -> bool {
    let is_test = || before.is_some_and(|before| before.is_word("is"));
    match word.kind {
        TokenKind::Word => match word.text {
            "and" | "or" | "if" | "else" | "recursive" | "ignore" | "as" | "import" => true,
            "not" | "in" => !is_test(),
            "set" | "elif" | "for" | "include" | "from" | "extends" | "with" | "do" => {
                before.is_none()
            }
            _ => false,
        },
        TokenKind::Sign => {
            matches!(word.text, "," | "=" | ":" | "==" | "!=" | "<" | ">" | "<=" | ">=")
        }
        TokenKind::Number | TokenKind::Quoted => false,
    }
}

/// Whether a word can be the last one of a value, so that a `-` behind it subtracts.
pub(super) fn ends_value(word: &Token<'_>) -> bool {
    let operator = matches!(word.text, "and" | "or" | "not" | "if" | "else" | "in" | "is");
    word.closes() || (word.kind != TokenKind::Sign && !operator)
}

#[cfg(test)]
mod tests {
    use super::operands;
    use crate::render::scan::tokens;

    fn check(text: &str, expect: &str) {
        let (mut prepared, mut at) = (String::new(), 0);
        for operand in operands(&tokens(text, 0..text.len())) {
            prepared += &text[at..operand.offset];
            prepared += &operand.text;
            at = operand.offset;
        }
        prepared += &text[at..];
        assert_eq!(prepared.replace("|__whole", "!"), expect);
    }

    #[test]
    fn what_is_compared_is_measured() {
        check("a == b", "(a)! == (b)!");
        check("a.x | f(1) <= -b[0]", "(a.x | f(1))! <= (-b[0])!");
        check("a < b < c", "(a)! < (b)! < (c)!");
        check("a in b and not c not in d", "(a)! in (b)! and not (c)! not in (d)!");
        check("x if a == b else y", "x if (a)! == (b)! else y");
        check("f(a == b, [c != d])", "f((a)! == (b)!, [(c)! != (d)!])");
        check("a + b == c", "((a)|__sum + (b)|__sum)! == (c)!");
        check("if a in b", "if (a)! in (b)!");
        check("for a in b if a in c", "for a in (b)|__items if (a)! in (c)!");
    }

    #[test]
    fn what_is_compared_with_a_literal_is_left_alone() {
        for text in ["a == 1", "'x' in a", "a != none", "a is in b", "a is not eq b", "a is odd"] {
            check(text, text);
        }
    }

    #[test]
    fn keys_are_measured() {
        check("a[b]", "a[(b)!]");
        check("a[b][c.d]", "a[(b)!][(c.d)!]");
        check("{a: b, 'c': d}", "{(a)!: b, 'c': d}");
        check("loop.changed(a)", "loop.changed((a)!)");
        for text in ["a[0]", "a['b']", "a[b:c]", "a[:b]", "[a]", "f(a)", "{'a': {'b': c}}"] {
            check(text, text);
        }
    }
}
