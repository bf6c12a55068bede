//! Values as one line of text, and layers from texts, for the tests of this room.

use super::{Known, Layer, Reach, Values, merge};
use crate::diag::Sink;
use crate::source::Files;
use crate::yaml::{Data, Node};

/// The tree on one line; strings in quotes, everything else as it was spelt.
pub(super) fn shown(node: &Node) -> String {
    match &node.data {
        Data::Scalar(scalar) => {
            let tag = scalar.tag.as_ref().map_or_else(String::new, |tag| format!("{tag} "));
            match scalar.as_str() {
                Some(text) => format!("{tag}{text:?}"),
                None => format!("{tag}{}", scalar.text),
            }
        }
        Data::List(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Data::Map(map) => {
            let entries = map.iter().map(|(key, node)| format!("{}: {}", key.name, shown(node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A set of files without files; texts are added to it.
pub(super) fn no_files() -> Files {
    Files::memory::<&str, &str>([]).expect("no paths, no wrong paths")
}

/// A layer from the text of a values file called `name`.
pub(super) fn layer(files: &Files, name: &str, reach: Reach, text: &str) -> Layer {
    let source = files.add(name, text.as_bytes().to_vec()).expect("readable text");
    let mut sink = Sink::new(files);
    Layer::read(&source, name, reach, &mut sink).expect("a map of values")
}

/// The texts merged, the first one being the chart's defaults.
pub(super) fn merged(texts: &[&str]) -> Values {
    let files = no_files();
    let names = (0..).map(|number| format!("{number}.yaml"));
    let layers: Vec<_> =
        names.zip(texts).map(|(name, text)| layer(&files, &name, Reach::Own, text)).collect();
    let (base, rest) = layers.split_first().expect("at least one text");
    merge(base, rest, &Known::default())
}
