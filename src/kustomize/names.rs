//! The names of the files into which `kustomize build -o DIR` writes objects.

use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::{Resource, Resources};
use std::collections::BTreeSet;

/// The most bytes that file systems take for a name.
const NAME_BYTES: usize = 255;

/// `GROUP_VERSION_KIND_NAME.yaml` for each object, in order, in lower case and without a group that is empty. Behind
/// the namespace (`default` for none) where there are objects of several; cluster-scoped ones never have it.
///
/// # Errors
/// When an object has a name that no file should have. Two names that are the same are the tree's to report.
pub fn file_names(resources: &Resources, sink: &mut Sink) -> Result<Vec<String>, Reported> {
    let spaces: BTreeSet<_> = resources.iter().filter_map(namespace).collect();
    let has_several = spaces.len() > 1;
    let names: Vec<_> = resources
        .iter()
        .map(|resource| {
            let space = namespace(resource).filter(|_| has_several);
            let space = space.map_or_else(String::new, |space| space + "_");
            let name = (space + &stem(resource) + ".yaml").to_lowercase();
            if is_usable(&name) { Ok(name) } else { Err(refused(resource, &name, sink)) }
        })
        .collect();
    names.into_iter().collect()
}

fn namespace(resource: &Resource) -> Option<String> {
    let id = resource.id();
    (!id.gvk.is_cluster_scoped()).then(|| id.effective_namespace().to_owned())
}

fn stem(resource: &Resource) -> String {
    let id = resource.id();
    let parts = [id.gvk.group(), id.gvk.version(), &id.gvk.kind];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.chain([&*id.name]).collect::<Vec<_>>().join("_")
}

/// A `:`, as in the names of roles, is taken as kustomize takes it, though not every file system does.
fn is_usable(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte);
    name.len() <= NAME_BYTES && !name.starts_with('.') && name.bytes().all(plain)
}

fn refused(resource: &Resource, name: &str, sink: &mut Sink) -> Reported {
    let message = format!("kustomize would call the file of {} `{name}`", resource.id());
    let finding = Diagnostic::error(Code::TreeCollision, message).at(
        resource.place(),
        "too long, begun with a dot, or of more than letters, digits and `._-:`",
    );
    sink.error(finding.hint("leave out `--layout kustomize`: the names that jibe gives are safe"))
}
