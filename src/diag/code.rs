//! The stable names of everything that can be wrong.

/// Declares the codes: variant, stable name, default severity by being an error unless the place
/// that reports it says otherwise; the doc comment is the manual entry.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A stable name of one kind of finding, `stage/name`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the pipeline.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, such as `values/unknown-key`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The code of this name, if there is one.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The manual entry: what it means and what to do.
            #[must_use]
            pub fn manual(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc, "\n",)+),)+
                }
            }
        }
    };
}

codes! {
    // source
    /// A file or folder that something names is not there. Create it or correct the name.
    SourceMissing = "source/missing",
    /// A path leads out of the root folder, by `..` or by a link. Keep everything that a workspace
    /// reads inside of it.
    SourceOutsideRoot = "source/outside-root",
    /// A path is a folder, fifo, socket or device where a regular file is needed, or a file where a
    /// folder is needed.
    SourceWrongKind = "source/wrong-kind",
    /// A link leads to itself, or to a folder that it lies in. Remove it.
    SourceLinkLoop = "source/link-loop",
    /// A path in a file, or a name in a folder, is none that jibe reads: an absolute path, a backslash,
    /// a control character, bytes that are not UTF-8. Write relative paths with `/`; rename the file.
    SourcePath = "source/path",
    /// A file or folder is larger than jibe reads. Split it, or raise `limits.file` in the workspace's jibe.yaml.
    SourceTooLarge = "source/too-large",
    /// A file's bytes are not UTF-8. Save it as UTF-8.
    SourceNotUtf8 = "source/not-utf8",
    /// A file holds one of the characters U+10FF00 to U+10FF0F, which templates use as marks.
    SourceReservedCharacter = "source/reserved-character",
    /// The operating system refuses to read a path.
    SourceUnreadable = "source/unreadable",

    // yaml
    /// The text is not YAML. The message says what the reader expected at that place.
    YamlSyntax = "yaml/syntax",
    /// A map has the same key twice. Kubernetes tools take the last one in silence; remove one.
    YamlDuplicateKey = "yaml/duplicate-key",
    /// The text is deeper, larger or expands to more nodes than jibe reads.
    YamlLimit = "yaml/limit",
    /// A key is null, a list or a map, which no Kubernetes tool reads.
    YamlKey = "yaml/key",
    /// A plain key such as `y`, `no` or `on`, which YAML 1.1 and with it every Kubernetes tool takes for
    /// `true` or `false`. Put it in quotes, or rename it.
    YamlBooleanKey = "yaml/boolean-key",
    /// A number or a tag that Kubernetes cannot take: `.inf`, `.nan`, unknown tags, broken `!!binary`.
    YamlValue = "yaml/value",
    /// An alias without an anchor, an anchor that holds itself, or a `<<` that is no map.
    YamlAlias = "yaml/alias",

    /// A file of jibe's own has a field that it does not know. The hint names the nearest one.
    YamlUnknownField = "yaml/unknown-field",
    /// A file of jibe's own lacks a field that it needs. Add it.
    YamlMissingField = "yaml/missing-field",
    /// A value in a file of jibe's own is of another type than is needed there, such as a number
    /// instead of a string.
    YamlType = "yaml/type",

    // api
    /// A custom resource definition lacks something, or its schema says something that a Kubernetes
    /// API server refuses. Correct it at the place named; until then its objects are not checked.
    ApiDefinition = "api/definition",
    /// An API server requires a field that is absent or empty. Add it.
    ApiRequired = "api/required",
    /// An API server takes only certain texts here, and this is none of them.
    ApiEnum = "api/enum",
    /// An API server refuses a value: it is out of range, not of the right form, or does not suit other fields.
    ApiInvalid = "api/invalid",
    /// An API server refuses a value that is there a second time where each must be another.
    ApiDuplicate = "api/duplicate",
    /// A field names another part of the object, which is not there. Correct the name or add the part.
    ApiReference = "api/reference",
    /// An API server refuses that a field is set, because of what other fields say. Remove it.
    ApiForbidden = "api/forbidden",
    /// An API server refuses a text, list or map that is too long.
    ApiLength = "api/length",
    /// An API server takes this and warns of it: it does nothing, means something else than it seems to, hides something, or
    /// is deprecated.
    ApiWarning = "api/warning",
    /// A Kubernetes version that is meant no longer serves the manifest's `apiVersion` and `kind`. The hint names what takes
    /// its place.
    ApiRemoved = "api/removed",
    /// The manifest's `apiVersion` and `kind` are deprecated: they are served, and a later version will not. The hint names
    /// what takes their place.
    ApiDeprecated = "api/deprecated",

    // values
    /// A values file is not one map of names and values. Write `name: value` lines, or leave the file
    /// empty.
    ValuesNotAMap = "values/not-a-map",
    /// The argument of `--set` or one of its sisters is not written as the flag wants it: `a.b[0]=1`,
    /// with `\` before a dot, comma, bracket or brace that is meant literally.
    ValuesArgument = "values/argument",
    /// The argument of `--set` has an index, a path or a gap in a list that is larger than jibe takes.
    /// Put the value into a file and name that with `-f`.
    ValuesLimit = "values/limit",
    /// A list that the chart's `values.schema.json` merges (`x-kubernetes-list-type: map` or `set`) has an item
    /// that cannot be told from the others: it lacks a key, or another item of the same file has the same one.
    ValuesListItem = "values/list-item",
    /// `$patch` stands where it means nothing. `$patch: delete` takes an item out of a list that merges by key;
    /// anything else is deleted by `null`.
    ValuesPatch = "values/patch",
    /// Values refer to each other in a circle, or one refers to another through too many others. Write one of
    /// them out.
    ValuesReference = "values/reference",
    /// A text of a values file has a hole that names a value, such as `{{ values.domain }}`, but not the tag
    /// `!tpl` in front of it, so it stays the text that it is. Write `!tpl "{{ values.domain }}"`. Not told
    /// where a template of the chart uses `tpl`.
    ValuesUntagged = "values/untagged",
    /// A value is not what the chart's `values.schema.json` asks for. Correct it where it was set.
    ValuesSchema = "values/schema",
    /// A value has a key that the chart's `values.schema.json` does not know, most likely a misspelt one.
    ValuesUnknownKey = "values/unknown-key",
    /// No layer sets a value that the chart's `values.schema.json` requires.
    ValuesMissing = "values/missing",
    /// A value that no template reads, in any target that has its file: most likely a misspelt one. Correct
    /// its name, or delete it. Judged only when every target was rendered.
    ValuesUnused = "values/unused",
    /// A `values.schema.json` is no JSON Schema, or one that jibe does not use: it reaches out of its file, or
    /// could take without bound to judge with.
    ValuesBadSchema = "values/bad-schema",

    // render
    /// A template is not written as templates are: an open delimiter, an unknown tag, filter or function.
    TemplateSyntax = "template/syntax",
    /// A template says what no template of jibe may say, because its result would be wrong without a
    /// sound: text included into YAML, a YAML fragment that decides an `if`, a library that reads values.
    TemplateRefused = "template/refused",
    /// A template asks for a value that nobody set. Set it in the file that the message names, or give it
    /// a default in the template.
    TemplateUndefined = "template/undefined",
    /// A template stops itself, or asks a filter or function for what it cannot do.
    TemplateFailed = "template/failed",
    /// A template is larger, does more work or makes more text than jibe allows. The hint says what to do,
    /// and which of `limits` in jibe.yaml allows more.
    TemplateLimit = "template/limit",
    /// A value cannot stand where its hole stands: a list within text, a number as a key.
    TemplateHole = "template/hole",
    /// A number that is written in an unusual way, such as `1.10` or `0123`, would change when it becomes
    /// text. Put it in quotes where it is set.
    TemplateNumber = "template/number-in-text",
    /// A YAML fragment (what a macro or block of a YAML file gives) stands where it would break the lines
    /// around it, or is used as text.
    TemplateFragment = "template/fragment",

    // manifest
    /// A document is a list or a single value where a Kubernetes object is needed.
    ManifestNotAnObject = "manifest/not-an-object",
    /// An object's `apiVersion`, `kind` or `metadata.name` is missing or no string that it can be. Without
    /// them nobody can tell which object is meant.
    ManifestIdentity = "manifest/identity",
    /// A name that no object can have, because it is a part of a URL: it is empty, too long, or holds `/`, `%`
    /// or a control character.
    ManifestName = "manifest/name",
    /// A cluster-scoped object names a namespace, an object names a namespace other than its target's, or one that none can be.
    /// List further namespaces as `otherNamespaces` in service.yaml.
    ManifestNamespace = "manifest/namespace",
    /// One object is there twice, in a target or in two targets of an environment. One would overwrite the
    /// other in the cluster.
    ManifestDuplicate = "manifest/duplicate",
    /// An encrypted document (SOPS) would have to be changed, which breaks its checksum. Such documents stand
    /// alone in a file of plain manifests, with everything but their data readable.
    ManifestEncrypted = "manifest/encrypted",

    // check
    /// A manifest's value is not what its kind's schema asks for: of another type, out of range, in no known
    /// format. An API server would refuse it.
    CheckSchema = "check/schema",
    /// A custom resource breaks what its definition says besides types and ranges: a rule in CEL
    /// (`x-kubernetes-validations`), or that the items of a list are told apart. The message is the definition's own;
    /// the hint shows the rule.
    CheckRule = "check/rule",
    /// A manifest has a field that its kind does not know, most likely a misspelt or misplaced one. An API
    /// server with strict validation refuses it, others drop it in silence.
    CheckUnknownField = "check/unknown-field",
    /// A manifest lacks a field that its kind requires.
    CheckMissing = "check/missing",
    /// No Kubernetes version of the environment serves the manifest's `apiVersion` and `kind`. Correct
    /// them, or put the custom resource's definition into the chart's `crds/` or the workspace's `schemas/`.
    CheckUnknownKind = "check/unknown-kind",
    /// Some of the environment's Kubernetes versions serve the manifest's `apiVersion` and `kind`, others do not.
    CheckNotServed = "check/not-served",

    /// The file of `checks.baseline` lets a finding pass that is there no more, or not as often. Take the entry out, or
    /// write the file anew with `--write-baseline`.
    CheckStaleBaseline = "check/stale-baseline",
    /// A manifest holds a secret in plain text, which would be committed: a value that the chart's schema marks
    /// with `writeOnly` or `x-jibe-sensitive`, or the data of a Secret. Let an ExternalSecret make it, or encrypt it
    /// with SOPS; docs/secrets.md shows both.
    CheckSecretInline = "check/secret-inline",

    // chart, workspace: files of settings
    /// A settings file is empty or has more than one document.
    SettingsDocuments = "settings/documents",

    // chart
    /// A folder that is named as a chart is not there or has no `chart.yaml`.
    ChartMissing = "chart/missing",
    /// The folder is a chart for Helm. docs/from-helm.md shows how to bring it over.
    ChartHelm = "chart/helm-chart",
    /// A chart or a dependency has a name that cannot be a folder, a namespace or a label.
    ChartName = "chart/name",
    /// A chart's version does not follow Semantic Versioning.
    ChartVersion = "chart/version",
    /// A dependency has a path that leads nowhere, a name that is taken or too long, or a field that
    /// means nothing for its kind of chart; or the value that `when` names is not there, or neither
    /// `true` nor `false`. Correct the line in chart.yaml, or the value.
    ChartDependency = "chart/dependency",
    /// Charts depend on each other in a ring, or too deep.
    ChartRing = "chart/dependency-ring",
    /// A file or folder of a chart lies where jibe does not read it. The hint says where it belongs.
    ChartFile = "chart/stray-file",

    // workspace
    /// There is no jibe.yaml at or above the folder. `jibe init` makes one.
    WorkspaceMissing = "workspace/missing",
    /// The workspace asks for another version or edition of jibe than this one.
    WorkspaceRequires = "workspace/requires",
    /// A service, environment or namespace has a name that cannot be a folder, a namespace or a label.
    WorkspaceName = "workspace/name",
    /// A Kubernetes version that jibe does not know, or no version at all.
    WorkspaceKubernetes = "workspace/kubernetes-version",
    /// A name that stands for an environment is none, or environments extend each other in a ring.
    WorkspaceEnvironment = "workspace/environment",
    /// A name that stands for a namespace is none, or it is not said which namespace is meant.
    WorkspaceNamespace = "workspace/namespace",
    /// `output.path` leads out of the workspace, into what jibe reads, or two targets into one folder.
    WorkspaceOutput = "workspace/output-path",
    /// `checks.severity` names no finding, or one that cannot weigh otherwise.
    WorkspaceSeverity = "workspace/severity",
    /// `checks.baseline` names no file that can be one, or the file says something that no baseline says.
    WorkspaceBaseline = "workspace/baseline",
    /// A service's `source` is not there or is nothing that jibe renders.
    WorkspaceSource = "workspace/source",
    /// A file or folder of the workspace that jibe would not read. The hint says where it belongs.
    WorkspaceFile = "workspace/stray-file",
    /// What was chosen is not there: a name is unknown, or the service does not run there.
    WorkspaceSelection = "workspace/selection",

    // kustomize
    /// A kustomization file is missing, there are two of them, or it is empty or something else.
    KustomizeFile = "kustomize/file",
    /// A kustomization file has a field that kustomize does not know. Correct its name.
    KustomizeUnknownField = "kustomize/unknown-field",
    /// A value of a kustomization file is of the wrong type, or none that its field can have.
    KustomizeValue = "kustomize/value",
    /// A field of a kustomization file that kustomize warns of. Write what takes its place.
    KustomizeDeprecated = "kustomize/deprecated",
    /// A path names a file outside of the folder of its kustomization. Move the file, or build with
    /// `--load-restrictor LoadRestrictionsNone`.
    KustomizeOutside = "kustomize/outside-folder",
    /// A kustomization leads back to itself or to a folder around it, or they are nested too deep.
    KustomizeCycle = "kustomize/cycle",
    /// A path leads to another machine. jibe builds from files only: put a copy into the repository.
    KustomizeRemote = "kustomize/remote",
    /// A plugin, a function or a chart of Helm, which would run another program.
    KustomizePlugin = "kustomize/plugin",
    /// A document is no object of Kubernetes: it lacks a kind or a name, or is no map.
    KustomizeObject = "kustomize/object",
    /// Two objects have one identity: group, version, kind, name and namespace.
    KustomizeTwice = "kustomize/duplicate-object",
    /// Something stands in an object where a kustomization expects something else.
    KustomizeField = "kustomize/field",
    /// A field is listed twice for an edit, once to be made where it is missing and once not.
    KustomizeConflict = "kustomize/field-conflict",
    /// What a generator is to make data of cannot be read, is there twice, or is no data that kustomize can print.
    KustomizeData = "kustomize/data",
    /// A patch of a kustomization cannot be read, or does not fit the object that it is for.
    KustomizePatch = "kustomize/patch",
    /// Nothing is called what a kustomization names.
    KustomizeNoMatch = "kustomize/no-match",
    /// A name in an object could mean several others after they were renamed.
    KustomizeReference = "kustomize/ambiguous-reference",
    /// A validator changed objects, which it must not.
    KustomizeValidator = "kustomize/validator",
    /// A replacement of a kustomization finds no value, no field for it, or one that it does not fit into.
    KustomizeReplacement = "kustomize/replacement",
    /// A variable of a kustomization has no value or two of them, or no field uses it.
    KustomizeVariable = "kustomize/variable",
    /// A kustomization over rendered manifests has a field that belongs to a tree of resources of its own, such as
    /// `resources`.
    KustomizeOverlay = "kustomize/overlay",
    /// A part of kustomize that jibe does not have yet.
    KustomizeUnsupported = "kustomize/unsupported",

    // docs
    /// The markers in a chart's README.md between which `jibe docs --write` keeps the table of values
    /// are not one opening and one closing line. Correct them.
    DocsMarkers = "docs/markers",

    // tree
    /// Two objects would be written to one file, on some file system at least: their names differ in
    /// case only, or `output.path` puts both into one folder. Rename one, or name `{namespace}` and
    /// `{service}` in `output.path`.
    TreeCollision = "tree/name-collision",
    /// The files of all targets are larger together than one run makes. Choose fewer targets, or raise
    /// `limits.output` in jibe.yaml.
    TreeTooLarge = "tree/too-large",
    /// The output folder is none that jibe writes into: the root or home folder, a `.git` folder, or
    /// one that holds the sources. Name another one.
    TreeOutput = "tree/output-refused",
    /// A folder, link or device has the path of a file that is to be written, or a link or file that
    /// of a folder. Move it away; jibe follows no links below the output folder.
    TreeInTheWay = "tree/in-the-way",
    /// A file that jibe did not write has the path of one that is to be written. Move it away, or run
    /// with `--adopt` to replace it.
    TreeForeign = "tree/foreign-file",
    /// A file that jibe wrote was changed by hand and is to be written anew. Take the change over into
    /// values or templates, then run with `--force`.
    TreeEdited = "tree/edited-file",
    /// A `.jibe-inventory` is damaged or of a newer jibe. Restore it from version control.
    TreeInventory = "tree/inventory",
    /// Another run writes into the same output folder. Wait for it to end.
    TreeBusy = "tree/busy",
    /// The operating system refuses to read or write in the output folder; nothing was written. Run
    /// again when its cause is gone.
    TreeIo = "tree/io",
    /// The operating system refused something midway. The message says how many files were written and
    /// deleted before, each of them whole. Remove the cause and run again: the run picks up from there.
    TreeUnfinished = "tree/unfinished",
    /// `jibe check --twice` rendered the same input twice and got something else the second time. The
    /// mistake is jibe's own: report it with the chart that the message names.
    TreeNotTheSame = "tree/not-the-same",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    fn is_word(text: &str) -> bool {
        let parts = text.split('-');
        parts.into_iter().all(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
    }

    #[test]
    fn every_name_is_a_stage_and_a_name() {
        for code in Code::ALL {
            let parts = code.name().split_once('/');
            assert!(parts.is_some_and(|(stage, name)| is_word(stage) && is_word(name)), "{code}");
        }
    }

    #[test]
    fn every_name_leads_to_its_own_code() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
        assert_eq!(Code::from_name("yaml/nothing"), None);
    }

    #[test]
    fn every_code_has_a_manual_entry_in_sentences() {
        for code in Code::ALL {
            let entry = code.manual().trim();
            assert!(entry.len() > 20 && entry.ends_with('.'), "{code}: {entry}");
        }
    }

    #[test]
    fn the_codes_of_a_stage_stand_together() {
        let stages = Code::ALL.iter().filter_map(|code| code.name().split('/').next());
        let mut order: Vec<_> = stages.collect();
        order.dedup();
        assert_eq!(order.len(), order.iter().collect::<BTreeSet<_>>().len(), "{order:?}");
    }
}
