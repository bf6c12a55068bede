//! Random kustomization trees, and smaller ones that show the same.

use super::grammar::{Grammar, Use};
use super::random::Random;
use std::collections::BTreeSet;

/// The head of a component.
const COMPONENT: &str = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component";

/// A tree of kustomizations; the last one is what is built.
#[derive(Clone)]
pub(super) struct Tree {
    folders: Vec<Folder>,
}

/// A kustomization and the files beside it.
#[derive(Clone)]
struct Folder {
    path: String,
    /// Paths of other kustomizations and of its files.
    resources: Vec<String>,
    components: Vec<String>,
    /// The rest of the kustomization, each a line or more.
    fields: Vec<String>,
    /// Files, each with its documents.
    files: Vec<(String, Vec<String>)>,
    writing: Writing,
}

/// How the files of a folder are written.
#[derive(Clone, Copy)]
struct Writing {
    /// The name of the kustomization's file.
    name: &'static str,
    /// The field that names other kustomizations.
    bases: &'static str,
    /// What ends a line.
    end: &'static str,
    /// What a file in YAML starts with. A byte-order mark stands nowhere else: kustomize takes it behind `---`, too, and
    /// jibe does not.
    start: &'static str,
}

impl Writing {
    const USUAL: Self =
        Self { name: "kustomization.yaml", bases: "resources", end: "\n", start: "" };

    fn random(random: &mut Random) -> Self {
        let usual = Self::USUAL;
        match random.below(12) {
            0 => Self { name: "kustomization.yml", ..usual },
            1 => Self { name: "Kustomization", bases: "bases", ..usual },
            2 => Self { bases: "bases", ..usual },
            3 => Self { end: "\r\n", ..usual },
            4 => Self { start: "\u{feff}", ..usual },
            _ => usual,
        }
    }
}

impl Tree {
    /// The tree of a seed.
    pub(super) fn random(grammar: &Grammar, random: &mut Random) -> Self {
        let mut tree = match random.below(12) {
            0 => Self { folders: vec![merged(grammar, random)] },
            1 => Self { folders: vec![operated(grammar, random)] },
            2..5 => Self::layers(["user of generated", "generating"], grammar, random),
            5..7 => Self::layers(["copied object", "copying"], grammar, random),
            _ => Self::overlays(grammar, random),
        };
        tree.folders.iter_mut().for_each(|folder| folder.writing = Writing::random(random));
        tree
    }

    /// A base of objects and fields, and most times an overlay or two of what `FIELDS over` says.
    fn layers([objects, fields]: [&str; 2], grammar: &Grammar, random: &mut Random) -> Self {
        let of = if random.below(4) == 0 { Use::Patch } else { Use::Object };
        let mut base = Folder::new("b");
        base.resources.push("all.yaml".to_owned());
        base.files.push(("all.yaml".to_owned(), grammar.some(objects, of, random)));
        base.fields = grammar.some(fields, of, random);
        let mut folders = vec![base];
        for (path, below, often) in [("o", "../b", 9), ("p", "../o", 2)] {
            if random.below(10) >= often {
                break;
            }
            let mut overlay = Folder::new(path);
            overlay.resources.push(below.to_owned());
            overlay.fields = grammar.some(&format!("{fields} over"), of, random);
            folders.push(overlay);
        }
        folders.iter_mut().for_each(|folder| folder.add_named_files(grammar, random));
        Self { folders }
    }

    /// One or two bases, some with a base in common, an overlay, some with a component, some with an overlay more.
    fn overlays(grammar: &Grammar, random: &mut Random) -> Self {
        let bases = 1 + usize::from(random.below(3) == 0);
        let mut folders: Vec<_> =
            (0..bases).map(|base| Folder::base(&format!("b{base}"), grammar, random)).collect();
        let named = grammar.some("named object", Use::Object, random);
        folders[0].resources.push("named.yaml".to_owned());
        folders[0].files.push(("named.yaml".to_owned(), named));
        let mut overlay = Folder::new("o");
        overlay.resources = (0..bases).map(|base| format!("../b{base}")).collect();
        if bases == 2 && random.below(4) == 0 {
            let mut common = Folder::base("common", grammar, random);
            common.fields.clear();
            folders.iter_mut().for_each(|base| base.resources.push("../common".to_owned()));
            folders.insert(0, common);
        }
        if random.below(3) == 0 {
            let mut component = Folder::new("c");
            component.fields = grammar.some("field of a component", Use::Object, random);
            component.fields.insert(0, COMPONENT.to_owned());
            component.fields.push("commonAnnotations: {c: c}".to_owned());
            overlay.components.push("../c".to_owned());
            folders.push(component);
        }
        overlay.fields = grammar.some("field", Use::Object, random);
        folders.push(overlay);
        if random.below(4) == 0 {
            let mut outer = Folder::new("p");
            outer.resources.push("../o".to_owned());
            outer.fields = grammar.some("field", Use::Object, random);
            folders.push(outer);
        }
        folders.iter_mut().for_each(|folder| folder.add_named_files(grammar, random));
        Self { folders }
    }

    /// The folder that is built.
    pub(super) fn built(&self) -> &str {
        &self.folders.last().expect("a tree has a folder").path
    }

    /// Paths and bytes of all files.
    pub(super) fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.folders.iter().flat_map(Folder::texts).collect()
    }

    /// The tree without one of its parts each: fields, documents, what a kustomization names.
    pub(super) fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for (at, folder) in self.folders.iter().enumerate() {
            all.extend(folder.smaller().into_iter().map(|smaller| {
                let mut tree = self.clone();
                tree.folders[at] = smaller;
                tree
            }));
        }
        all
    }
}

/// An object and a merge patch for it.
fn merged(grammar: &Grammar, random: &mut Random) -> Folder {
    let kinds = ["patched Pod", "patched Deployment", "patched Service", "patched Thing"];
    let kind = random.pick(&kinds).expect("a kind");
    let mut folder = patched(grammar.text(kind, Use::Object, random));
    folder.files.push(("patch.yaml".to_owned(), vec![grammar.text(kind, Use::Patch, random)]));
    folder.fields.push(grammar.text("patched by a merge", Use::Object, random));
    folder
}

/// An object and a JSON patch for it.
fn operated(grammar: &Grammar, random: &mut Random) -> Folder {
    let mut folder = patched(grammar.text("patched with operations", Use::Object, random));
    folder.fields.push(grammar.text("patched by operations", Use::Object, random));
    folder
}

fn patched(object: String) -> Folder {
    let mut folder = Folder::new("k");
    folder.resources.push("all.yaml".to_owned());
    folder.files.push(("all.yaml".to_owned(), vec![object]));
    folder
}

impl Folder {
    fn new(path: &str) -> Self {
        let (resources, components, fields, files) = Default::default();
        let writing = Writing::USUAL;
        Self { path: path.to_owned(), resources, components, fields, files, writing }
    }

    fn base(path: &str, grammar: &Grammar, random: &mut Random) -> Self {
        let mut folder = Self::new(path);
        for file in 0..=random.below(3) {
            let name = format!("{file}.yaml");
            let objects = (0..=random.below(4))
                .map(|_| grammar.text("object", Use::Object, random))
                .collect();
            folder.resources.push(name.clone());
            folder.files.push((name, objects));
        }
        folder.fields = grammar.some("field", Use::Object, random);
        folder
    }

    /// Adds the files of the grammar that the fields name.
    fn add_named_files(&mut self, grammar: &Grammar, random: &mut Random) {
        let fields = self.fields.join("\n");
        let words = fields.split(|c: char| !c.is_alphanumeric() && c != '.');
        let names: BTreeSet<_> =
            words.filter(|name| grammar.has(&format!("file {name}"))).collect();
        for name in names {
            let text = grammar.text(&format!("file {name}"), Use::Object, random);
            self.files.push((name.to_owned(), vec![text]));
        }
    }

    fn texts(&self) -> Vec<(String, Vec<u8>)> {
        let list = |name: &str, paths: &[String]| {
            let paths: String = paths.iter().map(|path| format!("- {path}\n")).collect();
            if paths.is_empty() { paths } else { format!("{name}:\n{paths}") }
        };
        let fields: String = self.fields.iter().map(|field| format!("{field}\n")).collect();
        let Writing { name, bases, end, start } = self.writing;
        let is_base = |path: &String| bases == "bases" && path.starts_with("../");
        let (others, own): (Vec<_>, Vec<_>) = self.resources.iter().cloned().partition(is_base);
        let named = list("resources", &own) + &list(bases, &others);
        let all = named + &list("components", &self.components) + &fields;
        let all = start.to_owned() + &all.replace('\n', end);
        let mut files = vec![(format!("{}/{name}", self.path), all.into_bytes())];
        for (name, documents) in &self.files {
            let start = if name.ends_with(".yaml") { start } else { "" };
            let text = start.to_owned() + &documents.join("\n---\n").replace('\n', end);
            let bytes = match name.ends_with(".bin") {
                // Characters that are no ASCII make no UTF-8 as bytes.
                true => text.chars().map(|c| c as u8).collect(),
                false => text.into_bytes(),
            };
            files.push((format!("{}/{name}", self.path), bytes));
        }
        files
    }

    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut add = |work: &dyn Fn(&mut Self)| {
            let mut folder = self.clone();
            work(&mut folder);
            all.push(folder);
        };
        for at in 0..self.resources.len() {
            add(&|folder| drop(folder.resources.remove(at)));
        }
        for at in 0..self.components.len() {
            add(&|folder| drop(folder.components.remove(at)));
        }
        for at in 0..self.fields.len() {
            add(&|folder| drop(folder.fields.remove(at)));
        }
        for (file, (_, documents)) in self.files.iter().enumerate() {
            for at in 0..documents.len().saturating_sub(1) {
                add(&|folder| drop(folder.files[file].1.remove(at)));
                add(&|folder| folder.files[file].1.truncate(at + 1));
            }
        }
        all
    }
}
