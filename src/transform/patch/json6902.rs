//! JSON patches (RFC 6902): operations by path.
//!
//! Source of the rules: `evanphx/json-patch` v4, with which kustomize applies them, observed through 5.6.0: `replace` adds a
//! field that is missing, a negative index counts from behind, what stands before the first `/` of a path is ignored. The
//! whole object goes through JSON, where every number becomes a float of 64 bits.

use super::spelling::marked;
use crate::manifest::{Edit, Effect};
use crate::source::Place;
use crate::transform::Fault;
use crate::yaml::{self, Data, Key, Map, Node, Scalar, Value};
use std::sync::Arc;

const HINT: &str = "correct the operation: its `path` says the way from the object's top, with `/` between the names";

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
    /// As RFC 6902 has it: `replace` needs something to replace, and what no operation names stays as it is.
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
            None => Ok(Self { operations: operations.to_vec(), place, rules }),
            Some(node) => {
                let message = format!("an operation is a map, not {}", node.kind());
                Err(Fault { message, place: node.place, hint: HINT })
            }
        }
    }

    /// The same operations, to be applied by these rules.
    #[must_use]
    pub fn by(self, rules: PatchRules) -> Self {
        let operations = match rules {
            PatchRules::AsKustomize => self.operations,
            PatchRules::Exact => self.operations.iter().map(marked).collect(),
        };
        Self { rules, operations, ..self }
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
            "remove" => {
                let path = self.path("path")?;
                self.within(root, &path, remove).map(drop)
            }
            "replace" => self.replace(root),
            "move" => {
                let from = self.path("from")?;
                let value = self.within(root, &from, remove)?;
                self.add(root, value)
            }
            "copy" => {
                let from = self.path("from")?;
                let value = self.within(root, &from, get)?.unwrap_or_else(|| self.null());
                if !fits(&value, room) {
                    let message = format!("the patch copies more than {MAX_COPIED} values");
                    return Err(self.fault(message, "from"));
                }
                self.add(root, value)
            }
            "test" => self.test(root),
            other => {
                let known = "`add`, `remove`, `replace`, `move`, `copy` or `test`";
                Err(self.fault(format!("`op` is {known}, not `{other}`"), "op"))
            }
        }
    }

    /// What it is about to change in an object.
    fn edits(self, root: &Node) -> Vec<Edit> {
        let edit = |field: &str, effect: Effect| {
            let path = self.node.get(field)?.as_str()?;
            let path: Vec<Arc<str>> =
                path.split('/').skip(1).map(|name| unescaped(name).into()).collect();
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
        let path = self.path("path")?;
        self.within(root, &path, |holder, key| add(holder, key, value))
    }

    fn replace(self, root: &mut Node) -> Result<(), Fault> {
        let path = self.path("path")?;
        let value = self.value();
        if path.is_empty() {
            // A scalar cannot take the place of the whole object; kustomize takes no notice of it.
            if value.as_scalar().is_none() {
                *root = value;
            }
            return Ok(());
        }
        self.within(root, &path, |holder, key| match get(holder, key)? {
            None if self.rules == PatchRules::Exact => {
                Err("there is nothing to be replaced".to_owned())
            }
            _ => set(holder, key, value),
        })
    }

    fn test(self, root: &mut Node) -> Result<(), Fault> {
        let path = self.path("path")?;
        let wanted = self.value();
        let found = match path.is_empty() {
            true => root.clone(),
            false => self.within(root, &path, get)?.unwrap_or_else(|| self.null()),
        };
        let [found, wanted] = [&found, &wanted].map(yaml::through_json);
        if yaml::same_data(&found, &wanted) {
            return Ok(());
        }
        let shown = match found.as_scalar() {
            Some(scalar) => format!("`{}`", scalar.text),
            None => found.kind().to_owned(),
        };
        Err(self.fault(format!("the object has {shown} at `{path}`"), "value"))
    }

    /// Does something with the map or list that a path leads to and the last name of the path.
    fn within<T>(
        self,
        root: &mut Node,
        path: &str,
        work: impl FnOnce(&mut Node, &str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        let names: Vec<String> = path.split('/').skip(1).map(unescaped).collect();
        let Some((last, way)) = names.split_last() else {
            return Err(self.fault(format!("the path `{path}` does not begin with `/`"), "path"));
        };
        let mut holder = root;
        for (depth, name) in way.iter().enumerate() {
            let Some(next) = step(holder, name) else {
                let missing = names[..=depth].join("/");
                return Err(self.fault(format!("the object has no `/{missing}`"), "path"));
            };
            holder = next;
        }
        if holder.as_scalar().is_some() {
            let message = format!("`/{}` is {}, which holds nothing", way.join("/"), holder.kind());
            return Err(self.fault(message, "path"));
        }
        work(holder, last).map_err(|message| self.fault(format!("{message} at `{path}`"), "path"))
    }

    fn path(self, field: &str) -> Result<Arc<str>, Fault> {
        self.text(field)
    }

    /// A text that the operation needs.
    fn text(self, field: &str) -> Result<Arc<str>, Fault> {
        match self.node.get(field) {
            None => Err(self.fault(format!("the operation lacks `{field}`"), field)),
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
            "op" => "write one of them",
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
