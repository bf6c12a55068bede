//! Gathers the objects of a kustomization and changes them, in the order in which kustomize does.
//!
//! `resources → tables → generators → components → transformers → validators → variables`, for each kustomization on its
//! own; and at the root, once: hashes of names, references between objects, variables.

use super::config::{self, BuildMetadata, Kind, Kustomization};
use super::load::Loader;
use super::steps::{self, Step};
use super::twice::{Followed, append};
use super::{generate, objects, over, plugins};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::generate::hash_names;
use crate::transform::{
    Origin, Resource, Resources, Tables, Text, Transformation, Variables, fix_references,
    part_annotations,
};
use std::sync::Arc;

/// What was gathered so far.
#[derive(Debug, Default)]
pub(super) struct Accumulated {
    pub(super) resources: Resources,
    /// The fields that edits change: kustomize's own and those of all bases.
    pub(super) tables: Tables,
    pub(super) variables: Variables,
}

/// One kustomization and where it stands in the tree.
pub(super) struct Target {
    pub(super) config: Kustomization,
    /// The name of its file.
    pub(super) file: &'static str,
    /// The way to it from the folder that is built, as users wrote it.
    pub(super) path: String,
    /// What is remembered; the root's word counts.
    pub(super) metadata: BuildMetadata,
}

/// Builds the kustomization that a loader stands at.
pub(super) fn root(
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(Resources, Target), Reported> {
    let (config, file) = loader.kustomization(None, sink)?;
    let metadata = config.metadata;
    loader.set_schema(&config.openapi, sink)?;
    let target = Target { config, file, path: String::new(), metadata };
    let mut all = target.accumulate(Accumulated::default(), loader, sink)?;
    hash_names(&mut all.resources, sink)?;
    fix_references(&all.tables.name_references, &mut all.resources, sink)?;
    all.variables.resolve(&all.tables.var_references, &mut all.resources, sink)?;
    Ok((all.resources, target))
}

impl Target {
    /// Adds to what was gathered what this kustomization asks for.
    pub(super) fn accumulate(
        &self,
        mut all: Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<Accumulated, Reported> {
        let config = &self.config;
        self.refuse_programs(sink)?;
        self.resources(&config.resources, &mut all, loader, sink)?;
        self.tables(&mut all, loader, sink)?;
        generate::generate(self, &mut all, loader, sink)?;
        let generators = self.plugins(&config.generators, loader, sink)?;
        plugins::generate(&generators, &mut all, loader, sink)?;
        for path in &config.components {
            all = self.component(path, all, loader, sink)?;
        }
        self.transform(&mut all, loader, sink)?;
        self.validate(&mut all, loader, sink)?;
        all.variables.add(&config.vars, &mut all.resources, sink)?;
        Ok(all)
    }

    fn refuse_programs(&self, sink: &mut Sink) -> Result<(), Reported> {
        let Some(place) = self.config.helm else { return Ok(()) };
        let message = "kustomize would run `helm` to render this chart";
        let finding = Diagnostic::error(Code::KustomizePlugin, message).at(place, "");
        let hint =
            "render the chart into files and list those, or make a service of it in a workspace";
        Err(sink.error(finding.hint(hint)))
    }

    /// Adds the objects of files and of other kustomizations.
    fn resources(
        &self,
        paths: &[Text],
        all: &mut Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let (mut rest, mut followed) = (paths, Followed::new());
        while let Some((path, behind)) = rest.split_first() {
            if loader.is_folder(path) {
                rest = behind;
                let had_schema = loader.has_schema();
                let mut base = loader.at(path, sink, |loader, sink| {
                    let base = self.below(path, Kind::Kustomization, loader, sink)?;
                    base.accumulate(Accumulated::default(), loader, sink)
                })?;
                loader.meet_all(&mut base.resources, sink)?;
                if loader.has_schema() != had_schema {
                    loader.meet_all(&mut all.resources, sink)?;
                }
                followed.goes_to(path, all.resources.len());
                all.take(base, &followed, sink)?;
                continue;
            }
            let files = loader.objects(rest, sink)?;
            rest = &rest[files.len()..];
            all.resources.reserve(files.iter().map(|(_, objects)| objects.len()).sum());
            for (path, objects) in files {
                followed.goes_to(path, all.resources.len());
                for mut object in objects {
                    if self.metadata.is_any() {
                        object.edit(|object| self.note_origin(object, &path.text));
                    }
                    let appended = all.resources.append_known(object);
                    appended.map_err(|twice| followed.told(&twice, &all.resources, sink))?;
                }
            }
        }
        Ok(())
    }

    /// Notes that an object comes from a file, if anybody asks.
    fn note_origin(&self, object: &mut Resource, file: &str) {
        if self.metadata.is_any() {
            let (path, by, place) = (join(&self.path, file), None, object.place());
            object.origin = Some(Box::new(Origin { path, by, place }));
        }
    }

    /// The kustomization that a loader has gone to, which must be of a kind.
    fn below(
        &self,
        path: &Text,
        kind: Kind,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<Self, Reported> {
        let (config, file) = loader.kustomization(Some(path), sink)?;
        if config.kind != kind {
            let (message, hint) = match kind {
                Kind::Component => ("is no component", "list it under `resources`"),
                Kind::Kustomization => ("is a component", "list it under `components`"),
            };
            let message = format!("`{}` {message}", path.text);
            let finding = Diagnostic::error(Code::KustomizeFile, message).at(path.place, "");
            return Err(sink.error(finding.hint(hint)));
        }
        loader.set_schema(&config.openapi, sink)?;
        let path = join(&self.path, &path.text);
        Ok(Self { config, file, path, metadata: self.metadata })
    }

    fn component(
        &self,
        path: &Text,
        mut all: Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<Accumulated, Reported> {
        let had_schema = loader.has_schema();
        loader.at(path, sink, |loader, sink| {
            let component = self.below(path, Kind::Component, loader, sink)?;
            if loader.has_schema() != had_schema {
                loader.meet_all(&mut all.resources, sink)?;
            }
            component.accumulate(all, loader, sink)
        })
    }

    /// Adds kustomize's own fields and those of `configurations` and `crds`.
    fn tables(
        &self,
        all: &mut Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let mut added = Tables::default();
        for path in &self.config.configurations {
            let source = loader.file(path, sink)?;
            let tables = config::read_tables(&source, sink)?;
            added = config::merged(&added, &tables, path.place, sink)?;
        }
        let place = self.config.configurations.first().map_or(self.config.place, |path| path.place);
        let own = config::merged(&Tables::builtin(), &added, place, sink)?;
        all.tables = config::merged(&all.tables, &own, place, sink)?;
        for path in &self.config.crds {
            let source = loader.file(path, sink)?;
            let tables = config::read_crds(&source, sink)?;
            all.tables = config::merged(&all.tables, &tables, path.place, sink)?;
        }
        Ok(())
    }

    fn transform(
        &self,
        all: &mut Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        // Who wants to know after each edit what it changed looks at all objects after each.
        let is_watched = self.metadata.is_any() || loader.rendered().is_some();
        let together = |step: &Step, next: &Step| !is_watched && step.goes_with(next);
        for steps in steps::of(&self.config, &all.tables).chunk_by(together) {
            let by = |step: &Step| {
                let by = self.builtin(step.name());
                by.into_iter().cycle().take(step.entries())
            };
            let by: Vec<_> = steps.iter().flat_map(by).collect();
            self.run((steps, &by), all, loader, sink)?;
        }
        let own = self.plugins(&self.config.transformers, loader, sink)?;
        for object in own {
            let by: Vec<_> = plugins::named(&object).into_iter().collect();
            let steps = plugins::transformers(&object, sink)?;
            self.run((&steps, &by), all, loader, sink)?;
        }
        Ok(())
    }

    /// Makes edits and looks at what they changed: what is empty goes.
    fn run(
        &self,
        (steps, by): (&[Step], &[Transformation]),
        all: &mut Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        steps::run(steps, &mut all.resources, loader, sink)?;
        if loader.rendered().is_some() {
            over::settle(&mut all.resources);
        }
        all.resources.remove_empty(&all.resources.touched());
        if self.metadata.is_any() && !by.is_empty() {
            for resource in all.resources.edit_all() {
                by.iter().for_each(|by| note(resource, by));
            }
        }
        all.resources.forget_touched();
        Ok(())
    }

    /// How an edit of a field is called in the origins of objects; none if nobody asks.
    pub(super) fn builtin(&self, kind: &str) -> Option<Transformation> {
        self.metadata.is_any().then(|| Transformation {
            configured_in: join(&self.path, self.file),
            api_version: "builtin".into(),
            kind: kind.into(),
            name: Arc::default(),
            namespace: Arc::default(),
        })
    }

    /// The configurations of plugins: texts in the kustomization, files or folders.
    fn plugins(
        &self,
        texts: &[Text],
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<Vec<Resource>, Reported> {
        let mut all = Accumulated::default();
        let mut paths = Vec::new();
        for text in texts {
            match objects::of_text(text, sink)? {
                None => paths.push(text.clone()),
                Some(mut objects) => {
                    loader.meet(&mut objects, sink)?;
                    for mut object in objects {
                        self.note_origin(&mut object, self.file);
                        append(&mut all.resources, object, sink)?;
                    }
                }
            }
        }
        self.resources(&paths, &mut all, loader, sink)?;
        Ok(all.resources.into_list())
    }

    /// Runs the validators, which may change nothing but the label `validated-by`.
    fn validate(
        &self,
        all: &mut Accumulated,
        loader: &mut Loader<'_>,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        for object in self.plugins(&self.config.validators, loader, sink)? {
            let before: Vec<_> = all.resources.iter().cloned().collect();
            let steps = plugins::transformers(&object, sink)?;
            steps::run(&steps, &mut all.resources, loader, sink)?;
            let mut both = before.iter().zip(&all.resources);
            let is_untouched = before.len() == all.resources.len()
                && both.all(|(before, after)| plugins::is_untouched(before, after));
            if !is_untouched {
                let finding =
                    Diagnostic::error(Code::KustomizeValidator, "a validator changes objects");
                let hint = "list it under `transformers`";
                return Err(sink.error(finding.at(object.place(), "").hint(hint)));
            }
        }
        Ok(())
    }
}

impl Accumulated {
    /// Adds what a base gathered.
    fn take(&mut self, base: Self, from: &Followed<'_>, sink: &mut Sink) -> Result<(), Reported> {
        let appended = self.resources.append_all(base.resources);
        appended.map_err(|twice| from.told(&twice, &self.resources, sink))?;
        self.tables = config::merged(&self.tables, &base.tables, from.place(), sink)?;
        self.variables.merge(base.variables, sink)
    }
}

/// Writes down what changed an object; one that nobody knows the origin of is taken for made by it.
fn note(resource: &mut Resource, by: &Transformation) {
    part_annotations(&mut resource.node);
    match resource.origin {
        Some(_) => resource.transformations.push(by.clone()),
        None => {
            let (path, place) = (String::new(), resource.place());
            resource.origin = Some(Box::new(Origin { path, by: Some(by.clone()), place }));
        }
    }
}

/// `path` as seen from `folder`, without what cancels out.
pub(super) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths_of_origins_are_seen_from_the_folder_that_is_built() {
        assert_eq!(join("", "../base"), "../base");
        assert_eq!(join("../base", "./files/x.yaml"), "../base/files/x.yaml");
        assert_eq!(join("a/b", "../../c"), "c");
        assert_eq!(join("", "kustomization.yaml"), "kustomization.yaml");
    }
}
