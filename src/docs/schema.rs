//! What a values.schema.json says about the values below one of them.

use serde_json::{Map, Value};

/// How many schemas may say something about one value.
const MAX_VIEWS: usize = 64;

/// All that a schema says about one value: itself, what it refers to and what it demands besides.
#[derive(Debug, Clone)]
pub(super) struct Said<'s> {
    root: &'s Value,
    views: Vec<&'s Map<String, Value>>,
}

impl<'s> Said<'s> {
    pub(super) fn of(root: &'s Value, schema: &'s Value) -> Self {
        let (mut views, mut open) = (Vec::<&Map<_, _>>::new(), vec![schema]);
        while let Some(Value::Object(view)) = open.pop() {
            if views.len() >= MAX_VIEWS || views.iter().any(|known| std::ptr::eq(*known, view)) {
                continue;
            }
            views.push(view);
            let all = view.get("allOf").and_then(Value::as_array).into_iter().flatten().rev();
            open.extend(all);
            let reference = view.get("$ref").and_then(Value::as_str);
            open.extend(reference.and_then(|text| root.pointer(text.strip_prefix('#')?)));
        }
        Self { root, views }
    }

    /// What it says about nothing in particular.
    pub(super) fn nothing(root: &'s Value) -> Self {
        Self { root, views: Vec::new() }
    }

    fn find<T>(&self, ask: impl Fn(&'s Map<String, Value>) -> Option<T>) -> Option<T> {
        self.views.iter().find_map(|view| ask(view))
    }

    /// Its description, or else its title.
    pub(super) fn description(&self) -> Option<String> {
        let text = |name: &str| self.find(|view| view.get(name)?.as_str());
        let text = text("description").or_else(|| text("title"))?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The names of the properties, in order.
    pub(super) fn properties(&self) -> Vec<&'s str> {
        let mut names = Vec::new();
        for view in &self.views {
            let properties = view.get("properties").and_then(Value::as_object);
            let own = properties.into_iter().flat_map(|map| map.keys()).map(String::as_str);
            let new: Vec<_> = own.filter(|name| !names.contains(name)).collect();
            names.extend(new);
        }
        names
    }

    /// What it says about the value under a key.
    pub(super) fn property(&self, name: &str) -> Self {
        let found = self.find(|view| view.get("properties")?.get(name));
        found.map_or_else(|| Self::nothing(self.root), |schema| Self::of(self.root, schema))
    }

    /// What it says about the items of a list.
    pub(super) fn items(&self) -> Self {
        let found = self.find(|view| view.get("items"));
        found.map_or_else(|| Self::nothing(self.root), |schema| Self::of(self.root, schema))
    }

    /// What it says about the values under keys that it does not name.
    fn entries(&self) -> Self {
        let found = self.find(|view| view.get("additionalProperties"));
        found.map_or_else(|| Self::nothing(self.root), |schema| Self::of(self.root, schema))
    }

    /// Whether what it says is, in part, what `others` say: a schema that holds itself.
    pub(super) fn is_among(&self, others: &[Self]) -> bool {
        let is = |one: &Map<_, _>, other: &Map<_, _>| std::ptr::eq(one, other);
        let known = |view: &Map<_, _>| others.iter().flat_map(|o| &o.views).any(|o| is(o, view));
        self.views.iter().any(|view| known(view))
    }

    /// Whether it demands a key.
    pub(super) fn requires(&self, name: &str) -> bool {
        let lists = self.views.iter().filter_map(|view| view.get("required")?.as_array());
        lists.flatten().any(|key| key == name)
    }

    /// Whether the value must not be seen.
    pub(super) fn is_sensitive(&self) -> bool {
        let says =
            |word: &str| self.views.iter().any(|view| view.get(word) == Some(&Value::Bool(true)));
        says("writeOnly") || says("x-jibe-sensitive")
    }

    /// What it may be, in words; none if it says nothing of that.
    pub(super) fn kind(&self) -> Option<String> {
        if let Some(constant) = self.find(|view| view.get("const")) {
            return Some(format!("`{constant}`"));
        }
        if let Some(choices) = self.find(|view| view.get("enum")?.as_array()) {
            return Some(or(choices.iter().map(|choice| match choice.as_str() {
                Some(text) => format!("`{text}`"),
                None => format!("`{choice}`"),
            })));
        }
        let types = self.find(|view| match view.get("type")? {
            Value::Array(names) => Some(names.iter().filter_map(Value::as_str).collect()),
            name => Some(vec![name.as_str()?]),
        });
        match types {
            Some(names) => Some(or(names.into_iter().map(|name| self.word(name)))),
            None => self.alternatives(),
        }
    }

    fn alternatives(&self) -> Option<String> {
        let choices = |word| self.find(|view| view.get(word)?.as_array());
        let choices = choices("anyOf").or_else(|| choices("oneOf"))?;
        let mut kinds: Vec<_> =
            choices.iter().filter_map(|choice| Self::of(self.root, choice).kind()).collect();
        kinds.dedup();
        (!kinds.is_empty()).then(|| or(kinds.into_iter()))
    }

    fn word(&self, name: &str) -> String {
        match name {
            "object" => match self.entries().kind() {
                Some(entries) if self.properties().is_empty() => {
                    format!("map of {}", plural(&entries))
                }
                _ => "map".to_owned(),
            },
            "boolean" => "`true` or `false`".to_owned(),
            "array" => match self.items().kind() {
                Some(items) => format!("list of {}", plural(&items)),
                None => "list".to_owned(),
            },
            name => name.to_owned(),
        }
    }
}

fn or(words: impl Iterator<Item = String>) -> String {
    let words: Vec<_> = words.collect();
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// `lists of maps or strings` of `list of maps or string`.
fn plural(kind: &str) -> String {
    let one = |kind: &str| match kind.split_once(' ') {
        None if ["map", "list", "string", "integer", "number"].contains(&kind) => {
            format!("{kind}s")
        }
        Some((kind @ ("map" | "list"), rest)) => format!("{kind}s {rest}"),
        _ => kind.to_owned(),
    };
    let listed = |kinds: &str| kinds.split(", ").map(one).collect::<Vec<_>>().join(", ");
    kind.split(" or ").map(listed).collect::<Vec<_>>().join(" or ")
}
