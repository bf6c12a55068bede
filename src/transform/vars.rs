//! Variables: `$(NAME)` in some fields is the value of a field of one object.
//!
//! Each kustomization names its variables and finds their objects among its own; all of them are put in once, at the end,
//! when the objects have their last names. A field that is nothing but `$(NAME)` becomes what the value is, a number for
//! instance; within a text its spelling is put in. `$$` is a `$`. What is no variable stays.

use super::field::told;
use super::id::or_default;
use super::replacements::{NAME, Nowhere, find_value, node_at, ways_of_variable};
use super::scalar::{Lasting, string, text_of, truth_of};
use super::shared::{Echo, Share};
use super::{Fault, FieldSpec, Pattern, ResId, Resource, Resources, Text, visit};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::yaml::{Data, Key, Node, Scalar, Style, Value, float_text};
use indexmap::IndexMap;
use std::sync::Arc;

/// How many bytes all variables together may become.
const MAX_EXPANDED_BYTES: usize = 256 * 1024 * 1024;

/// A variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Text,
    /// The kind of the object that it takes its value from; all of it must be said.
    pub pattern: Pattern,
    /// The object's name, now or before.
    pub object: Arc<str>,
    /// The object's namespace; empty means any.
    pub namespace: Arc<str>,
    /// The field; `metadata.name` unless given.
    pub field_path: Option<Text>,
}

/// The variables of a kustomization and of its bases, by name.
#[derive(Debug, Clone, Default)]
pub struct Variables(IndexMap<Arc<str>, Variable>);

impl Variables {
    /// Adds a kustomization's own variables, whose objects are marked.
    ///
    /// # Errors
    /// When a variable could mean several objects, or there is one of its name.
    pub fn add(
        &mut self,
        variables: &[Variable],
        resources: &mut Resources,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        for variable in variables {
            let meant = variable.objects(resources);
            match meant[..] {
                [] => {}
                [at] => resources
                    .edit(at, |object| object.variables.push(Arc::clone(&variable.name.text))),
                [first, second, ..] => {
                    return Err(variable.ambiguous(resources, [first, second], sink));
                }
            }
        }
        variables.iter().try_for_each(|variable| self.insert(variable.clone(), sink))
    }

    /// Adds the variables of a base.
    ///
    /// # Errors
    /// When there is one of the same name.
    pub fn merge(&mut self, others: Self, sink: &mut Sink) -> Result<(), Reported> {
        others.0.into_values().try_for_each(|variable| self.insert(variable, sink))
    }

    fn insert(&mut self, variable: Variable, sink: &mut Sink) -> Result<(), Reported> {
        let name = &variable.name;
        if let Some(first) = self.0.get(&name.text) {
            let message = format!("there is a variable `{}` already", name.text);
            let finding = Diagnostic::error(Code::KustomizeVariable, message).at(name.place, "");
            let finding = finding.also(first.name.place, "this one");
            return Err(sink.error(finding.hint("give one of them another name")));
        }
        self.0.insert(Arc::clone(&name.text), variable);
        Ok(())
    }

    /// Puts the values in where `$(NAME)` stands in one of the fields.
    ///
    /// # Errors
    /// When a variable has no value, or a field is one in which variables cannot be looked for.
    pub fn resolve(
        &self,
        fields: &[FieldSpec],
        resources: &mut Resources,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut expander = Expander::default();
        let owners = owners(resources);
        for (name, variable) in &self.0 {
            let owner = owners.get(name).and_then(|at| resources.get(*at));
            let owner = owner.ok_or_else(|| variable.unowned(resources, sink))?;
            expander.values.insert(Arc::clone(name), (variable.value(owner, sink)?, 0));
        }
        for resource in resources.edit_all() {
            let id = resource.id();
            for spec in fields.iter().filter(|spec| spec.pattern.selects(&id.gvk)) {
                let done = expander.on(resource, spec);
                done.map_err(|fault| sink.error(*told(fault, &spec.path, &id)))?;
            }
        }
        self.tell_unused(&expander, sink);
        Ok(())
    }

    fn tell_unused(&self, expander: &Expander, sink: &mut Sink) {
        for (name, (_, count)) in &expander.values {
            if *count == 0 {
                let place = self.0[name].name.place;
                let message = format!("no field is made of the variable `{name}`");
                let finding = Diagnostic::warning(Code::KustomizeVariable, message).at(place, "");
                let hint = format!(
                    "remove it, or write `$({name})` into a field that `varReference` of a configuration names"
                );
                sink.warn(finding.hint(hint));
            }
        }
    }
}

/// The first object of each variable.
fn owners(resources: &Resources) -> IndexMap<Arc<str>, usize> {
    let mut owners = IndexMap::new();
    for (at, resource) in resources.numbered() {
        for name in &resource.variables {
            owners.entry(Arc::clone(name)).or_insert(at);
        }
    }
    owners
}

impl Variable {
    /// Where the objects stand that it can mean.
    fn objects(&self, resources: &Resources) -> Vec<usize> {
        let is_called = |id: &ResId| {
            id.name == self.object
                && id.gvk.kind == self.pattern.kind
                && id.gvk.group() == &*self.pattern.group
                && id.gvk.version() == &*self.pattern.version
        };
        let is_in = |namespace: &str| {
            self.namespace.is_empty() || or_default(namespace) == or_default(&self.namespace)
        };
        // Whether an object can have a namespace is asked of what it is called now alone.
        let is_now = |id: &ResId| is_called(id) && is_in(id.effective_namespace());
        let was = |id: &ResId| is_called(id) && is_in(&id.namespace);
        let is_meant = |at: &usize| {
            resources.get(*at).is_some_and(|resource| {
                resource.previous_ids().any(|id| was(&id)) || is_now(&resource.id())
            })
        };
        resources.with_any_name(&self.object).iter().copied().filter(is_meant).collect()
    }

    fn ambiguous(
        &self,
        resources: &Resources,
        [first, second]: [usize; 2],
        sink: &mut Sink,
    ) -> Reported {
        let object = |at| resources.get(at).expect("the index is right");
        let (first, second): (&Resource, &Resource) = (object(first), object(second));
        let message = format!(
            "the variable `{}` could take its value from several objects: {}, {}",
            self.name.text,
            first.id(),
            second.id()
        );
        let finding = Diagnostic::error(Code::KustomizeVariable, message)
            .at(self.name.place, "")
            .also(first.place(), "one of them")
            .also(second.place(), "another");
        sink.error(finding.hint("add `namespace` to its `objref`"))
    }

    /// No object has its value.
    fn unowned(&self, resources: &Resources, sink: &mut Sink) -> Reported {
        let (kind, object) = (&self.pattern.kind, &self.object);
        let finding = self.valueless(&format!("no object is `{kind}/{object}`"));
        let finding = finding.at(self.name.place, "");
        let like = resources
            .iter()
            .flat_map(Resource::all_ids)
            .find(|id| id.name == *object && id.gvk.kind == *kind);
        sink.error(match like {
            Some(id) if id.gvk.group() != &*self.pattern.group || id.gvk.version() != &*self.pattern.version => {
                finding.hint(format!("write `apiVersion: {}` in its `objref`", id.gvk.api_version))
            }
            _ => finding.hint("name an object of the same kustomization or of its bases, as it is called in its own file"),
        })
    }

    fn value(&self, owner: &Resource, sink: &mut Sink) -> Result<Held, Reported> {
        let path = self.field_path.as_ref().map_or(NAME, |path| &path.text);
        let place = self.field_path.as_ref().map_or(self.name.place, |path| path.place);
        let lacks = |nowhere: Nowhere, sink: &mut Sink| {
            let finding = self.valueless(&nowhere.message).at(place, "");
            sink.error(finding.also(nowhere.place, "here").hint(match nowhere.near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a field that is there, with a text, a number or a boolean".to_owned(),
            }))
        };
        let ways = ways_of_variable(path).map_err(|(message, hint)| {
            let finding = Diagnostic::error(Code::KustomizeVariable, message).at(place, "");
            sink.error(finding.hint(hint))
        })?;
        let trail = find_value(&owner.node, &ways).map_err(|nowhere| {
            let message = format!("{} has no `{path}`: {}", owner.id(), nowhere.message);
            lacks(Nowhere { message, ..nowhere }, sink)
        })?;
        let node = node_at(&owner.node, &trail).expect("it was just found");
        Held::of(node).ok_or_else(|| {
            let text = text_of(node);
            let message = format!("kustomize cannot read the number `{text}`");
            lacks(Nowhere { message, place: node.place, near: None }, sink)
        })
    }

    fn valueless(&self, message: &str) -> Diagnostic {
        let message = format!("the variable `{}` has no value: {message}", self.name.text);
        Diagnostic::error(Code::KustomizeVariable, message)
    }
}

/// A variable's value.
#[derive(Debug, Clone, PartialEq)]
enum Held {
    Text(Arc<str>),
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A list or map, which is put in nowhere.
    Nothing,
}

impl Held {
    /// The value of a field; none if it is a number that kustomize cannot read.
    fn of(node: &Node) -> Option<Self> {
        let Some(scalar) = node.as_scalar() else { return Some(Self::Nothing) };
        let text = &scalar.text;
        match Lasting::of(scalar) {
            // Decimal digits only: `0644` is 644, and `0x1F` none.
            Lasting::Int => text.parse().ok().map(Self::Int),
            Lasting::Float => float(text).map(Self::Float),
            Lasting::Bool => truth_of(text).map(Self::Bool),
            _ => Some(Self::Text(Arc::clone(text))),
        }
    }

    /// Its spelling within a text.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => float_text(*number),
            Self::Nothing => String::new(),
        }
    }

    /// What a field becomes that is nothing but this.
    fn scalar(&self) -> Scalar {
        let (value, text) = match self {
            Self::Text(text) => return string(text, Style::Plain),
            Self::Bool(truth) => (Value::Bool(*truth), truth.to_string()),
            Self::Int(number) => (Value::Int(*number), number.to_string()),
            // Never with an exponent.
            Self::Float(number) => (Value::Float(*number), number.to_string()),
            Self::Nothing => (Value::Null, String::new()),
        };
        Scalar { value, text: text.into(), style: Style::Plain, tag: None }
    }
}

/// A number as Go reads it: `_` stands between digits.
fn float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_digit =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let is_between = |(at, byte): (usize, &u8)| {
        *byte != b'_' || (is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
    };
    let is_right = bytes.iter().enumerate().all(is_between);
    text.replace('_', "").parse().ok().filter(|number: &f64| is_right && number.is_finite())
}

/// Puts values into texts.
#[derive(Debug, Default)]
struct Expander {
    /// The values and how often each was put in.
    values: IndexMap<Arc<str>, (Held, usize)>,
    bytes: usize,
}

impl Expander {
    /// Expands one field of an object.
    fn on(&mut self, resource: &mut Resource, spec: &FieldSpec) -> Result<(), Fault> {
        let mut echoes = Vec::new();
        visit(&mut resource.node, &spec.path, None, &mut |node| self.field(node, &mut echoes))?;
        echoes.iter().for_each(|echo: &Echo| echo.sound(&mut resource.node));
        Ok(())
    }

    fn field(&mut self, node: &mut Node, echoes: &mut Vec<Echo>) -> Result<(), Fault> {
        if node.is_null() {
            return Ok(());
        }
        match &mut node.data {
            Data::Scalar(_) => self.scalar(node, echoes),
            Data::Map(map) => {
                if let Some(key) = map.keys().find(|key| !is_text(key)) {
                    let message = format!("the key `{}` is no string", key.name);
                    return Err(Fault { message, place: key.place, hint: "put it in quotes" });
                }
                let is_meant = |node: &Node| node.as_scalar().is_some_and(is_string);
                if map.values().any(is_meant) {
                    let values = Arc::make_mut(map).values_mut();
                    return values.into_iter().try_for_each(|node| self.scalar(node, echoes));
                }
                Ok(())
            }
            Data::List(items) => {
                for item in Arc::make_mut(items) {
                    if !item.as_scalar().is_some_and(is_string) {
                        let message = format!("a text is needed here, but this is {}", item.kind());
                        let hint = "put it in quotes: kustomize looks for variables in each item";
                        return Err(Fault { message, place: item.place, hint });
                    }
                    self.scalar(item, echoes)?;
                }
                Ok(())
            }
        }
    }

    /// Expands a text; what is none stays.
    fn scalar(&mut self, node: &mut Node, echoes: &mut Vec<Echo>) -> Result<(), Fault> {
        let place = node.place;
        let Some(old) = node.as_scalar().filter(|scalar| is_string(scalar)) else { return Ok(()) };
        let is_as_it_is =
            old.value == Value::String && old.style != Style::Folded && !old.text.contains('$');
        if is_as_it_is && Lasting::of(old) == Lasting::Text {
            return Ok(());
        }
        let new = match self.whole(&old.text) {
            Some(held) => held.scalar(),
            None => {
                let text = self.expanded(&old.text);
                self.bytes += text.len();
                if self.bytes > MAX_EXPANDED_BYTES {
                    let message =
                        format!("the variables become more than {MAX_EXPANDED_BYTES} bytes");
                    let hint = "name them in fewer fields, or make their values shorter";
                    return Err(Fault { message, place, hint });
                }
                string(&text, Style::Plain)
            }
        };
        match Share::of(old) {
            Some(share) => {
                node.data = Data::Scalar(share.on(new.clone()));
                echoes.push(Echo::new(share, new));
            }
            None => node.data = Data::Scalar(new),
        }
        Ok(())
    }

    /// The value of a variable that is the whole text.
    fn whole(&mut self, text: &str) -> Option<Held> {
        let name = text.strip_prefix("$(")?.strip_suffix(')')?;
        if name.contains(')') {
            return None;
        }
        self.held(name)
    }

    fn held(&mut self, name: &str) -> Option<Held> {
        let (held, count) = self.values.get_mut(name)?;
        if *held == Held::Nothing {
            return None;
        }
        *count += 1;
        Some(held.clone())
    }

    fn expanded(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix('$') {
                out.push('$');
                rest = behind;
                continue;
            }
            let name = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
            match name {
                None => out.push('$'),
                Some((name, behind)) => {
                    match self.held(name) {
                        Some(held) => out.push_str(&held.text()),
                        None => {
                            out.push_str("$(");
                            out.push_str(name);
                            out.push(')');
                        }
                    }
                    rest = behind;
                }
            }
        }
        out + rest
    }
}

/// Whether kustomize takes a scalar for a text, in which it looks for variables.
fn is_string(scalar: &Scalar) -> bool {
    matches!(Lasting::of(scalar), Lasting::Text | Lasting::Open)
}

fn is_text(key: &Key) -> bool {
    key.written.as_deref().is_none_or(is_string)
}

#[cfg(test)]
mod tests {
    use super::{Expander, Held};

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let mut expander = Expander::default();
        for (name, held) in [
            ("A", Held::Text("a".into())),
            ("REF", Held::Text("$(A)".into())),
            ("EMPTY", Held::Text("".into())),
            ("N", Held::Float(1_234_567.0)),
            ("MAP", Held::Nothing),
        ] {
            expander.values.insert(name.into(), (held, 0));
        }
        assert_eq!(expander.expanded(text), expect, "{text}");
    }

    #[test]
    fn a_name_between_brackets_is_the_value_and_what_is_no_name_stays() {
        check("x$(A)y$(A)", "xaya");
        check("foo$(EMPTY)bar", "foobar");
        check("$(NONE)$(MAP)", "$(NONE)$(MAP)");
        check("$A ${A} $( $(A", "$A ${A} $( $(A");
        check("$(A)$", "a$");
    }

    #[test]
    fn two_dollars_are_one_and_a_value_is_not_expanded() {
        check("$$(A) $$$(A) $$$$", "$(A) $a $$");
        check("$(REF)", "$(A)");
        check("$(A$(A))", "$(A$(A))");
    }

    #[test]
    fn a_large_number_within_a_text_has_an_exponent() {
        check("x$(N)", "x1.234567e+06");
        assert_eq!(&*Held::Float(1_234_567.0).scalar().text, "1234567");
    }
}
