//! Makes the ConfigMaps and Secrets that a kustomization asks for.
//!
//! `Generator  --read files-->  Datum*  --make, absorb (transform)-->  Resources`

use super::accumulate::{Accumulated, Target};
use super::config::{Generator, GeneratorOptions, Sources};
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Excerpt, Reported, Sink};
use crate::source::Place;
use crate::transform::generate::{
    Datum, GeneratedKind, Recipe, absorb, file_source, lines, literal, make, told,
};
use crate::transform::{Generated, Origin, Resource, Text, Transformation};

/// Adds what `configMapGenerator` and `secretGenerator` make: the Secrets come behind the ConfigMaps.
pub(super) fn generate(
    target: &Target,
    all: &mut Accumulated,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let config = &target.config;
    all.resources.reserve(config.config_maps.len() + config.secrets.len());
    for generator in config.config_maps.iter().chain(&config.secrets) {
        let global = config.generator_options.as_ref();
        let options = GeneratorOptions::merged(generator.options.as_ref(), global);
        let mut made = object(generator, Some(&options), loader, sink)?;
        let name = match generator.kind {
            GeneratedKind::ConfigMap => "ConfigMapGenerator",
            GeneratedKind::Secret(_) => "SecretGenerator",
        };
        made.origin = origin(target.builtin(name), generator.place);
        absorb(&mut all.resources, made, sink)?;
    }
    Ok(())
}

/// The object that a generator makes.
pub(super) fn object(
    generator: &Generator,
    options: Option<&GeneratorOptions>,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<Resource, Reported> {
    let options = options.cloned().unwrap_or_default();
    let excerpt = generator.kind.excerpt();
    let recipe = Recipe {
        kind: generator.kind.clone(),
        place: generator.place,
        name: generator.name.clone(),
        namespace: generator.namespace.clone(),
        labels: options.labels,
        annotations: options.annotations,
        is_immutable: options.immutable,
        data: data(&generator.sources, excerpt, loader, sink)?,
    };
    let mut made = make(&recipe, sink)?;
    let needs_hash = !options.disable_name_suffix_hash;
    made.generated = Some(Generated { behavior: generator.behavior, needs_hash });
    Ok(made)
}

/// Where an object comes from that something made; none if nobody asks.
pub(super) fn origin(by: Option<Transformation>, place: Place) -> Option<Box<Origin>> {
    by.map(|by| Box::new(Origin { path: String::new(), by: Some(by), place }))
}

/// What the data is made of: files of lines, then literals, then files.
fn data(
    sources: &Sources,
    excerpt: Excerpt,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<Vec<Datum>, Reported> {
    let mut data = Vec::new();
    let mut read: Vec<(&Text, Place)> = Vec::new();
    for path in &sources.envs {
        let lines = of_lines(path, loader, sink)?;
        if let Some(first) = lines.first().map(|datum| datum.place) {
            if let Some((other, _)) = read.iter().find(|(_, place)| *place == first) {
                return Err(named_twice(path, other, excerpt, sink));
            }
            read.push((path, first));
        }
        data.extend(lines);
    }
    for text in &sources.literals {
        data.push(literal(text).map_err(|fault| sink.error(told(fault, excerpt)))?);
    }
    for text in &sources.files {
        let (key, path) = file_source(text).map_err(|fault| sink.error(told(fault, excerpt)))?;
        let value = loader.bytes(&path, sink)?;
        loader.weigh(value.len(), &path, sink)?;
        data.push(Datum { key, value: value.to_vec(), place: text.place });
    }
    Ok(data)
}

/// Reports a file of lines that two entries name, so that each of its keys is given twice.
fn named_twice(path: &Text, other: &Text, excerpt: Excerpt, sink: &mut Sink) -> Reported {
    let message = format!("`{}` is named twice, which gives each of its keys twice", path.text);
    let finding = Diagnostic::error(Code::KustomizeData, message)
        .at(path.place, "")
        .also(other.place, "the first time")
        .hint("leave one of them out");
    sink.error(match excerpt {
        Excerpt::Shown => finding,
        Excerpt::Hidden => finding.without_excerpts(),
    })
}

fn of_lines(path: &Text, loader: &mut Loader<'_>, sink: &mut Sink) -> Result<Vec<Datum>, Reported> {
    let source = loader.file(path, sink)?;
    loader.weigh(source.text().len(), path, sink)?;
    let lines = lines(&source);
    if let Some(cut) = lines.cut {
        let message = format!(
            "this line has {} bytes: kustomize leaves out lines of 65,536 and more, and all that follow",
            cut.length
        );
        let finding = Diagnostic::warning(Code::KustomizeData, message).at(cut.place, "");
        let finding = finding.also(path.place, "named here").without_excerpts();
        sink.warn(finding.hint("put the text into a file of its own and name that under `files`"));
    }
    Ok(lines.data)
}
