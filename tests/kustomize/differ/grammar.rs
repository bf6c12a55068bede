//! Texts from `grammar.txt`, which says how it is written, and the files beside it.

use super::random::Random;
use std::collections::BTreeMap;

/// How many rules may lead to each other before the first alternative is taken.
const MAX_DEPTH: usize = 12;

const RULES: [&str; 4] = [
    include_str!("grammar.txt"),
    include_str!("written.txt"),
    include_str!("generated.txt"),
    include_str!("copied.txt"),
];

/// The rules by their names.
pub(super) struct Grammar(BTreeMap<&'static str, Vec<Alternative>>);

/// One of the texts of a rule.
struct Alternative {
    weight: usize,
    text: &'static str,
}

/// What a text is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Object,
    /// A patch, or a tree in a namespace.
    Patch,
}

impl Grammar {
    pub(super) fn new() -> Self {
        let mut rules: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut name = "";
        for line in RULES.iter().flat_map(|text| text.lines()) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                // A list is an alternative, too.
                Some(rule) if !rule.is_empty() && !rule.contains(['{', '<', ':']) => name = rule,
                _ if line.is_empty() || line.starts_with('#') => {}
                _ => rules.entry(name).or_default().push(Alternative::read(line)),
            }
        }
        Self(rules)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// Whether there is a rule of this name.
    pub(super) fn has(&self, rule: &str) -> bool {
        self.0.contains_key(rule)
    }

    /// One of the texts of a rule.
    pub(super) fn text(&self, rule: &str, of: Use, random: &mut Random) -> String {
        let mut out = String::new();
        self.write(rule, (of, 0), random, &mut out);
        out
    }

    /// Those texts of a rule that come up when each does by itself.
    pub(super) fn some(&self, rule: &str, of: Use, random: &mut Random) -> Vec<String> {
        let mut texts = Vec::new();
        for alternative in self.rule(rule) {
            if random.below(10) < alternative.weight {
                let mut text = String::new();
                self.expand(alternative.text, (of, 0), random, &mut text);
                texts.push(text);
            }
        }
        texts
    }

    fn rule(&self, name: &str) -> &[Alternative] {
        self.0.get(name).unwrap_or_else(|| panic!("grammar.txt has no rule [{name}]"))
    }

    fn write(&self, rule: &str, (of, depth): (Use, usize), random: &mut Random, out: &mut String) {
        let all = self.rule(rule);
        let chosen = match depth < MAX_DEPTH {
            true => random.weighted(all, |one| one.weight),
            false => all.first(),
        };
        let chosen = chosen.expect("a rule has an alternative");
        self.expand(chosen.text, (of, depth + 1), random, out);
    }

    fn expand(&self, text: &str, at: (Use, usize), random: &mut Random, out: &mut String) {
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('<') {
            let (reference, after) = behind.split_once('>').expect("`<` has its `>`");
            out.push_str(&unescaped(before));
            self.refer(reference, at, random, out);
            rest = after;
        }
        out.push_str(&unescaped(rest));
    }

    fn refer(&self, text: &str, (of, depth): (Use, usize), random: &mut Random, out: &mut String) {
        if let Some(rule) = text.strip_prefix('!') {
            return self.write(rule, (Use::Patch, depth), random, out);
        }
        let Some(mark) = text.find(['?', '*', '!']) else {
            return self.write(text, (of, depth), random, out);
        };
        let (rule, number) = (&text[..mark], text[mark + 1..].parse().expect("a number"));
        let times = match &text[mark..=mark] {
            "*" => random.below(number + 1),
            "!" if of == Use::Object => 0,
            _ => usize::from(random.below(100) < number),
        };
        (0..times).for_each(|_| self.write(rule, (of, depth), random, out));
    }
}

/// A text with its line ends, tabs, byte-order marks and `<`.
fn unescaped(text: &str) -> String {
    let marks = [("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\b", "\u{feff}"), ("\\l", "<")];
    marks.iter().fold(text.to_owned(), |text, (mark, meant)| text.replace(mark, meant))
}

impl Alternative {
    fn read(line: &'static str) -> Self {
        let weighted = line
            .split_once("* ")
            .and_then(|(weight, text)| Some(Self { weight: weight.parse().ok()?, text }));
        weighted.unwrap_or(Self { weight: 1, text: line })
    }
}
