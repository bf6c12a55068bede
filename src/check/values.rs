//! A chart's values against its `values.schema.json`.

use super::schema::{
    Formats, Misspelt, Neighbours, Path, Refused, Rule, Step, Validator, Violation, refuse_unsafe,
};
use crate::diag::{Code, Diagnostic, Reported, Severities, Sink};
use crate::source::{Place, Source};
use crate::yaml::{self, Node};
use serde_json::Value;
use std::sync::Arc;

/// A `values.schema.json`, ready to judge the merged values of any number of targets.
#[derive(Debug)]
pub struct ValuesSchema {
    validator: Validator,
    lines: Lines,
}

/// Where what is missing is to be set.
pub struct Setter<'v> {
    /// The file that should set it, such as `services/web/values.yaml`.
    pub file: &'v str,
    /// The `null` that deleted the value at a path of keys, if one did.
    pub deleted_at: &'v dyn Fn(&[&str]) -> Option<Place>,
    /// The paths that the reference read which made what stands at a place; none if none did.
    pub referred: &'v dyn Fn(Place) -> Option<Vec<String>>,
    /// How much a key weighs that the schema does not know.
    pub severities: &'v Severities,
}

impl Setter<'_> {
    fn deleted(&self, path: &Path) -> Option<Place> {
        let keys = path.steps().iter().map(|step| match step {
            Step::Key(name) => Some(&**name),
            Step::Index(_) => None,
        });
        (self.deleted_at)(&keys.collect::<Option<Vec<_>>>()?)
    }
}

impl ValuesSchema {
    /// Reads a schema. It may refer to itself only: nothing is fetched and no other file is read.
    ///
    /// # Errors
    /// When the file is no JSON or no JSON Schema, refers to what it does not hold, or breaks a limit.
    pub fn read(source: &Source, sink: &mut Sink) -> Result<Self, Reported> {
        let schema: Value = serde_json::from_str(source.text())
            .map_err(|error| sink.error(no_json(source, &error)))?;
        let lines = Lines::of(source, sink)?;
        match refuse_unsafe(&schema) {
            Ok(misspelt) => {
                for one in &misspelt {
                    sink.tell(lines.misspelt(one));
                }
            }
            Err(refused) => {
                let told = refused.into_iter().map(|one| sink.error(lines.refusal(one)));
                return Err(told.last().expect("a refused schema names a reason"));
            }
        }
        match Validator::compile(&Arc::new(schema), Formats::AsDraft) {
            Ok(validator) => Ok(Self { validator, lines }),
            Err(broken) => {
                let finding = Diagnostic::error(Code::ValuesBadSchema, broken.message);
                let finding = finding.at(lines.at(&broken.schema_path), "");
                Err(sink.error(finding.hint(broken.hint)))
            }
        }
    }

    /// Reports what others find wrong with the part of the schema that a JSON pointer names: a message
    /// and a next step.
    pub fn refuse(&self, pointer: &str, (message, hint): (String, &str), sink: &mut Sink) {
        let finding = Diagnostic::error(Code::ValuesBadSchema, message);
        sink.error(finding.at(self.lines.at(pointer), "").hint(hint));
    }

    /// Judges merged values.
    ///
    /// # Errors
    /// When a value breaks a rule; each is reported at the line that set it.
    pub fn check(
        &self,
        values: &Node,
        setter: &Setter<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let found = self.validator.validate(values, Neighbours::Merged, &|_| false);
        let found = found.into_iter().map(|violation| self.finding(violation, setter));
        let errors = found.filter_map(|finding| sink.weigh(finding, setter.severities));
        errors.last().map_or(Ok(()), Err)
    }

    fn finding(&self, violation: Violation, setter: &Setter<'_>) -> Diagnostic {
        let rule = self.lines.at(&violation.schema_path);
        let code = match violation.rule {
            Rule::UnknownKey => Code::ValuesUnknownKey,
            Rule::Missing => Code::ValuesMissing,
            Rule::Type | Rule::Value | Rule::Definition => Code::ValuesSchema,
        };
        let of_whole = violation.path.steps().len() < 2;
        let is_missing = violation.rule == Rule::Missing;
        let deleted = is_missing.then(|| setter.deleted(&violation.path)).flatten();
        let mut finding = Diagnostic::error(code, violation.message);
        finding = match (violation.rule, deleted) {
            (Rule::Missing, Some(place)) => {
                finding.at(place, "this null deletes it").also(rule, "required here")
            }
            // The map that lacks a value at the top is all values together, which stand in no one place.
            (Rule::Missing, None) if of_whole => finding.at(rule, "required here"),
            _ => finding.at(violation.place, "").also(rule, "the schema says so here"),
        };
        if violation.is_secret {
            finding = finding.without_excerpts();
        }
        if deleted.is_some() {
            finding = finding.hint(
                "give it a value there, or remove the line so that a weaker layer's value holds",
            );
        } else if is_missing {
            finding = finding.hint(format!("set `{}` in {}", violation.path, setter.file));
        }
        match (setter.referred)(violation.place).filter(|_| !is_missing) {
            Some(paths) => finding.hint(of_reference(&paths)),
            None => {
                finding.hints.extend(violation.hints);
                finding
            }
        }
    }
}

/// The next step where a reference gives what the schema refuses.
fn of_reference(paths: &[String]) -> String {
    let paths: Vec<_> = paths.iter().take(3).map(|path| format!("`{path}`")).collect();
    match paths.as_slice() {
        [] => "it is what the reference gives: change its expression".to_owned(),
        paths => format!(
            "it is what the reference gives: change its expression, or what it reads: {}",
            paths.join(", ")
        ),
    }
}

fn no_json(source: &Source, error: &serde_json::Error) -> Diagnostic {
    let reason = yaml::json_problem(error);
    let before = source.text().lines().take(error.line().saturating_sub(1));
    let start: usize =
        before.map(|line| line.len() + 1).sum::<usize>() + error.column().saturating_sub(1);
    Diagnostic::error(Code::ValuesBadSchema, format!("not JSON: {reason}"))
        .at(source.place(start, start + 1), "")
        .hint("correct the file: it must be a JSON Schema written as JSON")
}

/// Where in the file the parts of a schema stand.
#[derive(Debug)]
struct Lines {
    /// JSON is nearly YAML: the one reader that knows places reads it again. None where it cannot.
    tree: Option<Node>,
    whole: Place,
}

impl Lines {
    /// Reads them.
    ///
    /// # Errors
    /// When a key stands twice in one object, of which JSON readers take the last in silence.
    fn of(source: &Source, sink: &mut Sink) -> Result<Self, Reported> {
        let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
        let documents = documents.unwrap_or_else(|problems| {
            for twice in problems.into_iter().filter(|one| one.code == Code::YamlDuplicateKey) {
                sink.error(twice.in_file(source.id()));
            }
            Vec::new()
        });
        sink.passed()?;
        let tree = documents.into_iter().next().map(|document| document.root);
        Ok(Self { tree, whole: source.place(0, 1) })
    }

    /// The place of the part that a JSON pointer names, or of the last part before it that is there.
    fn at(&self, pointer: &str) -> Place {
        let Some(tree) = &self.tree else { return self.whole };
        let mut node = tree;
        let mut place = self.whole;
        for token in pointer.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            let next = match node.as_map() {
                Some(map) => map.get_key_value(name.as_str()).map(|(key, node)| (key.place, node)),
                None => {
                    let items = node.as_list().zip(name.parse::<usize>().ok());
                    items.and_then(|(items, i)| items.get(i)).map(|item| (item.place, item))
                }
            };
            let Some((at, next)) = next else { break };
            (place, node) = (at, next);
        }
        place
    }

    fn misspelt(&self, found: &Misspelt) -> Diagnostic {
        let message =
            format!("no JSON Schema knows the word `{}`, so it judges nothing", found.word);
        let finding = Diagnostic::warning(Code::ValuesBadSchema, message);
        let finding = finding.at(self.at(&found.schema_path), "");
        finding.hint(format!("did you mean `{}`? Words of your own begin with `x-`", found.near))
    }

    fn refusal(&self, refused: Refused) -> Diagnostic {
        let finding = Diagnostic::error(Code::ValuesBadSchema, refused.message);
        finding.at(self.at(&refused.schema_path), "").hint(refused.hint)
    }
}
