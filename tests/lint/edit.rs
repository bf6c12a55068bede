//! One change of a manifest, as a line of text, and the manifest that it makes.
//!
//! `set POINTER JSON`, `plain POINTER TEXT` (a scalar without quotes, as it is written), `drop POINTER`, `rename POINTER KEY`,
//! `again POINTER` (the list gets the item a second time), `twice POINTER` (the key stands twice in its map). A pointer is a
//! JSON pointer; `set` behind a list's end adds an item.

use serde_json::{Map, Value};
use std::fmt;

/// In a string: print the rest as it is. In a key: print the rest.
const AS_IT_IS: char = '\u{1}';

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edit {
    op: Op,
    pointer: String,
    /// The rest of the line.
    operand: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Op {
    Set,
    Plain,
    Drop,
    Rename,
    Again,
    Twice,
}

const OPS: [(Op, &str); 6] = [
    (Op::Set, "set"),
    (Op::Plain, "plain"),
    (Op::Drop, "drop"),
    (Op::Rename, "rename"),
    (Op::Again, "again"),
    (Op::Twice, "twice"),
];

impl Edit {
    pub(crate) fn set(pointer: &str, value: &Value) -> Self {
        Self::new(Op::Set, pointer, &value.to_string())
    }

    pub(crate) fn new(op: Op, pointer: &str, operand: &str) -> Self {
        Self { op, pointer: pointer.to_owned(), operand: operand.to_owned() }
    }

    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(3, ' ');
        let (word, pointer) = (words.next()?, words.next()?);
        let (op, _) = OPS.iter().find(|(_, name)| *name == word)?;
        Some(Self::new(*op, pointer, words.next().unwrap_or_default()))
    }

    /// The manifest with the change, as one line of YAML. None when there is no such place in it.
    pub(crate) fn text(&self, base: &Value) -> Option<String> {
        let mut manifest = base.clone();
        self.apply(&mut manifest)?;
        let mut text = String::new();
        print(&manifest, &mut text);
        Some(text)
    }

    fn apply(&self, manifest: &mut Value) -> Option<()> {
        let (above, last) = self.pointer.rsplit_once('/')?;
        let old = manifest.pointer(&self.pointer).cloned();
        let parent = manifest.pointer_mut(above)?;
        let key = last.replace("~1", "/").replace("~0", "~");
        match (self.op, parent) {
            (Op::Set, parent) => put(parent, &key, serde_json::from_str(&self.operand).ok()?)?,
            (Op::Plain, parent) => put(parent, &key, format!("{AS_IT_IS}{}", self.operand).into())?,
            (Op::Drop, Value::Object(map)) => drop(map.shift_remove(&key)?),
            (Op::Drop, Value::Array(items)) => drop(items.remove(key.parse().ok()?)),
            (Op::Again, Value::Array(items)) => items.push(old?),
            (Op::Twice, Value::Object(map)) => {
                drop(map.insert(format!("{AS_IT_IS}{key}"), old?));
            }
            (Op::Rename, Value::Object(map)) => {
                let entries = std::mem::take(map).into_iter();
                let renamed = |(name, value)| match name == key {
                    true => (self.operand.clone(), value),
                    false => (name, value),
                };
                *map = entries.map(renamed).collect::<Map<_, _>>();
            }
            _ => return None,
        }
        Some(())
    }
}

fn put(parent: &mut Value, key: &str, value: Value) -> Option<()> {
    match parent {
        Value::Object(map) => drop(map.insert(key.to_owned(), value)),
        Value::Array(items) => {
            let index: usize = key.parse().ok()?;
            match items.get_mut(index) {
                Some(item) => *item = value,
                None => items.push(value),
            }
        }
        _ => return None,
    }
    Some(())
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, word) = OPS.iter().find(|(op, _)| *op == self.op).expect("every change is listed");
        write!(f, "{word} {}", self.pointer)?;
        if self.operand.is_empty() { Ok(()) } else { write!(f, " {}", self.operand) }
    }
}

/// YAML in flow style, so that a manifest is one line.
fn print(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => match text.strip_prefix(AS_IT_IS) {
            Some(plain) => out.push_str(plain),
            None => out.push_str(&value.to_string()),
        },
        Value::Array(items) => {
            out.push('[');
            for item in items {
                print(item, out);
                out.push_str(", ");
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (key, value) in map {
                out.push_str(&Value::from(key.trim_start_matches(AS_IT_IS)).to_string());
                out.push_str(": ");
                print(value, out);
                out.push_str(", ");
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}
