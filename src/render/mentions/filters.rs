//! What filters and calls give of what they are given. Any other one works on all of it.

use super::flow::{Flow, Spots, paired, wrapped};
use super::tags::Argument;
use super::tree::Step;

impl Flow {
    /// What a call gives; the parameters of a macro stand for its arguments.
    pub(super) fn call(&mut self, name: &str, arguments: &[Argument]) -> Spots {
        let own = || std::iter::once(name.to_owned());
        let names: Vec<String> =
            self.renamed.get(name).into_iter().flatten().cloned().chain(own()).collect();
        let called = names.iter().filter_map(|name| self.macros.get(name)).flatten();
        let called: Vec<Vec<String>> = match name {
            "caller" => self.callers.iter().cloned().collect(),
            _ => called.cloned().collect(),
        };
        if !called.is_empty() {
            called.iter().for_each(|parameters| self.pass(arguments, parameters));
            return Spots::new();
        }
        match name {
            "loop" => self.loops_again(arguments),
            "dict" | "namespace" => made_of(arguments),
            "merge" | "coalesce" | "ternary" | "required" => all(arguments),
            "dig" => match arguments.split_first() {
                Some((map, keys)) => self.dig(&map.spots, keys),
                None => Spots::new(),
            },
            _ => self.read_arguments(arguments),
        }
    }

    /// `loop(items)`
    fn loops_again(&mut self, arguments: &[Argument]) -> Spots {
        let items = self.below(&all(arguments), &Step::item());
        for names in self.loops.clone() {
            self.bind_all(&names, &items);
        }
        Spots::new()
    }

    fn read_arguments(&mut self, arguments: &[Argument]) -> Spots {
        arguments.iter().for_each(|argument| self.read(&argument.spots));
        Spots::new()
    }

    /// What a filter gives.
    pub(super) fn filter(&mut self, name: &str, on: &Spots, arguments: &[Argument]) -> Spots {
        match name {
            "default" | "d" | "coalesce" | "chain" | "concat" | "merge" => on | &all(arguments),
            "required" | "reverse" | "compact" | "rest" | "list" => on.clone(),
            "ternary" => all(arguments),
            "append" | "prepend" | "set" => on | &wrapped(&all(arguments), 1),
            "flatten" => on | &self.below(on, &Step::item()),
            "first" | "last" => self.below(on, &Step::item()),
            "keys" | "length" => Spots::new(),
            "values" => wrapped(&self.below(on, &Step::Any), 1),
            "items" => paired(&self.below(on, &Step::Any)),
            "has_key" => {
                self.key(on, arguments.first());
                Spots::new()
            }
            "get" | "attr" => {
                let found = self.key(on, arguments.first());
                &found | &all(arguments.get(1..).unwrap_or_default())
            }
            "dig" => self.dig(on, arguments),
            "pick" => {
                let keys = arguments.iter();
                let picked = keys.flat_map(|key| self.key(on, Some(key))).collect();
                wrapped(&picked, 1)
            }
            "omit" | "unset" => wrapped(&self.below(on, &Step::Any), 1),
            _ => self.list_filter(name, on, arguments),
        }
    }

    /// What a filter gives that looks at the items of a list.
    fn list_filter(&mut self, name: &str, on: &Spots, arguments: &[Argument]) -> Spots {
        let items = self.below(on, &Step::item());
        match name {
            "map" => wrapped(&self.mapped(&items, arguments), 1),
            "groupby" => {
                let by = self.attribute_of(&items, arguments);
                self.read(&by);
                // A text, and the list of the items that have it.
                paired(on)
            }
            "selectattr" | "rejectattr" => {
                let by = self.attribute_of(&items, arguments);
                self.read(&by);
                self.read_arguments(arguments);
                on.clone()
            }
            "select" | "reject" | "without" => {
                if arguments.len() > 1 || name == "without" {
                    self.read(&items);
                }
                self.read_arguments(arguments);
                on.clone()
            }
            "sum" => {
                let added = self.attribute_of(&items, arguments);
                self.read(&added);
                Spots::new()
            }
            "sort" | "unique" | "uniq" => {
                let by = self.attribute_of(&items, arguments);
                self.read(&by);
                on.clone()
            }
            _ => {
                self.read(on);
                self.read_arguments(arguments)
            }
        }
    }

    /// `map(attribute="x")`, `map("filter", …)`
    fn mapped(&mut self, items: &Spots, arguments: &[Argument]) -> Spots {
        let is_keyed = |argument: &&Argument| argument.keyword.as_deref() == Some("attribute");
        if arguments.iter().any(|argument| is_keyed(&argument)) {
            let found = self.attribute_of(items, arguments);
            let others = arguments.iter().filter(|argument| !is_keyed(argument));
            return others.fold(found, |found, other| &found | &other.spots);
        }
        match arguments.split_first() {
            Some((Argument { literal: Some(filter), .. }, rest)) if filter != "map" => {
                self.filter(filter, items, rest)
            }
            _ => {
                self.read(items);
                self.read_arguments(arguments)
            }
        }
    }

    /// What the attribute in the arguments of a filter leads to; without one all of the value.
    fn attribute_of(&mut self, items: &Spots, arguments: &[Argument]) -> Spots {
        let keyed = arguments.iter().find(|one| one.keyword.as_deref() == Some("attribute"));
        let first = arguments.first().filter(|one| one.keyword.is_none());
        match keyed.or(first).map(|argument| &argument.literal) {
            None => items.clone(),
            Some(Some(path)) => {
                path.split('.').fold(items.clone(), |found, key| self.picked(&found, key))
            }
            Some(None) => {
                self.read(items);
                Spots::new()
            }
        }
    }

    fn dig(&mut self, map: &Spots, arguments: &[Argument]) -> Spots {
        let (keys, named): (Vec<_>, Vec<_>) =
            arguments.iter().partition(|argument| argument.keyword.is_none());
        let found = keys.iter().fold(map.clone(), |found, key| self.key(&found, Some(key)));
        named.iter().fold(found, |found, other| &found | &other.spots)
    }

    /// What a key in the arguments of a filter leads to.
    fn key(&mut self, map: &Spots, key: Option<&Argument>) -> Spots {
        match key {
            Some(Argument { literal: Some(key), .. }) => self.picked(map, key),
            Some(computed) => {
                self.read(&computed.spots);
                self.below(map, &Step::Any)
            }
            None => Spots::new(),
        }
    }
}

fn all(arguments: &[Argument]) -> Spots {
    arguments.iter().flat_map(|argument| argument.spots.iter().cloned()).collect()
}

/// A map that the template makes of named arguments, or a copy of one.
fn made_of(arguments: &[Argument]) -> Spots {
    let spots = arguments.iter().map(|argument| match argument.keyword {
        Some(_) => wrapped(&argument.spots, 1),
        None => argument.spots.clone(),
    });
    spots.flatten().collect()
}
