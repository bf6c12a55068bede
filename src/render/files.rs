//! `files`: the texts in a chart's `files/` folder, templates among them rendered.

use super::refusal::Refusal;
use super::run::Run;
use super::scope;
use super::watched;
use crate::diag::{Code, Diagnostic, nearest};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One text file.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    /// Its path below `files/`, without `.j2`.
    pub name: String,
    pub content: Content,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    /// The text itself.
    Plain(Arc<str>),
    /// The engine's name of the template that makes it.
    Template(String),
}

/// `files`: a map of name and text.
#[derive(Debug)]
pub(super) struct Files(pub(super) Arc<Run>);

impl Files {
    fn text(&self, name: &str, state: &mut State<'_, '_>) -> Result<Value, Error> {
        let Some(file) = self.0.files.iter().find(|file| file.name == name) else {
            return Err(self.missing(name).into());
        };
        let since = self.0.log().tracer().map(|tracer| tracer.mark());
        let secrets = self.0.log().mark_secrets();
        let text = match &file.content {
            Content::Plain(text) => Value::from(text),
            Content::Template(template) => render(&self.0, template, state)?,
        };
        if let (Some(since), Some(tracer)) = (since, self.0.log().tracer()) {
            return Ok(tracer.made_file(name, &text, since));
        }
        Ok(match self.0.is_watched() {
            true => watched::of_file(&self.0, secrets, &text),
            false => text,
        })
    }

    fn missing(&self, name: &str) -> Refusal {
        let known = self.0.files.iter().map(|file| file.name.as_str());
        let plain = name.strip_prefix("files/").unwrap_or(name);
        let plain = plain.strip_suffix(".j2").unwrap_or(plain);
        let hint = match nearest(name, known.clone()) {
            _ if plain != name && known.clone().any(|known| known == plain) => format!(
                "write `{plain}`: a file is called by its path below `files/`, without `.j2`"
            ),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("put it into the chart as `files/{name}` or `files/{name}.j2`"),
        };
        let message = format!("the chart has no file `files/{name}`");
        Diagnostic::error(Code::TemplateFailed, message).hint(hint).into()
    }

    /// The files that match a pattern, by file name without folders.
    fn matching(&self, pattern: &str, state: &mut State<'_, '_>) -> Result<Value, Error> {
        let mut found = BTreeMap::new();
        for file in self.0.files.iter().filter(|file| matches(pattern, &file.name)) {
            let short = file.name.rsplit('/').next().unwrap_or_default();
            let text = self.text(&file.name, state)?;
            if found.insert(short, text).is_some() {
                let message =
                    format!("`{pattern}` matches several files that are called `{short}`");
                let finding = Diagnostic::error(Code::TemplateFailed, message);
                return Err(Refusal::from(finding.hint("name one folder in the pattern")).into());
            }
        }
        if found.is_empty() {
            let message = format!("no file in `files/` matches `{pattern}`");
            let finding = Diagnostic::error(Code::TemplateFailed, message);
            let hint = "`*` stands for any characters but `/`, `**` for those too";
            return Err(Refusal::from(finding.hint(hint)).into());
        }
        Ok(Value::from_pairs(found))
    }
}

/// Renders a template of the chart to text within a render.
fn render(run: &Arc<Run>, template: &str, state: &mut State<'_, '_>) -> Result<Value, Error> {
    let template = state.env().get_template(template)?;
    run.nest(|| within(state, || template.render_captured(scope::scope(run))))
}

/// Does a render within another, which pays for it.
pub(super) fn within<'a>(
    state: &State<'_, '_>,
    render: impl FnOnce() -> Result<minijinja::Captured<'a>, Error>,
) -> Result<Value, Error> {
    let rendered = render()?;
    if let Some((used, _)) = rendered.state().fuel_levels() {
        state.consume_fuel(used)?;
    }
    Ok(Value::from(rendered.output()))
}

impl Object for Files {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        None
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let argument = || match args {
            [argument] => argument.as_str().map(str::to_owned),
            _ => None,
        };
        let wrong = || {
            let message = format!("`files.{method}` takes one name or pattern in quotes");
            Error::new(ErrorKind::InvalidOperation, message)
        };
        match method {
            "get" => self.text(&argument().ok_or_else(wrong)?, state),
            "glob" => self.matching(&argument().ok_or_else(wrong)?, state),
            "exists" => {
                let name = argument().ok_or_else(wrong)?;
                Ok(Value::from(self.0.files.iter().any(|file| file.name == name)))
            }
            "names" => {
                let pattern = argument().ok_or_else(wrong)?;
                let names = self.0.files.iter().map(|file| file.name.as_str());
                Ok(names.filter(|name| matches(&pattern, name)).map(Value::from).collect())
            }
            _ => Err(Error::new(
                ErrorKind::InvalidOperation,
                "`files` has `get(name)`, `glob(pattern)`, `names(pattern)` and `exists(name)`",
            )),
        }
    }
}

/// Whether a name matches a pattern of `*` (no `/`), `**` (any) and `?` (one character but `/`).
fn matches(pattern: &str, name: &str) -> bool {
    // `open` holds the positions of the pattern that the name so far can have reached.
    let pattern: Vec<char> = pattern.chars().collect();
    let closure = |mut open: Vec<bool>| {
        for at in 0..pattern.len() {
            if open[at] && pattern[at] == '*' {
                open[at + 1] = true;
            }
        }
        open
    };
    let mut open = vec![false; pattern.len() + 1];
    open[0] = true;
    open = closure(open);
    for c in name.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for at in (0..pattern.len()).filter(|at| open[*at]) {
            let doubled = pattern.get(at + 1) == Some(&'*')
                || (at > 0 && pattern[at] == '*' && pattern[at - 1] == '*');
            match pattern[at] {
                '*' if c != '/' || doubled => next[at] = true,
                '?' if c != '/' => next[at + 1] = true,
                literal if literal == c && literal != '*' => next[at + 1] = true,
                _ => {}
            }
        }
        open = closure(next);
    }
    open[pattern.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_within_folders_unless_doubled() {
        assert!(matches("*.conf", "nginx.conf") && !matches("*.conf", "a/nginx.conf"));
        assert!(matches("**.conf", "a/nginx.conf") && matches("**", "a/b/c"));
        assert!(matches("conf/*", "conf/a") && !matches("conf/*", "conf/a/b"));
        assert!(matches("a?c", "abc") && !matches("a?c", "a/c") && matches("*", ".hidden"));
        assert!(!matches("*.conf", "nginx.con") && matches("a*b*c", "aXbYc"));
    }
}
