//! What rules find, for the reasons that a server gives.

use super::at::At;
use super::grammar::Grammar;
use crate::check::schema::{Path, named, shown};
use crate::diag::Code;
use crate::source::Place;
use crate::yaml::Node;

/// One broken rule.
#[derive(Debug, Clone)]
pub(in crate::check) struct Broken {
    /// The server's reason: `api/required` is its `FieldValueRequired`.
    pub(in crate::check) code: Code,
    pub(in crate::check) is_absent: bool,
    pub(in crate::check) path: Path,
    pub(in crate::check) place: Place,
    pub(in crate::check) set_at: Option<Place>,
    pub(in crate::check) message: String,
    pub(in crate::check) hints: Vec<String>,
    pub(in crate::check) is_secret: bool,
}

impl Broken {
    /// Adds a next step.
    pub(super) fn hint(&mut self, text: impl Into<String>) -> &mut Self {
        self.hints.push(text.into());
        self
    }
}

/// What the rules find in one object.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<Broken>);

impl Found {
    /// In the order of the text; nothing is said twice. A server warns only of what it takes.
    pub(super) fn into_sorted(self) -> Vec<Broken> {
        let mut found = self.0;
        if found.iter().any(|one| one.code != Code::ApiWarning) {
            found.retain(|one| one.code != Code::ApiWarning);
        }
        found.sort_by(|a, b| {
            (a.place.span.start, &a.path, a.code).cmp(&(b.place.span.start, &b.path, b.code))
        });
        found.dedup_by(|a, b| (a.code, &a.path, &a.message) == (b.code, &b.path, &b.message));
        found
    }

    /// It must be there and not empty.
    pub(super) fn required(&mut self, at: &At<'_>) -> &mut Broken {
        let what = if at.is_set() { "must not be empty" } else { "is missing" };
        self.add(Code::ApiRequired, at, what)
    }

    /// It is none of the texts that it may be.
    pub(super) fn unsupported(&mut self, at: &At<'_>, choices: &[&str]) -> &mut Broken {
        let what = with_value(&must_be(choices), at);
        self.add(Code::ApiEnum, at, &what)
    }

    /// The list has an item that is none of the texts that it may be; a server names the list.
    pub(super) fn unsupported_item(
        &mut self,
        list: &At<'_>,
        item: &str,
        choices: &[&str],
    ) -> &mut Broken {
        let what = format!("has the item `{item}`, but each {}", must_be(choices));
        self.add(Code::ApiEnum, list, &what)
    }

    /// Its value is wrong; `what` begins with "must".
    pub(super) fn invalid(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        self.add(Code::ApiInvalid, at, &with_value(what, at))
    }

    /// Its text is none of a grammar.
    pub(super) fn not_of(&mut self, at: &At<'_>, grammar: &Grammar) -> &mut Broken {
        self.invalid(at, &format!("must be {}", grammar.what)).hint(grammar.hint)
    }

    /// The same, without showing the value: `what` says all.
    pub(super) fn invalid_whole(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        self.add(Code::ApiInvalid, at, what)
    }

    /// The key that it stands under is not `what` keys must be here.
    pub(super) fn bad_key(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        self.add(Code::ApiInvalid, at, &format!("stands under a key that must be {what}"))
    }

    /// It is there a second time.
    pub(super) fn duplicate(&mut self, at: &At<'_>) -> &mut Broken {
        let given = match at.node().and_then(Node::as_scalar) {
            Some(_) => format!("is {} a second time", shown_at(at)),
            None => "is there a second time".to_owned(),
        };
        self.add(Code::ApiDuplicate, at, &given).hint("remove or rename one of the two")
    }

    /// It names what the object does not have; `what` says which: "no volume".
    pub(super) fn not_found(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        let what = format!("names {}, which is {what} of this object", shown_at(at));
        self.add(Code::ApiReference, at, &what)
    }

    /// The same of what is no single value; `what` begins with "names".
    pub(super) fn dangling(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        self.add(Code::ApiReference, at, what)
    }

    /// It may not be there; `what` begins with "may not".
    pub(super) fn forbidden(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        self.add(Code::ApiForbidden, at, what)
    }

    /// It is longer than `most`, counted in `unit`.
    pub(super) fn too_long(&mut self, at: &At<'_>, most: usize, unit: &str) -> &mut Broken {
        self.add(Code::ApiLength, at, &format!("must have at most {most} {unit}"))
    }

    /// A server takes it and warns of it.
    pub(super) fn warn(&mut self, at: &At<'_>, what: &str) -> &mut Broken {
        self.add(Code::ApiWarning, at, what)
    }

    fn add(&mut self, code: Code, at: &At<'_>, what: &str) -> &mut Broken {
        let path = at.path();
        let broken = Broken {
            code,
            is_absent: !at.is_set(),
            message: format!("{} {what}", named(&path)),
            path,
            place: at.place(),
            set_at: at.set_at(),
            hints: Vec::new(),
            is_secret: at.is_secret(),
        };
        self.0.push(broken);
        self.0.last_mut().expect("one was added")
    }
}

fn must_be(choices: &[&str]) -> String {
    let choices: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    match choices.as_slice() {
        [only] => format!("must be {only}"),
        several => format!("must be one of {}", several.join(", ")),
    }
}

fn with_value(what: &str, at: &At<'_>) -> String {
    match at.node() {
        Some(_) => format!("{what}, but is {}", shown_at(at)),
        None => what.to_owned(),
    }
}

/// `` the string `three` `` — or only `a string` for a secret.
fn shown_at(at: &At<'_>) -> String {
    match at.node() {
        Some(node) if at.is_secret() => node.kind().to_owned(),
        Some(node) => shown(node),
        None => "nothing".to_owned(),
    }
}
