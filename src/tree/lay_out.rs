//! Objects of targets become files; pure.

use super::layout::{Label, Layout};
use super::name::{Named, file_name, folded};
use super::{File, Folder, Tree, below};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Place, RelPath};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The objects of one target.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Its environment, if it has one.
    pub environment: Option<&'a str>,
    /// Its namespace by its logical name, if it has one.
    pub namespace: Option<&'a str>,
    /// Its service.
    pub service: &'a str,
    /// Its objects.
    pub objects: Vec<Object>,
}

/// One object.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its group, if Kubernetes does not serve that itself.
    pub group: Option<Arc<str>>,
    /// Its kind.
    pub kind: Arc<str>,
    /// Where it lives.
    pub home: Home,
    /// Its name.
    pub name: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// The template line that made it.
    pub place: Place,
}

/// Where an object lives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// In its target's namespace, or in none that is known.
    Own,
    /// In another namespace, by its real name.
    Namespace(Arc<str>),
    /// In the cluster.
    Cluster,
}

/// Gives every object its file.
///
/// An object lies in its target's folder, a cluster-scoped one in that of `_cluster`; there, objects
/// of several namespaces of one service that have equal bytes are one file. Texts end in one line
/// feed and hold no CRLF, so a checkout that changes line ends changes no output.
///
/// # Errors
/// When two objects would be one file on any file system: names equal, or equal but for case or
/// Unicode normalisation. Each pair is reported with both places.
pub fn lay_out(parts: &[Part<'_>], layout: &Layout, sink: &mut Sink) -> Result<Tree, Reported> {
    let mut plot = Plot { layout, folders: BTreeMap::new(), taken: BTreeMap::new() };
    let mut targets = BTreeSet::new();
    for part in parts {
        let target = Target::of(part);
        targets.insert(Arc::clone(&target.label_text));
        plot.reserve(&target, sink);
        for object in &part.objects {
            plot.place(object, &target, sink);
        }
    }
    let folders = plot.folders.into_iter().map(|(path, lot)| (path, lot.files)).collect();
    let tree = Tree { layout: layout.clone(), sources: sink.files().clone(), targets, folders };
    report_files_for_folders(&tree, sink);
    sink.passed().map(|()| tree)
}

/// A part by the names that files and messages have for it.
struct Target {
    label: Label,
    label_text: Arc<str>,
    environment: Option<String>,
    service: String,
}

impl Target {
    fn of(part: &Part<'_>) -> Self {
        let label = Label::new(part.environment, part.namespace, part.service);
        Self {
            label_text: label.as_str().into(),
            label,
            environment: part.environment.map(str::to_owned),
            service: part.service.to_owned(),
        }
    }
}

/// The files so far, and what would collide with them.
struct Plot<'l> {
    layout: &'l Layout,
    folders: BTreeMap<RelPath, Lot>,
    /// Folders by their path in lower case.
    taken: BTreeMap<String, RelPath>,
}

#[derive(Default)]
struct Lot {
    files: Folder,
    /// Whose file it is, by the folded name.
    taken: BTreeMap<String, Taken>,
}

struct Taken {
    identity: Identity,
    environment: Option<String>,
    service: String,
    target: Arc<str>,
    place: Place,
    file: String,
}

#[derive(PartialEq, Eq)]
struct Identity {
    group: Option<Arc<str>>,
    kind: Arc<str>,
    home: Home,
    name: Arc<str>,
}

impl Plot<'_> {
    /// Notes both folders of a target, so that files of earlier runs are looked for in them.
    fn reserve(&mut self, target: &Target, sink: &mut Sink) {
        for folder in [self.layout.own(&target.label), self.layout.cluster(&target.label)] {
            let known = self.taken.entry(folder.as_str().to_lowercase());
            let first = known.or_insert_with(|| folder.clone());
            if *first != folder {
                sink.error(twin_folders(first, &folder));
            }
            self.folders.entry(folder).or_default();
        }
    }

    fn place(&mut self, object: &Object, target: &Target, sink: &mut Sink) {
        let folder = match object.home {
            Home::Cluster => self.layout.cluster(&target.label),
            Home::Own | Home::Namespace(_) => self.layout.own(&target.label),
        };
        let named = named(object);
        let lot = self.folders.get_mut(&folder).expect("reserved for the target");
        let taken = Taken::by(object, target, file_name(&named));
        let text = tidy(&object.text);
        let Some(first) = lot.taken.get(&folded(&named)) else {
            lot.insert(folded(&named), taken, text);
            return;
        };
        let file = &first.file;
        if !first.shares_with(&taken) {
            sink.error(collision(&below(&folder, file), first, &taken));
            return;
        }
        let file = lot.files.get_mut(file).expect("every taken name has its file");
        match file.text == text {
            true => drop(file.owners.insert(taken.target)),
            false => drop(sink.error(differs(first, &taken))),
        }
    }
}

impl Lot {
    fn insert(&mut self, key: String, taken: Taken, text: Arc<str>) {
        let owners = BTreeSet::from([Arc::clone(&taken.target)]);
        let file = File { text, owners, place: taken.place };
        self.files.insert(taken.file.clone(), file);
        self.taken.insert(key, taken);
    }
}

impl Taken {
    fn by(object: &Object, target: &Target, file: String) -> Self {
        let Object { group, kind, home, name, .. } = object.clone();
        Self {
            identity: Identity { group, kind, home, name },
            environment: target.environment.clone(),
            service: target.service.clone(),
            target: Arc::clone(&target.label_text),
            place: object.place,
            file,
        }
    }

    /// Whether both are the one cluster-scoped object that a service brings along into each of its
    /// namespaces.
    fn shares_with(&self, other: &Self) -> bool {
        self.identity == other.identity
            && self.identity.home == Home::Cluster
            && (&self.environment, &self.service) == (&other.environment, &other.service)
            && self.target != other.target
    }
}

fn named(object: &Object) -> Named<'_> {
    let namespace = match &object.home {
        Home::Namespace(namespace) => Some(&**namespace),
        Home::Own | Home::Cluster => None,
    };
    let name = (&*object.name).into();
    Named { group: object.group.as_deref(), kind: &object.kind, namespace, name }
}

/// The text with line feeds only and exactly one at its end.
fn tidy(text: &Arc<str>) -> Arc<str> {
    let body = text.trim_end_matches(['\r', '\n']);
    if !text.contains("\r\n") && text.len() == body.len() + 1 {
        return Arc::clone(text);
    }
    (body.replace("\r\n", "\n") + "\n").into()
}

fn collision(path: &RelPath, first: &Taken, second: &Taken) -> Diagnostic {
    let message =
        format!("{} and {} would both be the file `{path}`", described(first), described(second));
    let hint = match first.target == second.target {
        true => "rename one of the two: on a file system that ignores case, one would be lost",
        false => {
            "name `{env}`, `{namespace}` and `{service}` in `output.path`, or rename one of the two"
        }
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
    both(Diagnostic::error(Code::TreeCollision, message), first, second)
        .hint("write only into it what is the same in all namespaces of the service, or let its name depend on `target.namespace`")
}

fn both(finding: Diagnostic, first: &Taken, second: &Taken) -> Diagnostic {
    let finding = finding.at(second.place, format!("for `{}`", second.target));
    match first.place == second.place {
        true => finding,
        false => finding.also(first.place, format!("for `{}`", first.target)),
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

fn twin_folders(first: &RelPath, second: &RelPath) -> Diagnostic {
    let message =
        format!("the folders `{first}` and `{second}` are one on a file system that ignores case");
    Diagnostic::error(Code::TreeCollision, message)
        .hint("rename the environment, namespace or service whose name differs in case only")
}

/// A service may be called like a file, such as `deployment-x.yaml`.
fn report_files_for_folders(tree: &Tree, sink: &mut Sink) {
    for folder in tree.folders.keys().filter(|folder| !folder.is_root()) {
        let file =
            tree.folders.get(&folder.parent()).and_then(|files| files.get(folder.file_name()));
        if let Some(file) = file {
            let message = format!("`{folder}` would be both a folder and a file");
            let finding = Diagnostic::error(Code::TreeCollision, message);
            sink.error(finding.at(file.place, "makes the file").hint("rename the service"));
        }
    }
}
