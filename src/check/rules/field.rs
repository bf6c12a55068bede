//! What a line of the tables asks of a field.

use super::at::At;
use super::found::Found;
use super::table::FieldRule;
use crate::diag::nearest;
use crate::yaml::to_json;

impl FieldRule {
    /// Judges the field of an object of the rule's type.
    pub(super) fn judge(&self, at: &At<'_>, found: &mut Found) {
        self.follow(&self.way, at, found);
    }

    fn follow(&self, way: &[&str], at: &At<'_>, found: &mut Found) {
        match way {
            [] => self.judge_value(at, found),
            ["[]"] => at.items().for_each(|item| self.judge_item(&item, found)),
            ["[]", rest @ ..] => at.items().for_each(|item| self.follow(rest, &item, found)),
            [name, rest @ ..] => self.follow(rest, &at.field(name), found),
        }
    }

    fn judge_value(&self, at: &At<'_>, found: &mut Found) {
        if (self.required && at.is_empty()) || (self.present && !at.is_set()) {
            found.required(at);
            return;
        }
        if at.text().is_empty() {
            self.judge_size(at, found);
        }
        let is_text = at.node().is_some_and(|node| node.as_str().is_some());
        if is_text && (self.pointer || !at.text().is_empty()) {
            self.judge_text(at, found);
        }
        if let (Some((least, most)), Some(number)) = (self.range, at.number())
            && !(least..=most).contains(&number)
        {
            found.invalid(at, &range(least, most));
        }
    }

    /// An item is never absent: null and `""` are texts there.
    fn judge_item(&self, at: &At<'_>, found: &mut Found) {
        match at.node().is_none_or(|node| node.as_str().is_some()) {
            true if self.required && at.text().is_empty() => {
                found.required(at);
            }
            true => self.judge_text(at, found),
            false => self.judge_value(at, found),
        }
    }

    fn judge_text(&self, at: &At<'_>, found: &mut Found) {
        let text = at.text();
        if !self.is_choice(text) {
            self.unsupported(at, text, found);
        }
        if let Some(grammar) = self.grammar.filter(|grammar| !(grammar.holds)(text)) {
            found.invalid(at, &format!("must be {}", grammar.what)).hint(grammar.hint);
        }
        if let Some(longest) = self.longest.filter(|longest| text.len() > *longest) {
            found.too_long(at, longest, "bytes");
        }
    }

    fn is_choice(&self, text: &str) -> bool {
        self.choices.is_empty() || self.choices.iter().any(|choice| choice == text)
    }

    fn unsupported(&self, at: &At<'_>, text: &str, found: &mut Found) {
        let choices: Vec<&str> = self.choices.iter().map(String::as_str).collect();
        let near = nearest(text, choices.iter().copied());
        let is_list = at.node().is_some_and(|node| node.as_list().is_some());
        let broken = match is_list {
            true => found.unsupported_item(at, text, &choices),
            false => found.unsupported(at, &choices),
        };
        if let Some(near) = near {
            broken.hint(format!("did you mean `{near}`?"));
        }
    }

    /// What is asked of lists and maps.
    fn judge_size(&self, at: &At<'_>, found: &mut Found) {
        let Some(node) = at.node() else { return };
        let size = node.as_list().map(<[_]>::len).or_else(|| node.as_map().map(|map| map.len()));
        if let (Some(most), Some(size)) = (self.most, size)
            && size > most
        {
            found.too_long(at, most, "entries");
        }
        if let Some(wrong) = at.items().find(|item| !self.is_choice(item.text())) {
            self.unsupported(at, wrong.text(), found);
        }
        if let Some(grammar) = self.grammar {
            for (_, value) in at.entries().filter(|(key, _)| !(grammar.holds)(&key.name)) {
                found.bad_key(&value, grammar.what).hint(grammar.hint);
            }
        }
        if let Some(fields) = &self.unique {
            repeated(at, fields, found);
        }
    }
}

/// Items that are equal to an earlier one, in some fields or as a whole.
fn repeated(at: &At<'_>, fields: &[&str], found: &mut Found) {
    let value = |at: At<'_>| match at.node() {
        Some(node) => Some(to_json(node)),
        None => Some(at.text()).filter(|default| !default.is_empty()).map(Into::into),
    };
    let part = |item: &At<'_>| match fields {
        [] => vec![value(item.clone())],
        fields => fields.iter().map(|name| value(item.get(name))).collect(),
    };
    let mut seen = Vec::new();
    for item in at.items() {
        let key = part(&item);
        let is_empty = key.iter().all(Option::is_none);
        if !is_empty && seen.contains(&key) {
            match fields {
                [only] => found.duplicate(&item.get(only)),
                _ => found.duplicate(&item),
            };
        }
        seen.push(key);
    }
}

fn range(least: i64, most: i64) -> String {
    match (least, most) {
        (least, i64::MAX) => format!("must be {least} at least"),
        (least, most) => format!("must be between {least} and {most}"),
    }
}
