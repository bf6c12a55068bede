//! Holds a filled object to its lists' types and its rules.

use crate::api::ListType;
use crate::api::structure::{Kind, Level, Reason, Rule, Structure, value};
use crate::cel::{Budget, Failure, Value};
use crate::check::schema::{Path, Rule as Broken, Step, Violation};
use crate::yaml::{Data, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many violations of one object are told.
const MAX_TOLD: usize = 100;
/// How long a message that an expression makes may be, in bytes.
const MAX_MESSAGE: usize = 5 * 1024;

/// Whether a server gets as far as an object's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    Judged,
    Blocked,
}

/// What lists and rules say against an object.
pub(super) fn judge(structure: &Structure, root: &Node, rules: Rules) -> Vec<Violation> {
    let mut judge =
        Judge { found: Vec::new(), budget: Budget::default(), is_over: rules == Rules::Blocked };
    judge.lists(structure, root, &Path::default());
    judge.rules(structure, root, &Path::default());
    judge.found
}

struct Judge {
    found: Vec<Violation>,
    budget: Budget,
    /// Whether no further rule is judged.
    is_over: bool,
}

/// A step into a part of a node and the schema of that part.
fn parts<'p>(structure: &'p Structure, node: &'p Node) -> Vec<(Step, &'p Structure, &'p Node)> {
    match &node.data {
        Data::Scalar(_) => Vec::new(),
        Data::List(items) => {
            let schema = structure.items.as_deref();
            let steps = items.iter().enumerate();
            steps.filter_map(|(i, item)| Some((Step::Index(i), schema?, item))).collect()
        }
        Data::Map(map) => {
            let part = |name: &Arc<str>| structure.fields.get(name).or(structure.values.as_deref());
            let steps = map.iter().filter_map(|(key, node)| {
                Some((Step::Key(Arc::clone(&key.name)), part(&key.name)?, node))
            });
            steps.collect()
        }
    }
}

impl Judge {
    /// Items of sets and of lists with keys are there once.
    fn lists(&mut self, structure: &Structure, node: &Node, path: &Path) {
        if !structure.says_more {
            return;
        }
        if let Some(items) = node.as_list() {
            match structure.list {
                Some(ListType::Set) => self.unique(items, path, &value::untyped),
                Some(ListType::Map) => self.unique(items, path, &|item| {
                    let key = |key: &String| item.get(key).map_or(Value::Null, value::untyped);
                    Value::list(structure.keys.iter().map(key).collect())
                }),
                Some(ListType::Atomic) | None => {}
            }
        }
        for (step, schema, node) in parts(structure, node) {
            self.lists(schema, node, &path.then(step));
        }
    }

    fn unique(&mut self, items: &[Node], path: &Path, tell: &dyn Fn(&Node) -> Value) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (i, item) in items.iter().enumerate() {
            let times = seen.entry(format!("{:?}", tell(item))).or_insert(0);
            *times += 1;
            if *times == 2 && self.found.len() < MAX_TOLD {
                let path = path.then(Step::Index(i));
                let message = format!("`{path}` is there twice");
                let hint = "remove one of the two, or correct what tells them apart";
                self.found.push(violation(&path, item, message, vec![hint.to_owned()]));
            }
        }
    }

    fn rules(&mut self, structure: &Structure, node: &Node, path: &Path) {
        if !structure.says_more || node.is_null() || self.is_over {
            return;
        }
        if !structure.rules.is_empty()
            && let Some(value) = value::of(structure, node, level(path))
        {
            for rule in &structure.rules {
                let is_old_needed = rule.is_transition && !rule.has_optional_old;
                if !is_old_needed && !self.is_over {
                    self.rule(rule, structure, (node, &value), path);
                }
            }
        }
        for (step, schema, node) in parts(structure, node) {
            self.rules(schema, node, &path.then(step));
        }
    }

    fn rule(
        &mut self,
        rule: &Rule,
        structure: &Structure,
        (node, value): (&Node, &Value),
        path: &Path,
    ) {
        let values = [value.clone(), Value::Optional(None)];
        let here = if path.is_root() { "the object".to_owned() } else { format!("`{path}`") };
        let (message, hint, path) = match rule.program.run(&values, &mut self.budget) {
            Ok(Value::Bool(true)) => return,
            Ok(_) => {
                let names = rule.field.iter().map(|name| Step::Key(name.as_str().into()));
                let path = names.fold(path.clone(), |path, step| path.then(step));
                let message = self.refusal(rule, &values, &path);
                (message, format!("its definition asks for `{}`", shown(&rule.text)), path)
            }
            Err(failure) => {
                self.is_over = matches!(failure, Failure::TooCostly | Failure::Spent);
                let reason = told(&failure, structure);
                let message =
                    format!("{here} cannot be judged by a rule of its definition: {reason}");
                (message, advice(&failure, rule), path.clone())
            }
        };
        let mut found = violation(&path, node, message, vec![hint]);
        if let Some(at) = rule.field.first().and_then(|name| node.get(name)) {
            (found.place, found.set_at) = (at.place, at.set_at);
        }
        if self.found.len() < MAX_TOLD {
            self.found.push(found);
        }
    }

    /// What is wrong, in the words of the definition's author if there are any.
    fn refusal(&mut self, rule: &Rule, values: &[Value], path: &Path) -> String {
        let said = rule.message.as_ref().and_then(|message| {
            let made = message.program.as_ref().and_then(|program| {
                match program.run(values, &mut self.budget) {
                    Ok(Value::String(text)) => one_line(&text),
                    Err(Failure::TooCostly | Failure::Spent) => {
                        self.is_over = true;
                        None
                    }
                    _ => None,
                }
            });
            made.or_else(|| message.text.clone())
        });
        let here = if path.is_root() { "the object".to_owned() } else { format!("`{path}`") };
        let what = match rule.reason {
            Reason::Invalid => "breaks a rule of its definition",
            Reason::Forbidden => "is forbidden by its definition",
            Reason::Required => "is required by its definition",
            Reason::Duplicate => "is a duplicate to its definition",
        };
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        format!("{here} {what}{said}")
    }
}

/// A message that an expression made, if a server would show it.
fn one_line(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.len() <= MAX_MESSAGE && !text.contains('\n');
    fits.then(|| text.to_owned())
}

fn told(failure: &Failure, structure: &Structure) -> String {
    match failure {
        Failure::NoOverload(name) => {
            let kind = match structure.kind {
                Some(Kind::Object) => "a value in it",
                _ => "the value",
            };
            let name = name.trim_matches('_').trim_start_matches('@');
            format!("{kind} is not of a type that `{name}` takes")
        }
        Failure::Told(text) => text.clone(),
        Failure::TooCostly => "it takes more steps than a server allows one rule".to_owned(),
        Failure::Spent => {
            "the rules of this object take more steps together than a server allows".to_owned()
        }
    }
}

fn advice(failure: &Failure, rule: &Rule) -> String {
    match failure {
        Failure::TooCostly | Failure::Spent => {
            "make its lists, maps and texts shorter, or bound them in the definition's schema"
                .to_owned()
        }
        _ => format!("the rule is `{}`", shown(&rule.text)),
    }
}

/// A rule as a hint shows it.
fn shown(rule: &str) -> String {
    let line = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn violation(path: &Path, node: &Node, message: String, hints: Vec<String>) -> Violation {
    Violation {
        rule: Broken::Definition,
        path: path.clone(),
        place: node.place,
        set_at: node.set_at,
        message,
        hints,
        schema_path: String::new(),
        is_secret: false,
    }
}

fn level(path: &Path) -> Level {
    if path.is_root() { Level::Resource } else { Level::Part }
}
