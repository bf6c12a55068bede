//! How long each stage takes for a fleet of 100 services in 3 environments, on one thread.
//!
//! Each stage gets what the one before it made; `items` are objects. Benches that begin with `without`
//! do the work of one stage with a cache of its own for every target, so that nothing is shared.

#[path = "fleet/workload.rs"]
#[expect(dead_code, reason = "the program that writes a fleet uses the rest")]
mod workload;

use divan::{Bencher, counter::ItemsCount};
use jibe::api::{Api, Catalog, Definitions, Version};
use jibe::chart::Chart;
use jibe::check::{
    self, Advice, Checked, Inline, InlineSecrets, Rules, Setter, Validators, ValuesSchema,
};
use jibe::diag::{Severities, Severity, Sink};
use jibe::manifest::{self, Draft, Manifests, Placement, Stamp};
use jibe::render::{ClusterInfo, Context, Renderer, Seen, TargetInfo, Threads, Unread};
use jibe::source::Files;
use jibe::tree::{self, Lot, Part, Tree, WriteOptions};
use jibe::values::{self, Values};
use jibe::workspace::{Material, TargetSource};
use jibe::{Builder, Target, Workspace, yaml};
use std::sync::Arc;

const SERVICES: usize = 100;
const OBJECTS: usize = SERVICES * workload::ENVIRONMENTS.len() * workload::OBJECTS;

fn main() {
    divan::main();
}

/// A fleet and what its targets share.
struct Fleet {
    files: Files,
    workspace: Workspace,
    apis: Vec<Api>,
    severities: Severities,
    validators: Validators,
}

impl Fleet {
    fn new() -> Self {
        let files = Files::memory(workload::workspace(SERVICES)).expect("paths");
        Self {
            workspace: Workspace::memory(&files).expect("a workspace"),
            files,
            apis: vec![Api::new(Version::parse("1.35").expect("a version"))],
            severities: Severities::default(),
            validators: Validators::default(),
        }
    }

    fn sink(&self) -> Sink {
        Sink::new(&self.files)
    }

    fn targets(&self) -> &[Target] {
        self.workspace.targets()
    }

    fn gather(&self) -> Vec<Material> {
        let gather = |target| self.workspace.gather(target, &mut self.sink());
        self.targets().iter().map(|target| gather(target).expect("no errors")).collect()
    }

    fn merge(&self, materials: &[Material]) -> Vec<Values> {
        let merge = |one| values::merge(&chart(one).defaults, &one.layers, &chart(one).known);
        materials.iter().map(merge).collect()
    }

    fn schema(&self, material: &Material) -> ValuesSchema {
        let schema = chart(material).schema.as_ref().expect("the chart has one");
        ValuesSchema::read(&schema.source, &mut self.sink()).expect("a schema")
    }

    fn check_values(&self, schema: &ValuesSchema, values: &Values) {
        let severities = &self.severities;
        let setter =
            Setter { file: "values.yaml", deleted_at: &|_| None, referred: &|_| None, severities };
        schema.check(values.root(), &setter, &mut self.sink()).expect("no errors");
    }

    fn renderer(&self, material: &Material) -> Renderer {
        Renderer::new(chart(material), &mut self.sink()).expect("templates")
    }

    fn identify(&self, drafts: Vec<Vec<Draft>>) -> Vec<Manifests> {
        let identify = |(target, drafts): (&Target, _)| {
            let placement = Placement {
                apis: &self.apis,
                namespace: target.namespace_name.as_deref(),
                other_namespaces: &[],
                stamp: Stamp::Absent,
            };
            manifest::identify(drafts, &placement, &mut self.sink()).expect("no errors")
        };
        self.targets().iter().zip(drafts).map(identify).collect()
    }

    fn check(&self, manifests: Vec<Manifests>) -> Vec<Checked> {
        manifests.into_iter().map(|one| self.check_one(one, &self.validators)).collect()
    }

    fn check_one(&self, manifests: Manifests, validators: &Validators) -> Checked {
        let inline = Inline::without_values(InlineSecrets::Refused);
        let (advice, known) = (Advice::Workspace, None);
        let (apis, severities) = (&self.apis, &self.severities);
        let rules = Rules { apis, severities, validators, advice, inline, known };
        check::check(manifests, &rules, &mut self.sink()).expect("no errors")
    }

    fn lay_out(&self, checked: &[Checked]) -> Tree {
        let names: Vec<_> = self.targets().iter().map(ToString::to_string).collect();
        let parts = self.targets().iter().zip(&names).zip(checked);
        let lots = parts
            .map(|((target, name), checked)| Part {
                target: name,
                namespace: target.namespace_name.as_deref(),
                folder: target.folder(),
                cluster_folder: target.cluster_folder(),
                apis: &self.apis,
                checked,
            })
            .map(|part| Lot::of(&part))
            .collect();
        tree::lay_out(lots, &mut self.sink()).expect("no errors")
    }

    fn rendered(&self) -> Vec<Vec<Draft>> {
        let materials = self.gather();
        let (renderer, merged) = (self.renderer(&materials[0]), self.merge(&materials));
        let one = |(target, values): (&Target, &Values)| {
            let rendered = renderer.render(&context(target, values), &mut self.sink());
            rendered.expect("no errors").documents.into_iter().map(Draft::new).collect()
        };
        self.targets().iter().zip(&merged).map(one).collect()
    }

    fn checked(&self) -> Vec<Checked> {
        self.check(self.identify(self.rendered()))
    }
}

fn chart(material: &Material) -> &Arc<Chart> {
    match &material.source {
        TargetSource::Chart(chart) => chart,
        TargetSource::Manifests(_) | TargetSource::Kustomization(_) => {
            unreachable!("every service has a chart")
        }
    }
}

fn context<'v>(target: &Target, values: &'v Values) -> Context<'v> {
    Context {
        values,
        target: TargetInfo {
            environment: Some(target.environment.clone()),
            namespace: target.namespace_name.clone(),
            service: target.service.clone(),
            labels: target.labels.clone(),
        },
        cluster: ClusterInfo { version: "1.35".to_owned(), serves: Arc::new(|_, _| true) },
        budget: Arc::default(),
    }
}

fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread can be started").install(work)
}

fn objects() -> ItemsCount {
    ItemsCount::new(OBJECTS)
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn a_open_the_workspace(bencher: Bencher<'_, '_>) {
    let texts = || Files::memory(workload::workspace(SERVICES)).expect("paths");
    bencher.counter(objects()).with_inputs(texts).bench_values(|files| Workspace::memory(&files));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn b_read_the_values(bencher: Bencher<'_, '_>) {
    bencher.counter(objects()).with_inputs(Fleet::new).bench_refs(|fleet| fleet.gather());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn c_merge_the_values(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let materials = fleet.gather();
    bencher.counter(objects()).bench(|| fleet.merge(&materials));
}

/// A fleet up to its merged values.
struct Merged {
    fleet: Fleet,
    materials: Vec<Material>,
    values: Vec<Values>,
}

impl Merged {
    fn new() -> Self {
        let fleet = Fleet::new();
        let materials = fleet.gather();
        Self { values: fleet.merge(&materials), fleet, materials }
    }

    /// Benches work on each target and its merged values, on one thread with room for templates.
    fn bench<T>(&self, bencher: Bencher<'_, '_>, work: impl Fn(usize, &Context<'_>) -> T + Sync) {
        let threads = Threads::exactly(1);
        bencher.counter(objects()).bench(|| threads.run(|| self.each(&work)));
    }

    fn each<T>(&self, work: impl Fn(usize, &Context<'_>) -> T) {
        for (at, (target, values)) in self.fleet.targets().iter().zip(&self.values).enumerate() {
            divan::black_box(work(at, &context(target, values)));
        }
    }

    fn sink(&self) -> Sink {
        self.fleet.sink()
    }

    fn renderer(&self) -> Renderer {
        self.fleet.renderer(&self.materials[0])
    }
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn d_check_the_values(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    let schema = merged.fleet.schema(&merged.materials[0]);
    merged.bench(bencher, |_, context| merged.fleet.check_values(&schema, context.values));
}

/// Records what is read, as a render does unless nobody asks.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn e_render(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    let renderer = merged.renderer();
    merged.bench(bencher, |_, context| renderer.render(context, &mut merged.sink()));
}

/// As `e`, and finds out which values nothing reads, as a run over all targets does.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn e_render_and_find_unread_values(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    let renderer = Arc::new(merged.renderer());
    let chart = chart(&merged.materials[0]).folder.as_str();
    let all = || {
        let unread = Unread::of_threads();
        merged.each(|_, context| {
            let rendered = renderer.render(context, &mut merged.sink()).expect("no errors");
            let (reads, weight) = (&rendered.reads, Some(Severity::Warning));
            unread.note(&Seen {
                chart,
                renderer: &renderer,
                values: context.values,
                passed: &[],
                reads,
                weight,
            });
            rendered
        });
        unread.findings(|_| true)
    };
    let threads = Threads::exactly(1);
    bencher.counter(objects()).bench(|| threads.run(all));
}

/// As `e`, and finds out what every printed value is made of, as `explain` does.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn e_render_traced(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    let chart = chart(&merged.materials[0]);
    let renderer = Renderer::traced(chart, &mut merged.sink()).expect("templates");
    merged.bench(bencher, |_, context| renderer.render(context, &mut merged.sink()));
}

/// As `e` without recording what is read.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn without_e_recording_reads(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    let renderer = merged.renderer();
    merged.bench(bencher, |_, context| renderer.render_only(context, &mut merged.sink()));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn f_identify(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let drafts = || fleet.rendered();
    bencher.counter(objects()).with_inputs(drafts).bench_values(|drafts| fleet.identify(drafts));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn g_check_the_manifests(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let manifests = || fleet.identify(fleet.rendered());
    bencher.counter(objects()).with_inputs(manifests).bench_values(|one| fleet.check(one));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn h_write_yaml(bencher: Bencher<'_, '_>) {
    let checked = Fleet::new().checked();
    let bytes = || checked.iter().flatten().map(|one| yaml::write(&one.node).len()).sum::<usize>();
    bencher.counter(objects()).bench(bytes);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn i_lay_out(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let checked = fleet.checked();
    bencher.counter(objects()).bench(|| fleet.lay_out(&checked));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn j_write_a_new_tree(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let tree = fleet.lay_out(&fleet.checked());
    let folder = || tempfile::tempdir().expect("a folder");
    bencher.counter(objects()).with_inputs(folder).bench_refs(|folder| write(&tree, folder));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn k_write_the_same_tree_again(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let tree = fleet.lay_out(&fleet.checked());
    let folder = tempfile::tempdir().expect("a folder");
    write(&tree, &folder);
    bencher.counter(objects()).bench(|| write(&tree, &folder));
}

fn write(tree: &Tree, folder: &tempfile::TempDir) {
    on_one_thread(|| tree.write(folder.path(), &WriteOptions::default())).expect("no errors");
}

#[divan::bench(sample_count = 20, sample_size = 1, args = [1, 2])]
fn l_all_but_writing(bencher: Bencher<'_, '_>, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    bencher.counter(objects()).with_inputs(Fleet::new).bench_refs(|fleet| {
        let targets: Vec<_> = fleet.targets().iter().collect();
        pool.install(|| Builder::new(&fleet.workspace).tree(&targets)).expect("no errors")
    });
}

/// As `d`, but every target compiles the schema of the values.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn without_d_shared_schema_of_the_values(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    merged.bench(bencher, |at, context| {
        let schema = merged.fleet.schema(&merged.materials[at]);
        merged.fleet.check_values(&schema, context.values);
    });
}

/// As `e`, but every target reads the templates and parses the YAML that they print.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn without_e_shared_templates(bencher: Bencher<'_, '_>) {
    let merged = Merged::new();
    merged.bench(bencher, |at, context| {
        let renderer = merged.fleet.renderer(&merged.materials[at]);
        renderer.render(context, &mut merged.sink())
    });
}

/// What the structure cache saves in `e`: the texts, with values for holes, are parsed one by one.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn without_e_parsing_every_text(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let checked = fleet.checked();
    let text = |one: &Checked| one.iter().map(|one| yaml::write(&one.node)).collect::<Vec<_>>();
    let texts: Vec<_> = checked.iter().map(|one| text(one).join("---\n")).collect();
    let source = fleet.files.add("printed", Vec::new()).expect("an empty text");
    bencher.counter(objects()).bench(|| {
        let parse = |text| yaml::parse(text, source.id(), yaml::Options::default());
        texts.iter().for_each(|text| drop(divan::black_box(parse(text))));
    });
}

/// As `g`, but every target compiles the schemas of its kinds.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn without_g_shared_schemas_of_kinds(bencher: Bencher<'_, '_>) {
    let fleet = Fleet::new();
    let manifests = || fleet.identify(fleet.rendered());
    bencher.counter(objects()).with_inputs(manifests).bench_values(|all| {
        let check = |one| fleet.check_one(one, &Validators::default());
        all.into_iter().map(check).collect::<Vec<_>>()
    });
}

/// As `l` on one thread, but every target is built as if it were the only one.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn without_l_anything_shared(bencher: Bencher<'_, '_>) {
    bencher.counter(objects()).with_inputs(Fleet::new).bench_refs(|fleet| {
        on_one_thread(|| {
            let build = |target| Builder::new(&fleet.workspace).tree(&[target]);
            fleet.targets().iter().for_each(|one| drop(build(one).expect("no errors")));
        });
    });
}

/// A definition of 100 fields, each with a rule and a pattern, as each of 100 targets reads it.
fn definitions() -> (Files, Vec<Draft>) {
    let fields: String = (0..100)
        .map(|n| {
            format!(
                "              f{n}: {{type: string, maxLength: 63, pattern: '^[a-z0-9-]+$', x-kubernetes-validations: [{{rule: \"self.size() > {n} || self.startsWith('a')\"}}]}}\n"
            )
        })
        .collect();
    let text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.b.example}}\nspec:\n  \
         group: b.example\n  scope: Namespaced\n  names: {{kind: A, plural: as}}\n  versions:\n  - name: v1\n    \
         served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        \
         properties:\n          spec:\n            type: object\n            properties:\n{fields}"
    );
    let files = Files::memory([("crd.yaml", text.as_str())]).expect("a path");
    let source = files.add("crd.yaml", text.into_bytes()).expect("a text");
    let drafts = manifest::drafts(&source, &mut Sink::new(&files)).expect("YAML");
    (files, drafts)
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn g_read_a_definition_for_100_targets(bencher: Bencher<'_, '_>) {
    let (files, drafts) = definitions();
    bencher.counter(ItemsCount::new(SERVICES)).bench(|| {
        let catalog = Catalog::default();
        let read = |_| catalog.read(drafts.iter().map(|one| &one.node), &mut Sink::new(&files));
        (0..SERVICES).map(read).collect::<Vec<_>>()
    });
}

/// As before, but every target compiles the definition.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn without_g_shared_definitions(bencher: Bencher<'_, '_>) {
    let (files, drafts) = definitions();
    bencher.counter(ItemsCount::new(SERVICES)).bench(|| {
        let read =
            |_| Definitions::read(drafts.iter().map(|one| &one.node), &mut Sink::new(&files));
        (0..SERVICES).map(read).collect::<Vec<_>>()
    });
}
