//! Paths with `{env}`, `{namespace}` and `{service}` in them.

use crate::diag::nearest;
use std::borrow::Cow;

const KNOWN: [&str; 3] = ["env", "namespace", "service"];

/// What people write for the placeholders out of habit.
const HABITS: [(&str, &str); 4] =
    [("environment", "env"), ("ns", "namespace"), ("name", "service"), ("svc", "service")];

/// A text whose placeholders are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pattern(String);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, and the next step.
    pub(super) fn parse(text: &str) -> Result<Self, (String, String)> {
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let inside = rest[at..].strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let Some((name, behind)) = inside else {
                let message = format!("`{text}` has a brace without its partner");
                return Err((message, format!("write {}", listed())));
            };
            if !KNOWN.contains(&name) {
                return Err((
                    format!("`{text}` has the unknown placeholder `{{{name}}}`"),
                    meant(name),
                ));
            }
            rest = behind;
        }
        Ok(Self(text.to_owned()))
    }

    /// The path of a target.
    pub(super) fn filled(&self, environment: &str, namespace: &str, service: &str) -> String {
        self.filled_or_left_out(Some(environment), Some(namespace), service)
    }

    /// The path without the folders whose placeholder stands for nothing.
    pub(super) fn filled_or_left_out(
        &self,
        environment: Option<&str>,
        namespace: Option<&str>,
        service: &str,
    ) -> String {
        let fill = |part| {
            let part = filled(Cow::Borrowed(part), "{env}", environment)?;
            let part = filled(part, "{namespace}", namespace)?;
            filled(part, "{service}", Some(service))
        };
        self.0.split('/').filter_map(fill).collect::<Vec<_>>().join("/")
    }

    /// The text before the first placeholder.
    pub(super) fn fixed_start(&self) -> &str {
        self.0.split('{').next().unwrap_or_default()
    }
}

fn filled<'p>(part: Cow<'p, str>, placeholder: &str, value: Option<&str>) -> Option<Cow<'p, str>> {
    if !part.contains(placeholder) {
        return Some(part);
    }
    value.map(|value| part.replace(placeholder, value).into())
}

fn meant(name: &str) -> String {
    let habit = HABITS.iter().find(|(habit, _)| *habit == name).map(|(_, known)| *known);
    match habit.or_else(|| nearest(name, KNOWN)) {
        Some(known) => format!("did you mean `{{{known}}}`?"),
        None => format!("write {}", listed()),
    }
}

fn listed() -> String {
    "`{env}`, `{namespace}` or `{service}`".to_owned()
}
