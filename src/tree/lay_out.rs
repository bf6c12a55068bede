//! Manifests of targets become files; pure.

use super::name::{Named, is_folder_name, label, names};
use super::{File, Folder, Tree, below};
use crate::api::{Api, Scope, is_builtin_group};
use crate::check::Checked;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::manifest::{Manifest, ObjectId};
use crate::source::{Place, RelPath};
use crate::yaml;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The manifests of one target, and where they go.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// The target's name, `environment/namespace/service`; inventories remember files by it.
    pub target: &'a str,
    /// The real name of its namespace, if its manifests carry one.
    pub namespace: Option<&'a str>,
    /// Its folder below the output folder.
    pub folder: RelPath,
    /// The folder of its objects that lie in no namespace; may be the same.
    pub cluster_folder: RelPath,
    /// What its Kubernetes versions serve; they tell scopes.
    pub apis: &'a [Api],
    /// Its manifests.
    pub checked: &'a Checked,
}

/// A target's objects with their texts.
#[derive(Debug, Clone)]
pub struct Lot {
    pub(super) target: Arc<str>,
    pub(super) folder: RelPath,
    pub(super) cluster_folder: RelPath,
    pub(super) objects: Vec<Object>,
}

/// One object.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) identity: Identity,
    /// The name of its file.
    pub(super) file: String,
    /// The same for a file system that ignores case or normalises.
    pub(super) folded: String,
    pub(super) text: Arc<str>,
    /// The template line that made it.
    pub(super) place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// The group, if Kubernetes does not serve it itself.
    pub(super) group: Option<Arc<str>>,
    pub(super) kind: Arc<str>,
    pub(super) home: Home,
    pub(super) name: Arc<str>,
}

/// Where an object lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// In its target's namespace, or in none that is known.
    Own,
    /// In another namespace, by its real name.
    Namespace(Arc<str>),
    /// In the cluster.
    Cluster,
}

impl Lot {
    /// The texts of a target's manifests; the manifests are not needed any more.
    ///
    /// Texts are canonical YAML, or the text of a document that is passed on; they end in one line feed
    /// and hold no CRLF, so that a checkout that changes line ends changes no output.
    #[must_use]
    pub fn of(part: &Part<'_>) -> Self {
        Self {
            target: label(part.target).into(),
            folder: part.folder.clone(),
            cluster_folder: part.cluster_folder.clone(),
            objects: part.checked.iter().map(|manifest| Object::of(manifest, part)).collect(),
        }
    }

    /// How large its texts are together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.objects.iter().map(|object| object.text.len() as u64).sum()
    }
}

impl Object {
    fn of(manifest: &Manifest, part: &Part<'_>) -> Self {
        let ObjectId { group, kind, name, .. } = manifest.id.clone();
        let text = match &manifest.verbatim {
            Some(text) => tidy(text),
            None => yaml::write(&manifest.node).into(),
        };
        let group = Some(group).filter(|group| !is_builtin_group(group));
        let identity = Identity { group, kind, home: Home::of(manifest, part), name };
        Self::new(identity, text, manifest.node.place)
    }

    pub(super) fn new(identity: Identity, text: Arc<str>, place: Place) -> Self {
        let (file, folded) = names(&identity.named());
        Self { identity, file, folded, text, place }
    }
}

impl Home {
    fn of(manifest: &Manifest, part: &Part<'_>) -> Self {
        let Manifest { id, api_version, .. } = manifest;
        match &id.namespace {
            Some(namespace) if part.namespace == Some(&**namespace) => Self::Own,
            Some(namespace) => Self::Namespace(Arc::clone(namespace)),
            None => {
                let kinds = part.apis.iter().filter_map(|api| api.kind(api_version, &id.kind));
                match kinds.map(|kind| kind.scope()).next() {
                    Some(Scope::Cluster) => Self::Cluster,
                    Some(Scope::Namespaced) | None => Self::Own,
                }
            }
        }
    }
}

/// The text with line feeds only and exactly one at its end.
pub(super) fn tidy(text: &Arc<str>) -> Arc<str> {
    let body = text.trim_end_matches(['\r', '\n']);
    if !text.contains("\r\n") && text.len() == body.len() + 1 {
        return Arc::clone(text);
    }
    (body.replace("\r\n", "\n") + "\n").into()
}

/// Gives every object its file.
///
/// An object lies in its target's folder, a cluster-scoped one in the folder for those; there, objects
/// of several targets that have equal bytes are one file. One of another namespace than the target's
/// lies in the target's folder too, with that namespace in its name.
///
/// # Errors
/// When two objects would be one file on any file system: names equal, or equal but for case or
/// Unicode normalisation; each pair is reported with both places. When a folder has a name that not
/// every file system takes.
pub fn lay_out(lots: Vec<Lot>, sink: &mut Sink) -> Result<Tree, Reported> {
    let mut plot = Plot::default();
    let mut targets = BTreeSet::new();
    let reported = sink.passed();
    for Lot { target, folder, cluster_folder, objects } in lots {
        plot.reserve(&folder, sink);
        plot.reserve(&cluster_folder, sink);
        for object in objects {
            let folder = match object.identity.home {
                Home::Cluster => &cluster_folder,
                Home::Own | Home::Namespace(_) => &folder,
            };
            plot.place(object, folder, &target, sink);
        }
        targets.insert(target);
    }
    plot.report_files_for_folders(sink);
    reported.and(sink.passed())?;
    let folders = plot.beds.into_iter().map(|(path, bed)| (path, bed.files)).collect();
    Ok(Tree { sources: sink.files().clone(), targets, folders })
}

/// The files so far, and what would collide with them.
#[derive(Default)]
struct Plot {
    beds: BTreeMap<RelPath, Bed>,
    /// Folders by their path in lower case.
    taken: BTreeMap<String, RelPath>,
}

#[derive(Default)]
struct Bed {
    files: Folder,
    /// Whose file it is, by the folded name.
    taken: BTreeMap<String, Taken>,
}

struct Taken {
    identity: Identity,
    target: Arc<str>,
    place: Place,
    file: String,
}

impl Plot {
    /// Notes a folder of a target, so that files of earlier runs are looked for in it.
    fn reserve(&mut self, folder: &RelPath, sink: &mut Sink) {
        if self.beds.contains_key(folder) {
            return;
        }
        if let Some(part) = folder.parts().find(|part| !is_folder_name(part)) {
            sink.error(no_folder_name(folder, part));
        }
        let known = self.taken.entry(folder.as_str().to_lowercase());
        let first = known.or_insert_with(|| folder.clone());
        if first != folder {
            sink.error(twin_folders(first, folder));
        }
        self.beds.insert(folder.clone(), Bed::default());
    }

    fn place(&mut self, object: Object, folder: &RelPath, target: &Arc<str>, sink: &mut Sink) {
        let Object { identity, file, folded, text, place } = object;
        let taken = Taken { identity, target: Arc::clone(target), place, file };
        let bed = self.beds.get_mut(folder).expect("reserved for the target");
        let Some(first) = bed.taken.get(&folded) else {
            bed.insert(folded, taken, text);
            return;
        };
        if !first.is_shared_with(&taken) {
            sink.error(collision(&below(folder, &first.file), first, &taken));
            return;
        }
        let file = bed.files.get_mut(&first.file).expect("every taken name has its file");
        match file.text == text {
            true => drop(file.owners.insert(taken.target)),
            false => drop(sink.error(differs(first, &taken))),
        }
    }

    /// A service may be called like a file, such as `deployment-x.yaml`.
    fn report_files_for_folders(&self, sink: &mut Sink) {
        for folder in self.beds.keys().filter(|folder| !folder.is_root()) {
            let bed = self.beds.get(&folder.parent());
            if let Some(file) = bed.and_then(|bed| bed.files.get(folder.file_name())) {
                let message = format!("`{folder}` would be both a folder and a file");
                let finding = Diagnostic::error(Code::TreeCollision, message);
                sink.error(finding.at(file.place, "makes the file").hint("rename the service"));
            }
        }
    }
}

impl Bed {
    fn insert(&mut self, folded: String, taken: Taken, text: Arc<str>) {
        let owners = BTreeSet::from([Arc::clone(&taken.target)]);
        let file = File { text, owners, place: taken.place };
        self.files.insert(taken.file.clone(), file);
        self.taken.insert(folded, taken);
    }
}

impl Identity {
    fn named(&self) -> Named<'_> {
        let namespace = match &self.home {
            Home::Namespace(namespace) => Some(&**namespace),
            Home::Own | Home::Cluster => None,
        };
        let name = (&*self.name).into();
        Named { group: self.group.as_deref(), kind: &self.kind, namespace, name }
    }
}

impl Taken {
    /// Whether both are the one cluster-scoped object that several targets bring along.
    fn is_shared_with(&self, other: &Self) -> bool {
        self.identity == other.identity
            && self.identity.home == Home::Cluster
            && self.target != other.target
    }
}

fn collision(path: &RelPath, first: &Taken, second: &Taken) -> Diagnostic {
    let (one, other) = (described(first), described(second));
    let message = format!("{one} and {other} would both be the file `{path}`");
    let hint = match first.target == second.target {
        true => "rename one of the two: on a file system that ignores case, one would be lost",
        false => "write `{env}`, `{namespace}` and `{service}` into `output.path`, or rename one",
    };
    both(Diagnostic::error(Code::TreeCollision, message), first, second).hint(hint)
}

fn differs(first: &Taken, second: &Taken) -> Diagnostic {
    let message = format!(
        "{} is not the same for `{}` and `{}`, but the cluster has only one",
        described(second),
        first.target,
        second.target
    );
    both(Diagnostic::error(Code::TreeCollision, message), first, second).hint(
        "write only into it what is the same in all namespaces of the service, or let its name \
         depend on `target.namespace`",
    )
}

fn both(finding: Diagnostic, first: &Taken, second: &Taken) -> Diagnostic {
    // Two of one target are told apart by what they are.
    let label = |taken: &Taken| match first.target == second.target {
        true => described(taken),
        false => format!("for `{}`", taken.target),
    };
    match (first.place == second.place, first.target == second.target) {
        (true, true) => finding.at(second.place, "makes both"),
        (true, false) => finding.at(second.place, label(second)),
        (false, _) => finding.at(second.place, label(second)).also(first.place, label(first)),
    }
}

fn described(taken: &Taken) -> String {
    let Identity { group, kind, home, name } = &taken.identity;
    let group = group.as_deref().map_or_else(String::new, |group| format!(".{group}"));
    match home {
        Home::Namespace(namespace) => format!("`{kind}{group}/{name}` of namespace `{namespace}`"),
        Home::Own | Home::Cluster => format!("`{kind}{group}/{name}`"),
    }
}

fn no_folder_name(folder: &RelPath, part: &str) -> Diagnostic {
    let message = format!("`{part}` in the path `{folder}` is a name that not every system takes");
    Diagnostic::error(Code::TreeCollision, message).hint(
        "use letters, digits, `.`, `_` and `-`, no dot at either end, and no device of Windows",
    )
}

fn twin_folders(first: &RelPath, second: &RelPath) -> Diagnostic {
    let message =
        format!("the folders `{first}` and `{second}` are one on a file system that ignores case");
    Diagnostic::error(Code::TreeCollision, message)
        .hint("rename the environment, namespace or service whose name differs in case only")
}
