//! JSON patches (RFC 6902): operations by path.
//!
//! Source of the rules: `evanphx/json-patch` v4, with which kustomize applies them, observed through 5.6.0: `replace` adds a
//! field that is missing, a negative index counts from behind, what stands before the first `/` of a path is ignored. The
//! whole object goes through JSON, where every number becomes a float of 64 bits. By exact rules nothing of this is so.

use super::exact;
use super::spelling::{marked, placed};
use crate::manifest::{Edit, Effect};
use crate::source::Place;
use crate::transform::Fault;
use crate::yaml::{self, Data, Key, Map, Node, Scalar, Value};
use std::sync::Arc;

#[cfg(test)]
mod tests;

pub(super) const HINT: &str = "correct the operation: its `path` says the way from the object's top, with `/` between the names";

/// How many values the copies of one patch may hold in one object.
const MAX_COPIED: usize = 1_000_000;

/// The operations of a patch, in order.
#[derive(Debug, Clone)]
pub struct JsonPatch {
    operations: Vec<Node>,
    place: Place,
    rules: PatchRules,
}

/// By what rules a JSON patch is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchRules {
    /// As kustomize does it: `replace` adds what is missing, the whole object goes through JSON.
    AsKustomize,
    /// As RFC 6902 has it, but that an operation has no field of another name: `replace` needs something to replace, and what
    /// no operation names stays as it is.
    Exact,
}

impl JsonPatch {
    /// A patch without operations, which still takes the object through JSON.
    #[must_use]
    pub fn empty(place: Place) -> Self {
        Self { operations: Vec::new(), place, rules: PatchRules::AsKustomize }
    }

    /// Reads a list of operations; null is an empty one. What an operation lacks is found when it is applied.
    ///
    /// # Errors
    /// When it is no list of maps.
    pub fn read(node: &Node) -> Result<Self, Fault> {
        let (place, rules) = (node.place, PatchRules::AsKustomize);
        if node.is_null() {
            return Ok(Self { operations: Vec::new(), place, rules });
        }
        let Some(operations) = node.as_list() else {
            let message = format!("a JSON patch is a list of operations, not {}", node.kind());
            return Err(Fault { message, place, hint: HINT });
        };
        match operations.iter().find(|node| node.as_map().is_none() && !node.is_null()) {
            None => Ok(Self { operations: operations.iter().map(placed).collect(), place, rules }),
            Some(node) => {
                let message = format!("an operation is a map, not {}", node.kind());
                Err(Fault { message, place: node.place, hint: HINT })
            }
        }
    }

    /// The same operations, to be applied by these rules.
    ///
    /// # Errors
    /// By exact rules, when an operation lacks something, has a field that there is not, or a path that is none.
    pub fn by(self, rules: PatchRules) -> Result<Self, Fault> {
        let operations = match rules {
            PatchRules::AsKustomize => self.operations,
            PatchRules::Exact => {
                self.operations.iter().try_for_each(exact::check)?;
                self.operations.iter().map(marked).collect()
            }
        };
        Ok(Self { rules, operations, ..self })
    }

    /// By what rules it is applied.
    pub(super) fn rules(&self) -> PatchRules {
        self.rules
    }

    /// Whether it has no operations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Applies the operations to an object, and notes what they change by exact rules.
    ///
    /// # Errors
    /// When one cannot be applied; what became of the object by then is lost.
    pub(super) fn apply(&self, object: Node, edits: &mut Vec<Edit>) -> Result<Node, Fault> {
        let (mut root, rules) = (object, self.rules);
        if rules == PatchRules::AsKustomize {
            yaml::spell_out(&mut root);
        }
        let mut room = MAX_COPIED;
        for node in &self.operations {
            let operation = Operation { node, rules };
            if rules == PatchRules::Exact {
                edits.extend(operation.edits(&root));
            }
            operation.apply(&mut root, &mut room)?;
        }
        match root.as_map() {
            Some(_) if rules == PatchRules::Exact => Ok(root),
            Some(_) => Ok(yaml::through_json(&root)),
            None => Err(Fault {
                message: format!("the patch leaves {} of the object", root.kind()),
                place: self.place,
                hint: HINT,
            }),
        }
    }
}

/// One operation.
#[derive(Clone, Copy)]
struct Operation<'n> {
    node: &'n Node,
    rules: PatchRules,
}

impl Operation<'_> {
    fn apply(self, root: &mut Node, room: &mut usize) -> Result<(), Fault> {
        let op = self.text("op")?;
        match &*op {
            "add" => self.add(root, self.value()),
            "remove" => self.within(root, "path", remove).map(drop),
            "replace" => self.replace(root),
            "move" => {
                let value = self.within(root, "from", remove)?;
                self.add(root, value)
            }
            "copy" => {
                let value = self.found(root, "from")?;
                if !fits(&value, room) {
                    let message = format!("the patch copies more than {MAX_COPIED} values");
                    return Err(self.fault(message, "from"));
                }
                self.add(root, value)
            }
            "test" => self.test(root),
            other => Err(exact::no_operation(other, self.node)),
        }
    }

    /// What it is about to change in an object.
    fn edits(self, root: &Node) -> Vec<Edit> {
        let edit = |field: &str, effect: Effect| {
            let path = self.node.get(field)?.as_str()?;
            let path: Vec<Arc<str>> = names_of(path).map(Arc::from).collect();
            let before = path.iter().try_fold(root, |node, name| at(node, name)).cloned();
            let said = self.node.get("value").or(self.node.get(field)).unwrap_or(self.node);
            Some(Edit { path, before, effect, place: said.place })
        };
        let (from, path) = match self.node.get("op").and_then(Node::as_str) {
            Some("remove") => (None, edit("path", Effect::Removed)),
            Some("move") => (edit("from", Effect::Removed), edit("path", Effect::Set)),
            Some("add" | "replace" | "copy") => (None, edit("path", Effect::Set)),
            _ => (None, None),
        };
        from.into_iter().chain(path).collect()
    }

    fn add(self, root: &mut Node, value: Node) -> Result<(), Fault> {
        if self.rules == PatchRules::Exact && self.text("path")?.is_empty() {
            return self.replace_all(root, value);
        }
        self.within(root, "path", |holder, key| add(holder, key, value))
    }

    fn replace(self, root: &mut Node) -> Result<(), Fault> {
        let value = self.value();
        if self.text("path")?.is_empty() {
            return self.replace_all(root, value);
        }
        self.within(root, "path", |holder, key| match get(holder, key)? {
            None if self.rules == PatchRules::Exact => {
                Err("there is nothing to be replaced".to_owned())
            }
            _ => set(holder, key, value),
        })
    }

    /// Puts a value in the place of the whole object.
    fn replace_all(self, root: &mut Node, value: Node) -> Result<(), Fault> {
        match self.rules {
            PatchRules::Exact if value.as_map().is_none() => {
                let message = format!("{} cannot take the place of the object", value.kind());
                Err(self.fault(message, "value"))
            }
            // Nor can a scalar; kustomize takes no notice of it.
            PatchRules::AsKustomize if value.as_scalar().is_some() => Ok(()),
            _ => {
                *root = value;
                Ok(())
            }
        }
    }

    fn test(self, root: &mut Node) -> Result<(), Fault> {
        let path = self.text("path")?;
        let wanted = self.value();
        let found = match path.is_empty() {
            true => root.clone(),
            false => self.found(root, "path")?,
        };
        if exact::is_same(&found, &wanted, self.rules) {
            return Ok(());
        }
        let shown = match (found.as_scalar(), wanted.as_scalar()) {
            (Some(own), Some(other)) if own.text == other.text => {
                format!("`{}`, which is {},", own.text, found.kind())
            }
            (Some(scalar), _) => format!("`{}`", scalar.text),
            (None, None) if found.kind() == wanted.kind() => {
                found.kind().replacen("a ", "another ", 1)
            }
            (None, _) => found.kind().to_owned(),
        };
        Err(self.fault(format!("the object has {shown} at `{path}`"), "value"))
    }

    /// What stands at a path; where nothing does, null or an error.
    fn found(self, root: &mut Node, field: &str) -> Result<Node, Fault> {
        if self.rules == PatchRules::AsKustomize {
            return Ok(self.within(root, field, get)?.unwrap_or_else(|| self.null()));
        }
        if self.text(field)?.is_empty() {
            return Ok(root.clone());
        }
        self.within(root, field, |holder, key| {
            get(holder, key)?.ok_or_else(|| "the object has nothing".to_owned())
        })
    }

    /// Does something with the map or list that a path leads to and the last name of the path.
    fn within<T>(
        self,
        root: &mut Node,
        field: &str,
        work: impl FnOnce(&mut Node, &str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        let path = self.text(field)?;
        let names: Vec<String> = names_of(&path).collect();
        let Some((last, way)) = names.split_last() else {
            return Err(self.fault(format!("the path `{path}` does not begin with `/`"), field));
        };
        let mut holder = root;
        for (depth, name) in way.iter().enumerate() {
            self.position(holder, name).map_err(|message| self.fault(message, field))?;
            if step(holder, name).is_none() {
                return Err(self.no_way(holder, (&names, depth), field));
            }
            holder = step(holder, name).expect("looked up just before");
        }
        if holder.as_scalar().is_some() {
            let message = format!("`/{}` is {}, which holds nothing", way.join("/"), holder.kind());
            return Err(self.fault(message, field));
        }
        let done = self.position(holder, last).and_then(|()| work(holder, last));
        done.map_err(|message| self.fault(format!("{message} at `{path}`"), field))
    }

    /// By exact rules a position in a list is a plain number.
    fn position(self, holder: &Node, name: &str) -> Result<(), String> {
        let is_plain = name == "-" || name == "0" || !name.starts_with(['-', '+', '0']);
        match self.rules == PatchRules::Exact && holder.as_list().is_some() && !is_plain {
            true => Err(format!("`{name}` is no position in a list")),
            false => Ok(()),
        }
    }

    /// Reports that a map or list has nothing under a name, which may be the beginning of one with `/` in it.
    fn no_way(self, holder: &Node, (names, depth): (&[String], usize), field: &str) -> Fault {
        let missing = format!("the object has no `/{}`", names[..=depth].join("/"));
        let whole = |end: usize| names[depth..=end].join("/");
        let known = (depth + 1..names.len()).find(|end| holder.get(&whole(*end)).is_some());
        let is_prefix =
            depth > 0 && matches!(&*names[depth - 1], "labels" | "annotations" | "matchLabels");
        let Some(end) = known.or(Some(names.len() - 1).filter(|_| is_prefix)) else {
            return self.fault(missing, field);
        };
        let parts: Vec<_> = names[depth..=end].iter().map(|name| name.replace('~', "~0")).collect();
        let (name, written) = (whole(end), parts.join("~1"));
        let message = format!("{missing}; the name `{name}` is written `{written}`");
        Fault { hint: "write each `/` within a name as `~1`", ..self.fault(message, field) }
    }

    /// A text that the operation needs.
    pub(super) fn text(self, field: &str) -> Result<Arc<str>, Fault> {
        match self.node.get(field) {
            None => Err(exact::lacks(field, self.node)),
            Some(node) => match node.as_scalar() {
                Some(scalar) if scalar.as_str().is_some() => Ok(Arc::clone(&scalar.text)),
                _ => Err(self.fault(format!("`{field}` is {}, not a string", node.kind()), field)),
            },
        }
    }

    /// The value, null if there is none.
    fn value(self) -> Node {
        self.node.get("value").cloned().unwrap_or_else(|| self.null())
    }

    fn null(self) -> Node {
        Node::new(Data::Scalar(Scalar::plain(Value::Null)), self.node.place)
    }

    fn fault(self, message: String, field: &str) -> Fault {
        let place = self.node.get(field).unwrap_or(self.node).place;
        let hint = match field {
            "value" => "correct the value, or what the object has",
            _ => HINT,
        };
        Fault { message, place, hint }
    }
}

/// Whether a value fits into the room that is left, which it takes: copies of copies would fill any memory.
fn fits(node: &Node, room: &mut usize) -> bool {
    let Some(left) = room.checked_sub(1) else { return false };
    *room = left;
    match &node.data {
        Data::Scalar(_) => true,
        Data::List(items) => items.iter().all(|item| fits(item, room)),
        Data::Map(map) => map.values().all(|node| fits(node, room)),
    }
}

/// The names of a path.
fn names_of(path: &str) -> impl Iterator<Item = String> {
    path.split('/').skip(1).map(unescaped)
}

/// A name of a path without its escapes.
fn unescaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('~') {
        out.push_str(&rest[..at]);
        let (text, length) = match rest.as_bytes().get(at + 1) {
            Some(b'0') => ("~", 2),
            Some(b'1') => ("/", 2),
            _ => ("~", 1),
        };
        out.push_str(text);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

/// The map or list under a name; nothing leads through null.
fn step<'n>(holder: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    match &mut holder.data {
        Data::Map(map) => Arc::make_mut(map).get_mut(name),
        Data::List(items) => {
            let at = index(name, items.len()).ok()?;
            Arc::make_mut(items).get_mut(at)
        }
        Data::Scalar(_) => None,
    }
}

/// The same, of an object that stays as it is.
fn at<'n>(holder: &'n Node, name: &str) -> Option<&'n Node> {
    match holder.as_list() {
        Some(items) => items.get(index(name, items.len()).ok()?),
        None => holder.get(name),
    }
}

/// A position in a list of this length, counted from behind where it is negative.
fn index(name: &str, length: usize) -> Result<usize, String> {
    let digits = name.strip_prefix(['-', '+']).unwrap_or(name);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let Ok(number) = name.parse::<i64>() else {
        return Err(format!("`{name}` is no position in a list"));
    };
    let from_behind = || length.checked_sub(usize::try_from(number.unsigned_abs()).ok()?);
    let at = if number < 0 { from_behind() } else { usize::try_from(number).ok() };
    at.filter(|at| is_number && *at < length)
        .ok_or_else(|| format!("the list has no position {name}"))
}

/// What stands under a name; a map may have nothing there.
fn get(holder: &mut Node, key: &str) -> Result<Option<Node>, String> {
    match &holder.data {
        Data::List(items) => Ok(items.get(index(key, items.len())?).cloned()),
        _ => Ok(holder.get(key).cloned()),
    }
}

/// Puts a value in the place of what stands under a name; into a map also where nothing does.
fn set(holder: &mut Node, key: &str, value: Node) -> Result<(), String> {
    match &mut holder.data {
        Data::List(items) => {
            let at = index(key, items.len())?;
            Arc::make_mut(items)[at] = value;
        }
        Data::Map(map) => put(Arc::make_mut(map), key, value),
        Data::Scalar(_) => {}
    }
    Ok(())
}

/// Adds a value to a map, or to a list before a position.
fn add(holder: &mut Node, key: &str, value: Node) -> Result<(), String> {
    match &mut holder.data {
        Data::List(items) => {
            let at = if key == "-" { items.len() } else { index(key, items.len() + 1)? };
            Arc::make_mut(items).insert(at, value);
        }
        Data::Map(map) => put(Arc::make_mut(map), key, value),
        Data::Scalar(_) => {}
    }
    Ok(())
}

fn put(map: &mut Map, key: &str, value: Node) {
    let place = value.place;
    map.insert(Key::new(key, place), value);
}

/// Removes what stands under a name and gives it.
fn remove(holder: &mut Node, key: &str) -> Result<Node, String> {
    match &mut holder.data {
        Data::List(items) => {
            let at = index(key, items.len())?;
            Ok(Arc::make_mut(items).remove(at))
        }
        Data::Map(map) => Arc::make_mut(map)
            .shift_remove(key)
            .ok_or_else(|| "there is nothing to be removed".to_owned()),
        Data::Scalar(_) => Err("there is nothing to be removed".to_owned()),
    }
}
