//! Which fields of an object a merge patch changed, and by which of its lines.

use super::directive::DIRECTIVE;
use super::keyed;
use super::keys::{At, Keys, MergeKeys};
use crate::manifest::{Edit, Effect};
use crate::source::Place;
use crate::transform::scalar::text_of;
use crate::yaml::{self, Data, Node};
use std::sync::Arc;

/// What a patch did to an object, in the order of the patch.
pub(super) fn of_merge(
    (before, after): (&Node, &Node),
    patch: &Node,
    keys: &MergeKeys,
) -> Vec<Edit> {
    let kind = before.get("apiVersion").zip(before.get("kind"));
    let at = kind.and_then(|(version, kind)| keys.kind(text_of(version), text_of(kind)));
    let mut walk = Walk { keys, path: Vec::new(), edits: Vec::new() };
    walk.visit((Some(before), Some(after)), patch, at);
    walk.edits
}

struct Walk<'k> {
    keys: &'k MergeKeys,
    path: Vec<Arc<str>>,
    edits: Vec<Edit>,
}

impl Walk<'_> {
    fn visit(
        &mut self,
        (before, after): (Option<&Node>, Option<&Node>),
        patch: &Node,
        at: Option<At>,
    ) {
        match (&patch.data, before.map(|node| &node.data)) {
            (Data::Map(map), Some(Data::Map(_))) => {
                if let Some(said) = map.get(DIRECTIVE).filter(|said| text_of(said) != "merge") {
                    return self.note((before, after), said.place);
                }
                for (key, patch) in map.iter() {
                    let pair =
                        [before, after].map(|node| node.and_then(|node| node.get(&key.name)));
                    let at = at.and_then(|at| self.keys.field(at, &key.name));
                    self.path.push(Arc::clone(&key.name));
                    self.visit(pair.into(), patch, at);
                    self.path.pop();
                }
            }
            (Data::List(items), Some(Data::List(_))) => {
                let by = at.and_then(|at| Some((self.keys.by(at)?, self.keys.element(at))));
                match by {
                    Some((by, element)) => self.items((before, after), items, (by, element)),
                    None => self.note((before, after), patch.place),
                }
            }
            _ if before.is_some_and(|before| yaml::same_data(before, patch)) => {}
            _ => self.note((before, after), patch.place),
        }
    }

    fn items(
        &mut self,
        (before, after): (Option<&Node>, Option<&Node>),
        items: &[Node],
        (by, element): (&Keys, Option<At>),
    ) {
        let [olds, news] =
            [before, after].map(|node| node.and_then(Node::as_list).unwrap_or_default());
        for item in items {
            let is_of_list = item.as_map().is_some_and(|map| map.len() == 1);
            if let Some(said) = item.get(DIRECTIVE).filter(|_| is_of_list) {
                self.note((before, after), said.place);
                continue;
            }
            let (old, new) = (keyed::position(olds, item, by), keyed::position(news, item, by));
            let Some(at) = new.or(old) else { continue };
            self.path.push(at.to_string().into());
            let pair = (old.map(|at| &olds[at]), new.map(|at| &news[at]));
            self.visit(pair, item, element);
            self.path.pop();
        }
    }

    fn note(&mut self, (before, after): (Option<&Node>, Option<&Node>), place: Place) {
        if before.zip(after).is_some_and(|(before, after)| yaml::same_data(before, after)) {
            return;
        }
        let effect = if after.is_some() { Effect::Set } else { Effect::Removed };
        if before.is_some() || after.is_some() {
            let path = self.path.clone();
            self.edits.push(Edit { path, before: before.cloned(), effect, place });
        }
    }
}
