//! Paths with `{env}`, `{namespace}` and `{service}` in them.

use crate::diag::nearest;

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

    pub(super) fn filled(&self, environment: &str, namespace: &str, service: &str) -> String {
        let filled = self.0.replace("{env}", environment).replace("{namespace}", namespace);
        filled.replace("{service}", service)
    }

    /// The text before the first placeholder.
    pub(super) fn fixed_start(&self) -> &str {
        self.0.split('{').next().unwrap_or_default()
    }
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
