//! The object that a generator makes.

use super::Datum;
use crate::diag::{Code, Diagnostic, Excerpt, Reported, Sink};
use crate::source::Place;
use crate::transform::scalar::{new_key, new_string, string};
use crate::transform::{Fault, Resource, Text};
use crate::yaml::{self, Data, Key, Map, Node, Scalar, Style, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which object is made.
#[derive(Debug, Clone)]
pub enum GeneratedKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret of this type.
    Secret(Arc<str>),
}

impl GeneratedKind {
    /// Its kind.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret(_) => "Secret",
        }
    }

    /// Whether reports may show the lines that it is made of.
    #[must_use]
    pub fn excerpt(&self) -> Excerpt {
        match self {
            Self::ConfigMap => Excerpt::Shown,
            Self::Secret(_) => Excerpt::Hidden,
        }
    }
}

/// What an object is made of.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Which object it is.
    pub kind: GeneratedKind,
    /// Where it is asked for.
    pub place: Place,
    /// Its name.
    pub name: Text,
    /// Its namespace.
    pub namespace: Option<Text>,
    /// Its labels.
    pub labels: Vec<(Arc<str>, Text)>,
    /// Its annotations.
    pub annotations: Vec<(Arc<str>, Text)>,
    /// Whether it may not be changed in the cluster.
    pub is_immutable: bool,
    /// Its data, in any order.
    pub data: Vec<Datum>,
}

/// Makes a ConfigMap or Secret.
///
/// Texts go to `data` and other bytes to `binaryData`; those of a Secret to `data` in base64.
///
/// # Errors
/// When the name is empty, a key is there twice, or kustomize would write one that is no text.
pub fn make(recipe: &Recipe, sink: &mut Sink) -> Result<Resource, Reported> {
    let excerpt = recipe.kind.excerpt();
    let data = unique(recipe).map_err(|finding| sink.error(*finding))?;
    let node = recipe.object(&data).map_err(|fault| sink.error(super::told(fault, excerpt)))?;
    Ok(Resource::new(node))
}

/// The data by key.
fn unique(recipe: &Recipe) -> Result<BTreeMap<&str, &Datum>, Box<Diagnostic>> {
    let mut data: BTreeMap<&str, &Datum> = BTreeMap::new();
    for datum in &recipe.data {
        if let Some(first) = data.insert(&datum.key, datum) {
            let (kind, name) = (recipe.kind.name(), &recipe.name.text);
            let message = format!("the {kind} `{name}` is given the key `{}` twice", datum.key);
            let finding = Diagnostic::error(Code::KustomizeData, message)
                .at(datum.place, "")
                .also(first.place, "the first of them")
                .hint("leave one out, or give it another name");
            return Err(Box::new(match recipe.kind.excerpt() {
                Excerpt::Shown => finding,
                Excerpt::Hidden => finding.without_excerpts(),
            }));
        }
    }
    Ok(data)
}

impl Recipe {
    fn object(&self, data: &BTreeMap<&str, &Datum>) -> Result<Node, Fault> {
        if self.name.text.is_empty() {
            let message = format!("a generated {} needs a name", self.kind.name());
            return Err(Fault { message, place: self.place, hint: "add `name`" });
        }
        let mut object = Map::default();
        let mut put = |key: &str, node: Node| drop(object.insert(Key::new(key, self.place), node));
        put("apiVersion", Node::string("v1", self.place));
        put("kind", Node::string(self.kind.name(), self.place));
        put("metadata", self.metadata()?);
        if let GeneratedKind::Secret(own) = &self.kind {
            put("type", Node::new(Data::Scalar(new_string(own)), self.place));
        }
        for (key, node) in self.fields(data)? {
            put(key, node);
        }
        if self.is_immutable {
            let truth = Data::Scalar(Scalar::plain(Value::Bool(true)));
            put("immutable", Node::new(truth, self.place));
        }
        Ok(Node::map(object, self.place))
    }

    fn metadata(&self) -> Result<Node, Fault> {
        let mut metadata = Map::default();
        let text = |text: &Text| Node::new(Data::Scalar(new_string(&text.text)), text.place);
        metadata.insert(Key::new("name", self.place), text(&self.name));
        if let Some(namespace) = &self.namespace {
            metadata.insert(Key::new("namespace", self.place), text(namespace));
        }
        for (field, pairs) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            let mut map = Map::default();
            for (name, value) in pairs {
                let scalar = Data::Scalar(string(&value.text, Style::Single));
                map.insert(new_key(name, value.place)?, Node::new(scalar, value.place));
            }
            if !map.is_empty() {
                metadata.insert(Key::new(field, self.place), Node::map(map, self.place));
            }
        }
        Ok(Node::map(metadata, self.place))
    }

    /// `data` and `binaryData`, as far as they hold something; a Secret always has `data`.
    fn fields(&self, data: &BTreeMap<&str, &Datum>) -> Result<Vec<(&'static str, Node)>, Fault> {
        let (mut texts, mut binary) = (Map::default(), Map::default());
        for (key, datum) in data {
            let key = new_key(key, datum.place)?;
            let text = str::from_utf8(&datum.value);
            let (map, text) = match (&self.kind, text) {
                (GeneratedKind::ConfigMap, Ok(text)) => (&mut texts, text.to_owned()),
                (GeneratedKind::ConfigMap, Err(_)) => (&mut binary, folded_base64(&datum.value)),
                (GeneratedKind::Secret(_), _) => (&mut texts, folded_base64(&datum.value)),
            };
            // Nothing shows a line of a Secret: a file of lines does not tell that it holds one.
            let place = match self.kind {
                GeneratedKind::ConfigMap => datum.place,
                GeneratedKind::Secret(_) => self.place,
            };
            map.insert(key, value(&text, place)?);
        }
        let is_secret = matches!(self.kind, GeneratedKind::Secret(_));
        let fields = [("data", texts, is_secret), ("binaryData", binary, false)];
        let kept = fields.into_iter().filter(|(_, map, stays)| *stays || !map.is_empty());
        Ok(kept.map(|(key, map, _)| (key, Node::map(map, self.place))).collect())
    }
}

/// A value of `data`: a block if it has several lines.
///
/// # Errors
/// When kustomize writes a block that it cannot read again.
pub(super) fn value(text: &str, place: Place) -> Result<Node, Fault> {
    if !text.contains('\n') {
        return Ok(Node::new(Data::Scalar(new_string(text)), place));
    }
    if text.starts_with('\t') && yaml::fits_into_block(text) {
        let message =
            "kustomize cannot build a text of several lines that begins with a tab".to_owned();
        return Err(Fault { message, place, hint: "begin it with something else" });
    }
    Ok(Node::new(Data::Scalar(string(text, Style::Literal)), place))
}

/// Base64 in lines of 70 characters, each with a break behind it; a shorter text is one line without.
fn folded_base64(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let text = STANDARD.encode(bytes);
    if text.len() < LINE {
        return text;
    }
    let lines =
        text.as_bytes().chunks(LINE).map(|line| str::from_utf8(line).expect("base64 is ASCII"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::folded_base64;

    #[test]
    fn base64_of_70_characters_and_more_has_a_break_behind_each_line() {
        assert_eq!(folded_base64(b"a"), "YQ==");
        assert_eq!(folded_base64(&[0; 51]), "A".repeat(68));
        assert_eq!(folded_base64(&[0; 54]), format!("{}\nAA\n", "A".repeat(70)));
    }
}
