//! The rules of a schema: `x-kubernetes-validations`.

use super::declare::{REQUEST, count};
use super::{Kind, Structure};
use crate::api::Version;
use crate::api::definition::Reader;
use crate::cel::{Declared, Program, Type, compile};
use crate::diag::nearest;
use crate::source::Place;
use crate::yaml::{Node, Value as Yaml};

/// What one rule may cost at most by its estimate.
const MOST_OF_ONE: u64 = 10_000_000;
/// What all rules of a definition's schema may cost at most.
const MOST_OF_ALL: u64 = 100_000_000;

/// A rule that is ready to judge objects.
#[derive(Debug)]
pub struct Rule {
    /// The expression as it is written, without blanks around it.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The expression over `self` and `oldSelf`.
    pub program: Program,
    /// What is said when it does not hold.
    pub message: Option<RuleMessage>,
    /// Why a server says that it refuses the value.
    pub reason: Reason,
    /// The field that a server names instead of the value, as names of fields and keys.
    pub field: Vec<String>,
    /// Whether it reads `oldSelf`, which a new object does not have.
    pub is_transition: bool,
    /// Whether `oldSelf` is an optional, so that the rule judges new objects, too.
    pub has_optional_old: bool,
}

/// What is said when a rule does not hold.
#[derive(Debug, Default)]
pub struct RuleMessage {
    /// The text, if there is one.
    pub text: Option<String>,
    /// The expression that makes a text, which comes first.
    pub program: Option<Program>,
}

/// Why a server says that it refuses a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The value is wrong.
    Invalid,
    /// It may not be there.
    Forbidden,
    /// It must be there.
    Required,
    /// It is there twice.
    Duplicate,
}

/// What surrounds a schema.
#[derive(Default, Clone)]
pub(super) struct Around {
    /// Whether it is the resource itself.
    pub(super) is_root: bool,
    /// How often values of it can be in one object, if the schema bounds that.
    pub(super) times: Option<u64>,
    /// Whether a new value cannot be told from the one that it replaces: it is an item of a list without keys.
    pub(super) is_unrelated: bool,
}

impl Around {
    /// What surrounds the parts of a schema.
    pub(super) fn below(&self, node: &Node, structure: &Structure) -> Around {
        let most = match structure.kind {
            Some(Kind::Array) => count(node, "maxItems"),
            Some(Kind::Object) if node.get("additionalProperties").is_some() => {
                count(node, "maxProperties")
            }
            _ => Some(1),
        };
        let is_list = structure.items.is_some() || node.get("items").is_some();
        let has_keys = node.get("x-kubernetes-list-type").and_then(Node::as_str) == Some("map");
        Around {
            is_root: false,
            times: self.times.zip(most).map(|(times, most)| times.saturating_mul(most)),
            is_unrelated: self.is_unrelated || (is_list && !has_keys),
        }
    }
}

/// The rules of a schema; one that a server would refuse is reported and left out.
pub(super) fn read(
    node: &Node,
    declared: Option<&Declared>,
    around: &Around,
    total: &mut u64,
    reader: &mut Reader<'_>,
) -> Vec<Rule> {
    let Some(rules) = node.get("x-kubernetes-validations").and_then(Node::as_list) else {
        return Vec::new();
    };
    let Some(declared) = declared else {
        let what = "cannot be judged: expressions do not see a value of this schema";
        reader.within(".x-kubernetes-validations", |reader| {
            reader.fault(node.place, what, "move the rules to a schema with a `type`");
        });
        return Vec::new();
    };
    let mut found = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        if reader.is_full() {
            break;
        }
        let step = format!(".x-kubernetes-validations[{i}]");
        let read = reader.within(step, |reader| {
            OneRule { node: rule, schema: node, declared, around, reader }.read(total)
        });
        found.extend(read);
    }
    found
}

/// One rule that is being read.
struct OneRule<'r, 's> {
    node: &'r Node,
    schema: &'r Node,
    declared: &'r Declared,
    around: &'r Around,
    reader: &'r mut Reader<'s>,
}

impl OneRule<'_, '_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.node.get(key).and_then(Node::as_str)
    }

    fn fault(&mut self, key: &str, what: impl AsRef<str>, hint: impl Into<String>) {
        let place = self.node.get(key).map_or(self.node.place, |node| node.place);
        self.reader.within(format!(".{key}"), |reader| reader.fault(place, what, hint));
    }

    fn read(&mut self, total: &mut u64) -> Option<Rule> {
        let before = self.reader.faults();
        self.check_words();
        let reason = self.reason();
        let field = self.field();
        if self.reader.faults() > before {
            return None;
        }
        let text = self.text("rule").unwrap_or_default().trim().to_owned();
        let flag = self.node.get("optionalOldSelf").and_then(Node::as_scalar);
        let optional = flag.map(|scalar| scalar.value == Yaml::Bool(true));
        let has_optional_old = optional == Some(true);
        let mut old = self.declared.clone();
        if has_optional_old {
            old.kind = Type::Optional(Box::new(old.kind));
        }
        let program = self.program(("rule", &text), &old, &Type::Bool, total)?;
        let is_transition = program.uses(1);
        if is_transition && self.around.is_unrelated {
            let what = "reads `oldSelf`, but items of this list cannot be told from those that they replace";
            self.fault(
                "rule",
                what,
                "give the list `x-kubernetes-list-type: map`, or move the rule up to the list",
            );
        }
        if !is_transition && optional.is_some() {
            let what = "may not be set, because the rule does not read `oldSelf`";
            self.fault("optionalOldSelf", what, "remove it");
        }
        let message = self.message(&old, total);
        let place = self.node.get("rule").map_or(self.node.place, |node| node.place);
        (self.reader.faults() == before).then_some(Rule {
            text,
            place,
            program,
            message,
            reason,
            field,
            is_transition,
            has_optional_old,
        })
    }

    /// What a server asks of a rule before it compiles it.
    fn check_words(&mut self) {
        const KEYS: [&str; 6] =
            ["rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf"];
        if let Some(map) = self.node.as_map() {
            for (key, value) in map.iter().filter(|(key, _)| !KEYS.contains(&&*key.name)) {
                let hint = nearest(&key.name, KEYS).map(|near| format!("did you mean `{near}`?"));
                let hint = hint.unwrap_or_else(|| "remove it".to_owned());
                self.reader.within(format!(".{}", key.name), |reader| {
                    reader.fault(value.place, "is no field of a rule", hint);
                });
            }
        }
        let node = self.node;
        let text = |key| node.get(key).and_then(Node::as_str);
        let (rule, message) = (text("rule").unwrap_or_default(), text("message"));
        if rule.trim().is_empty() {
            self.fault("rule", "is missing", "write an expression over `self` that must be true");
        } else if let Some(message) = message {
            if !message.is_empty() && message.trim().is_empty() {
                self.fault("message", "must not be blank", "write a message or remove it");
            } else if message.trim().contains('\n') {
                self.fault("message", "must be one line", "write it in one line");
            }
        } else if rule.trim().contains('\n') {
            let what = "must be there, because the rule has several lines";
            self.fault("message", what, "write a message, or the rule in one line");
        }
        let expression = text("messageExpression").unwrap_or_default();
        if !expression.is_empty() && expression.trim().is_empty() {
            self.fault(
                "messageExpression",
                "must not be blank",
                "write an expression or remove it",
            );
        }
    }

    fn reason(&mut self) -> Reason {
        const NAMES: [&str; 4] = [
            "FieldValueDuplicate",
            "FieldValueForbidden",
            "FieldValueInvalid",
            "FieldValueRequired",
        ];
        match self.text("reason") {
            None | Some("FieldValueInvalid") => Reason::Invalid,
            Some("FieldValueForbidden") => Reason::Forbidden,
            Some("FieldValueRequired") => Reason::Required,
            Some("FieldValueDuplicate") => Reason::Duplicate,
            Some(other) => {
                let what = format!("must be one of `{}`, but is `{other}`", NAMES.join("`, `"));
                let near = nearest(other, NAMES).map(|near| format!("did you mean `{near}`?"));
                let hint = near.unwrap_or_else(|| "write one of them, or remove it".to_owned());
                self.fault("reason", what, hint);
                Reason::Invalid
            }
        }
    }

    /// The names in `fieldPath`; each must be there in the schema.
    fn field(&mut self) -> Vec<String> {
        let Some(path) = self.text("fieldPath").filter(|path| !path.is_empty()) else {
            return Vec::new();
        };
        let found = names(path).filter(|names| leads_somewhere(self.schema, names));
        if found.is_none() {
            let what = "must be a path of fields that the schema has";
            self.fault("fieldPath", what, "write it as in `.spec.replicas` or `.labels['a-b']`");
        }
        found.unwrap_or_default()
    }

    fn program(
        &mut self,
        (key, text): (&str, &str),
        old: &Declared,
        kind: &Type,
        total: &mut u64,
    ) -> Option<Program> {
        let declared = [("self", self.declared.clone()), ("oldSelf", old.clone())];
        let program = match compile(text, &declared) {
            Ok(program) => program,
            Err(fault) => {
                let part = text.get(fault.span.clone()).unwrap_or_default();
                let at = if part.is_empty() || part.len() > 80 || part.contains(['`', '\n']) {
                    String::new()
                } else {
                    format!(" at `{part}`")
                };
                let what = format!("cannot be compiled{at}: {}", fault.message);
                self.fault(key, what, "correct the expression");
                return None;
            }
        };
        if program.kind() != kind {
            let (wanted, is) = (kind.name(), program.kind().name());
            let what = format!("must give a `{wanted}`, but gives a `{is}`");
            self.fault(key, what, format!("write an expression that gives a `{wanted}`"));
            return None;
        }
        self.check_cost(key, program.most(), total);
        self.check_age(key, &program);
        Some(program)
    }

    /// A server multiplies what a rule costs with how often it can be judged in one object.
    fn check_cost(&mut self, key: &str, most: u64, total: &mut u64) {
        let fit = REQUEST / (self.declared.least_bytes + 1);
        let times = if key == "rule" { self.around.times.unwrap_or(fit) } else { 1 };
        let cost = most.saturating_mul(times);
        *total = total.saturating_add(cost);
        if cost > MOST_OF_ONE {
            let more = (cost as f64 / MOST_OF_ONE as f64).min(1e6);
            let what = format!(
                "may cost more than a server allows, by a factor of {more:.1}{}",
                if more < 1e6 { "" } else { " and more" }
            );
            let hint =
                "bound what it walks through with `maxItems`, `maxProperties` and `maxLength`";
            self.fault(key, what, hint);
        }
    }

    /// Older servers lack functions.
    fn check_age(&mut self, key: &str, program: &Program) {
        let (since, newest) = (program.since(), program.newest());
        if since <= Version::OLDEST.minor() {
            return;
        }
        let place = self.node.get(key).map_or(self.node.place, |node| node.place);
        let what = format!("uses {newest}, which servers take since 1.{since}");
        let hint = "write it without, or leave it to newer versions of Kubernetes";
        self.reader.within(format!(".{key}"), |reader| reader.young(since, place, &what, hint));
    }

    fn message(&mut self, old: &Declared, total: &mut u64) -> Option<RuleMessage> {
        let text = self.text("message").map(|text| text.trim().to_owned());
        let text = text.filter(|text| !text.is_empty());
        let expression = self.text("messageExpression").map(str::to_owned);
        let expression = expression.filter(|text| !text.is_empty());
        let program = expression.and_then(|expression| {
            let (key, kind) = ("messageExpression", &Type::String);
            self.program((key, &expression), old, kind, total)
        });
        (text.is_some() || program.is_some()).then_some(RuleMessage { text, program })
    }
}

/// That all rules of a schema together may cost too much.
pub(super) fn check_total(root: &Node, total: u64, reader: &mut Reader<'_>) {
    if total > MOST_OF_ALL && reader.faults() == 0 {
        let what = "may cost more than a server allows for all rules together";
        let hint =
            "bound what the rules walk through with `maxItems`, `maxProperties` and `maxLength`";
        reader.fault(root.place, what, hint);
    }
}

/// `.a.b['c-d']` as names.
fn names(path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[', ']']).unwrap_or(after.len());
            found.push(after[..end].to_owned());
            rest = &after[end..];
        } else {
            let after = rest.strip_prefix("['")?;
            let end = quote_end(after)?;
            found.push(after[..end].replace("\\'", "'").replace("\\\\", "\\"));
            rest = after[end..].strip_prefix("']")?;
        }
    }
    (!found.is_empty() && found.iter().all(|name| !name.is_empty())).then_some(found)
}

fn quote_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '\'' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn leads_somewhere(schema: &Node, names: &[String]) -> bool {
    let mut schema = schema;
    for name in names {
        let inner = match schema.get("properties").and_then(Node::as_map) {
            Some(fields) => fields.get(name.as_str()),
            None => schema.get("additionalProperties").filter(|it| it.as_map().is_some()),
        };
        let Some(inner) = inner else { return false };
        schema = inner;
    }
    true
}
