//! An object as a server sees it before it judges: without unknown fields and null that is no value, with defaults.

use crate::api::structure::{Level, Structure};
use crate::source::Place;
use crate::yaml::{Data, Key, Map, Node};

/// The fields that every object has beside its schema's.
const IDENTITY: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// The object with everything dropped and put in that a server drops and puts in.
pub(super) fn fill(structure: &Structure, root: &Node) -> Node {
    let mut filled = part(structure, root, Level::Resource);
    if structure.drops_status
        && let Some(map) = filled.as_map_mut()
    {
        map.shift_remove("status");
    }
    filled
}

fn part(structure: &Structure, node: &Node, level: Level) -> Node {
    let level = structure.level(level);
    match &node.data {
        Data::Map(map) if structure.values.is_some() => values(structure, node, map),
        Data::Map(map) => object(structure, node, map, level),
        Data::List(items) => match &structure.items {
            Some(schema) => {
                let items = items.iter().map(|item| match instead(schema, item) {
                    Some(default) => default,
                    None => part(schema, item, Level::Part),
                });
                same_place(Node::list(items.collect(), node.place), node)
            }
            None => node.clone(),
        },
        Data::Scalar(_) => node.clone(),
    }
}

/// What stands for null, if the schema has a default and null is no value.
fn instead(schema: &Structure, node: &Node) -> Option<Node> {
    let default = schema.default.as_ref().filter(|_| node.is_null() && !schema.is_nullable)?;
    Some(part(schema, &placed(default, node.place), Level::Part))
}

fn values(structure: &Structure, node: &Node, map: &Map) -> Node {
    let Some(schema) = &structure.values else { return node.clone() };
    let entries = map.iter().filter_map(|(key, value)| {
        if let Some(default) = instead(schema, value) {
            return Some((key.clone(), default));
        }
        let is_value = !value.is_null() || schema.is_nullable;
        is_value.then(|| (key.clone(), part(schema, value, Level::Part)))
    });
    same_place(Node::map(entries.collect(), node.place), node)
}

fn object(structure: &Structure, node: &Node, map: &Map, level: Level) -> Node {
    let mut filled = Map::default();
    for (key, value) in map {
        match structure.fields.get(&key.name) {
            Some(schema) if value.is_null() && !schema.is_nullable => {}
            Some(schema) => {
                filled.insert(key.clone(), part(schema, value, Level::Part));
            }
            None if structure.keeps_unknown
                || (level == Level::Resource && IDENTITY.contains(&&*key.name)) =>
            {
                filled.insert(key.clone(), value.clone());
            }
            None => {}
        }
    }
    for (name, schema) in &structure.fields {
        if let Some(default) = schema.default.as_ref().filter(|_| !filled.contains_key(&**name)) {
            let value = part(schema, &placed(default, node.place), Level::Part);
            filled.insert(Key::new(name.clone(), node.place), value);
        }
    }
    same_place(Node::map(filled, node.place), node)
}

fn same_place(mut made: Node, of: &Node) -> Node {
    made.set_at = of.set_at;
    made
}

/// A default has no place in the manifest but that of what it completes.
fn placed(default: &Node, place: Place) -> Node {
    let data = match &default.data {
        Data::Scalar(scalar) => Data::Scalar(scalar.clone()),
        Data::List(items) => {
            Data::List(items.iter().map(|item| placed(item, place)).collect::<Vec<_>>().into())
        }
        Data::Map(map) => {
            let entry = |(key, value): (&Key, &Node)| {
                (Key::new(key.name.clone(), place), placed(value, place))
            };
            Data::Map(map.iter().map(entry).collect::<Map>().into())
        }
    };
    Node::new(data, place)
}
