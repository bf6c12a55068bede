//! The scalars of a tree, with the paths that lead to them.

use crate::yaml::{Data, Node, Scalar};

/// What `take` makes of the scalars of a tree, in its order. It is given the path of each, in which list items count as
/// their position, `0` first.
pub fn scalars<'n, T>(
    root: &'n Node,
    take: impl Fn(&[String], &'n Node, &'n Scalar) -> Option<T>,
) -> Vec<T> {
    let mut taken = Vec::new();
    visit(root, &mut Vec::new(), &mut |path, node, scalar| taken.extend(take(path, node, scalar)));
    taken
}

fn visit<'n>(
    node: &'n Node,
    path: &mut Vec<String>,
    see: &mut dyn FnMut(&[String], &'n Node, &'n Scalar),
) {
    let mut below = |step: String, node: &'n Node| {
        path.push(step);
        visit(node, path, see);
        path.pop();
    };
    match &node.data {
        Data::Map(map) => map.iter().for_each(|(key, node)| below(key.name.to_string(), node)),
        Data::List(items) => {
            items.iter().enumerate().for_each(|(at, item)| below(at.to_string(), item));
        }
        Data::Scalar(scalar) => see(path, node, scalar),
    }
}
