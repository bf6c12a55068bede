//! What a kustomization over rendered objects may not hold: what belongs to a tree of resources of its own.

use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::holds_nothing;
use crate::yaml::Node;

/// What a kustomization is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kustomize) enum Use {
    /// It makes objects, as for `kustomize build`.
    Build,
    /// It changes objects that were rendered.
    OverObjects,
}

const MANIFESTS: &str = "put manifests into `manifests/` beside the service's service.yaml";
const TEMPLATE: &str =
    "write the object as a template of the chart, or put it into `manifests/` beside service.yaml";
const SERVICE: &str = "make a service of the chart";

/// Fields that have no place over rendered objects, and what takes theirs.
const REFUSED: &[(&str, &str)] = &[
    ("resources", MANIFESTS),
    ("bases", MANIFESTS),
    (
        "namespace",
        "set the namespace of the environment in jibe.yaml: manifests get that of their target",
    ),
    ("configMapGenerator", TEMPLATE),
    ("secretGenerator", TEMPLATE),
    ("generatorOptions", TEMPLATE),
    ("generators", TEMPLATE),
    ("helmCharts", SERVICE),
    ("helmGlobals", SERVICE),
    ("helmChartInflationGenerator", SERVICE),
    ("vars", "write `replacements`"),
    ("crds", "name further fields in a file under `configurations`"),
    (
        "openapi",
        "put custom resource definitions into `schemas/`: lists of custom resources merge by the keys that they declare",
    ),
    ("transformers", "write the edit itself: `patches`, `labels`, `images` and the like"),
    ("validators", "leave it out: jibe checks every manifest, see the page of checks"),
    ("sortOptions", "leave it out: the files of manifests have names, not an order"),
    ("buildMetadata", "leave it out: `jibe explain` says where a field comes from"),
];

/// Refuses each such field that is not empty.
pub(super) fn refuse_resources(root: &Node, sink: &mut Sink) -> Result<(), Reported> {
    let mut told = Ok(());
    for (key, node) in root.as_map().into_iter().flatten() {
        let refused = REFUSED.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.name));
        let Some((name, hint)) = refused.filter(|_| !holds_nothing(node)) else { continue };
        let message = format!("`{name}` has no place in a kustomization over rendered manifests");
        let finding = Diagnostic::error(Code::KustomizeOverlay, message).at(key.place, "");
        told = Err(sink.error(finding.hint(*hint)));
    }
    told
}
