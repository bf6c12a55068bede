//! What can be typed, with help and examples.

use clap::builder::styling::Styles;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use jibe::check::InlineSecrets;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  jibe init shop                      start a workspace
  jibe render -e prod                 print what prod gets
  jibe render --write                 write the tree of every environment
  jibe check                          fail when the committed tree is not what the sources say
  jibe render ./charts/web -e prod    render one chart, without a workspace

Exit codes: 0 clean, 1 findings or differences, 2 usage or input/output trouble.";

/// Charts and per-environment values in, the exact Kubernetes manifests of a GitOps repository out
#[derive(Debug, Parser)]
#[command(name = "jibe", version, after_help = EXAMPLES, styles = Styles::plain())]
#[command(disable_help_subcommand = true, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Jibe {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Shared {
    /// Folder of the workspace, or one below it
    #[arg(short = 'C', long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) workspace: Option<PathBuf>,
    /// How results and messages are printed; json is one document on standard output
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// When messages are coloured; auto is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Number of threads; one a core unless given. The result is the same with any number
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
}

/// How results and messages are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    // Without doc comments, which would make every `--help` three pages long.
    Text,
    Json,
}

/// When messages are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the manifests of one environment, or write the tree of many
    #[command(visible_aliases = ["template", "build"], after_help = "\
Examples:
  jibe render -e prod                      print what prod gets
  jibe render web -e prod --show-only Deployment/web
  jibe render --write                      write everything that changed, everywhere
  jibe render web worker -e dev,staging --write
  jibe render web -e dev --set image.tag=1.4.2
  jibe render ./charts/web -e prod -f my-values.yaml -n shop
  jibe render overlays/prod                print what `kustomize build overlays/prod` prints
  jibe render overlays/prod -o out         the same, one file an object")]
    Render(Render),
    /// Render everything, validate it and compare it with the committed tree; write nothing
    #[command(after_help = "\
Examples:
  jibe check                  all environments; exit code 1 on any difference
  jibe check -e prod          only prod
  jibe check --deny warnings  fail on warnings, too
  jibe check --twice          also see that the same input gives the same bytes
  jibe check --write-baseline let pass what is found now, and only that
  jibe check --format json    for a machine")]
    Check(Check),
    /// Judge manifests as an API server would: files, folders, or - for standard input
    #[command(
        visible_alias = "validate",
        after_help = "\
Examples:
  jibe lint deployment.yaml
  jibe lint manifests/ --kube-version 1.34,1.35     all versions must agree
  helm template web | jibe lint -
  jibe lint manifests/ --crd crds/                  definitions of custom resources
  jibe lint manifests/ --only deprecation --kube-version 1.37
  jibe lint manifests/ --write-baseline known.yaml  then --baseline known.yaml tells what is new"
    )]
    Lint(Lint),
    /// Print the merged values of a service
    #[command(after_help = "\
Examples:
  jibe values web -e prod
  jibe values web -e prod --sources       with the file and line that set each value
  jibe values --diff staging prod web     only what differs, with both origins
  jibe values web -e prod --dependency cache")]
    Values(Values),
    /// Say why a value is what it is, what a field was made of, or what a finding means
    #[command(
        override_usage = "\
jibe explain [OPTIONS] SERVICE [PATH]
       jibe explain [OPTIONS] SERVICE KIND/NAME [PATH]
       jibe explain CODE",
        after_help = "\
Examples:
  jibe explain web image.tag -e prod       who set a value, what that overrode, where it goes
  jibe explain web autoscaling -e prod     the values below a map, and who set each
  jibe explain web Deployment/web spec.replicas -e prod
  jibe explain web Deployment/web 'spec.template.spec.containers[name=web].image' -e prod
  jibe explain values/schema               what a finding means, and what to do"
    )]
    Explain(Explain),
    /// Print the table of a chart's values, or keep it in the chart's README.md
    #[command(after_help = "\
Examples:
  jibe docs web                  print the values of charts/web as a table
  jibe docs --write              fill the README.md of every chart that services use
  jibe docs ./charts/web --format json

The table goes between the lines `<!-- jibe docs -->` and `<!-- /jibe docs -->` of a README.md;
`jibe check` says when it is out of step.")]
    Docs(Docs),
    /// List targets, services, environments or what a build looks at
    #[command(after_help = "\
Examples:
  jibe list
  jibe list services
  jibe list targets -e prod --format json")]
    List(List),
    /// Start a workspace that renders and passes its own checks
    #[command(after_help = "\
Examples:
  jibe init shop && cd shop && jibe render --write
  jibe init --from-kustomize deploy   a service of deploy/overlays/*, here
  jibe init --from-kustomize apps     a service of each apps/*/overlays/*
  jibe init --from-kustomize apps/web one more, where jibe.yaml is there already")]
    Init(Init),
    /// Add a chart, a service or an environment to the workspace
    #[command(subcommand)]
    New(New),
    /// Print the JSON Schema of a configuration file, for editors
    #[command(after_help = "Example:\n  jibe schema jibe > .jibe/jibe.schema.json")]
    Schema(Schema),
    /// Print the completions of a shell
    #[command(after_help = "Example:\n  jibe completions bash > /etc/bash_completion.d/jibe")]
    Completions(Completions),
    /// Print the manual page
    Man,
}

/// What is worked on.
#[derive(Debug, Args, Default)]
pub(crate) struct What {
    /// Services by name, or the path of a workspace, a chart, a kustomization or a folder of
    /// manifests; nothing named means all
    #[arg(value_name = "WHAT")]
    pub(crate) what: Vec<String>,
    /// Environments
    #[arg(short, long = "env", value_name = "ENV", value_delimiter = ',', alias = "environment")]
    pub(crate) environments: Vec<String>,
    /// Namespaces, by their logical names
    #[arg(short, long = "namespace", value_name = "NAMESPACE", value_delimiter = ',')]
    pub(crate) namespaces: Vec<String>,
    /// Labels that a service has in its service.yaml
    #[arg(short = 'l', long = "label", value_name = "KEY=VALUE", value_delimiter = ',')]
    pub(crate) labels: Vec<String>,
}

/// Values on top of every layer.
#[derive(Debug, Args, Default)]
pub(crate) struct Extra {
    /// Values file on top of all layers
    #[arg(short = 'f', long = "values", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Value on top of everything: image.tag=1.4.2, replicas=3, hosts={a,b}, items[0].name=x
    #[arg(long, value_name = "PATH=VALUE", action = ArgAction::Append)]
    pub(crate) set: Vec<String>,
    /// The same, always a string
    #[arg(long, value_name = "PATH=VALUE", action = ArgAction::Append)]
    pub(crate) set_string: Vec<String>,
    /// The same, read as JSON
    #[arg(long, value_name = "PATH=JSON", action = ArgAction::Append)]
    pub(crate) set_json: Vec<String>,
    /// The same, a file's text as a string
    #[arg(long, value_name = "PATH=FILE", action = ArgAction::Append)]
    pub(crate) set_file: Vec<String>,
    /// The same, a string with no character special
    #[arg(long, value_name = "PATH=VALUE", action = ArgAction::Append)]
    pub(crate) set_literal: Vec<String>,
    /// Kubernetes versions to check against, in place of the environment's
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) kube_version: Vec<String>,
}

impl Extra {
    /// Whether the command line itself sets values.
    pub(crate) fn sets_values(&self) -> bool {
        let Self { files, set, set_string, set_json, set_file, set_literal, kube_version: _ } =
            self;
        let texts = [set, set_string, set_json, set_file, set_literal];
        !files.is_empty() || texts.iter().any(|texts| !texts.is_empty())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    #[command(flatten)]
    pub(crate) what: What,
    #[command(flatten)]
    pub(crate) extra: Extra,
    /// Write the tree into the workspace
    #[arg(long)]
    pub(crate) write: bool,
    /// Write the tree below this folder instead
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) output: Option<PathBuf>,
    /// Print only these objects: Deployment/web
    #[arg(long, value_name = "KIND/NAME", value_delimiter = ',', conflicts_with_all = ["write", "output"])]
    pub(crate) show_only: Vec<String>,
    #[command(flatten)]
    pub(crate) writing: Writing,
    #[command(flatten)]
    pub(crate) strictness: Strictness,
    #[command(flatten)]
    pub(crate) kustomize: Kustomize,
}

impl Render {
    /// Whether files are written, not printed.
    pub(crate) fn writes(&self) -> bool {
        self.write || self.output.is_some()
    }
}

/// What is asked of a kustomization, in the words of `kustomize build`.
#[derive(Debug, Args, Default)]
pub(crate) struct Kustomize {
    /// Order of a kustomization's objects, unless it has `sortOptions`
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(crate) reorder: Option<Reorder>,
    /// Which files a kustomization may name
    #[arg(long, value_enum, value_name = "FILES")]
    pub(crate) load_restrictor: Option<Restrictor>,
    /// Put the label app.kubernetes.io/managed-by onto a kustomization's objects
    #[arg(long)]
    pub(crate) enable_managedby_label: bool,
    /// How the files of a kustomization's objects are named, with -o
    #[arg(long, value_enum, value_name = "NAMES", requires = "output")]
    pub(crate) layout: Option<Layout>,
    #[command(flatten)]
    pub(crate) programs: Programs,
}

/// Flags of `kustomize build` that let it run other programs; known, so that the reason can be given.
#[derive(Debug, Args, Default)]
pub(crate) struct Programs {
    #[arg(long, hide = true)]
    pub(crate) enable_alpha_plugins: bool,
    #[arg(long, hide = true)]
    pub(crate) enable_exec: bool,
    #[arg(long, hide = true)]
    pub(crate) enable_helm: bool,
    #[arg(long, hide = true)]
    pub(crate) helm_command: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) network: bool,
    #[arg(long, hide = true)]
    pub(crate) mount: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) as_current_user: bool,
}

/// How the files of a kustomization's objects are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    // Without doc comments, as above.
    Jibe,
    Kustomize,
}

/// The order of a kustomization's objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reorder {
    // Without doc comments, as above.
    Legacy,
    None,
}

/// Which files a kustomization may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Restrictor {
    #[value(name = "LoadRestrictionsRootOnly")]
    RootOnly,
    #[value(name = "LoadRestrictionsNone")]
    None,
}

/// What may happen to files that are in the way.
#[derive(Debug, Args, Default)]
pub(crate) struct Writing {
    /// Keep files that nothing renders any more
    #[arg(long)]
    pub(crate) no_prune: bool,
    /// With -o, also empty folders of targets that are gone: nobody else writes there
    #[arg(long, requires = "output", conflicts_with = "no_prune")]
    pub(crate) prune_vanished: bool,
    /// Overwrite and delete files of the tree although they were edited by hand
    #[arg(long)]
    pub(crate) force: bool,
    /// Take over files that another program wrote where a manifest goes
    #[arg(long)]
    pub(crate) adopt: bool,
}

/// What makes a run fail besides errors.
#[derive(Debug, Args, Default)]
pub(crate) struct Strictness {
    /// Fail on what else is only told; nothing is written or printed then
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Let secrets stand in manifests in plain text
    #[arg(long)]
    allow_inline_secrets: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

impl Strictness {
    /// Whether secrets may stand in manifests.
    pub(crate) fn inline_secrets(&self) -> InlineSecrets {
        match self.allow_inline_secrets {
            true => InlineSecrets::Allowed,
            false => InlineSecrets::Refused,
        }
    }

    /// Whether warnings fail the run.
    pub(crate) fn denies_warnings(&self) -> bool {
        self.deny == Some(Deny::Warnings)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) what: What,
    /// Kubernetes versions to check against, in place of the environment's
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) kube_version: Vec<String>,
    /// Compare with the tree below this folder instead
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) output: Option<PathBuf>,
    /// Render a second time, in another order and with another number of threads, and fail unless
    /// every byte is the same
    #[arg(long)]
    pub(crate) twice: bool,
    /// Write what is found into the file that `checks.baseline` of jibe.yaml names; from then on it does
    /// not block writing
    #[arg(long, conflicts_with_all = ["kube_version", "output", "twice", "deny"])]
    pub(crate) write_baseline: bool,
    #[command(flatten)]
    pub(crate) strictness: Strictness,
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Files, folders, or - for standard input
    #[arg(value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Kubernetes versions that must take the manifests; the newest known one unless given
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) kube_version: Vec<String>,
    /// File or folder with custom resource definitions
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) crd: Vec<PathBuf>,
    /// Judge only this
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) only: Option<Only>,
    /// Pass over objects whose kind nothing defines
    #[arg(long)]
    pub(crate) allow_unknown_kinds: bool,
    /// File that says which APIs of others are deprecated, as Pluto has it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) deprecations: Vec<PathBuf>,
    /// File of findings that were there before, which pass
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found into this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["baseline", "deny"])]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Fail on what else is only told
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
}

impl Lint {
    /// Whether warnings fail the run.
    pub(crate) fn denies_warnings(&self) -> bool {
        self.deny == Some(Deny::Warnings)
    }
}

/// What `jibe lint` judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    // Without doc comments, as above.
    Api,
    Deprecation,
}

#[derive(Debug, Args)]
pub(crate) struct Values {
    #[command(flatten)]
    pub(crate) what: What,
    #[command(flatten)]
    pub(crate) extra: Extra,
    /// Add the file and line that set each value
    #[arg(long)]
    pub(crate) sources: bool,
    /// Show only what differs between two environments, with the file and line that set each value
    #[arg(long, num_args = 2, value_names = ["ENV", "ENV"], conflicts_with_all = ["sources", "environments"])]
    pub(crate) diff: Vec<String>,
    /// Of a dependency of the service's chart, by what chart.yaml calls it
    #[arg(long, value_name = "NAME")]
    pub(crate) dependency: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A service and the path of a value, or an object of it and a field, or the code of a finding
    #[arg(value_name = "SERVICE PATH | SERVICE KIND/NAME PATH | CODE")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) what: Listing,
    #[command(flatten)]
    pub(crate) extra: Extra,
    /// Of a dependency of the service's chart, by what chart.yaml calls it
    #[arg(long, value_name = "NAME")]
    pub(crate) dependency: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// Charts: folders in charts/ by name, or paths; nothing named means all that services use, or
    /// the one that you are in
    #[arg(value_name = "CHART")]
    pub(crate) charts: Vec<String>,
    /// Write each table between the markers of the chart's README.md
    #[arg(long)]
    pub(crate) write: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// What to list
    #[arg(value_enum, value_name = "KIND", default_value_t = Listed::Targets)]
    pub(crate) listed: Listed,
    #[command(flatten)]
    pub(crate) what: Listing,
}

/// The selection of `list` and `explain`, without services as arguments.
#[derive(Debug, Args, Default)]
pub(crate) struct Listing {
    /// Environments
    #[arg(short, long = "env", value_name = "ENV", value_delimiter = ',')]
    pub(crate) environments: Vec<String>,
    /// Namespaces, by their logical names
    #[arg(short, long = "namespace", value_name = "NAMESPACE", value_delimiter = ',')]
    pub(crate) namespaces: Vec<String>,
    /// Labels that a service has in its service.yaml
    #[arg(short = 'l', long = "label", value_name = "KEY=VALUE", value_delimiter = ',')]
    pub(crate) labels: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listed {
    /// environment/namespace/service, one a line.
    Targets,
    /// The services.
    Services,
    /// The environments.
    Environments,
    /// Every file, absent file and folder that a build looks at.
    Inputs,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder to make, or one without charts and services
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Make a service of the kustomizations in DIR/overlays, an environment of each, or of all such
    /// folders below DIR; in a workspace, add those that are new. Nothing of DIR changes
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) from_kustomize: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum New {
    /// Add a chart that passes every check
    #[command(after_help = "Example:\n  jibe new chart cart && jibe new service cart")]
    Chart {
        /// Its name
        name: String,
    },
    /// Add a service of a chart
    #[command(after_help = "\
Examples:
  jibe new service cart-api --chart web
  jibe new service cart -n shop")]
    Service {
        /// Its name
        name: String,
        /// The chart it is made from; its own name unless given
        #[arg(long)]
        chart: Option<String>,
        /// The namespaces it runs in, or `all`; needed where an environment has several
        #[arg(short, long = "namespace", value_name = "NAMESPACE", value_delimiter = ',')]
        namespaces: Vec<String>,
    },
    /// Add an environment to jibe.yaml
    #[command(
        after_help = "Examples:\n  jibe new env staging\n  jibe new env prod-eu --extends prod"
    )]
    Env {
        /// Its name
        name: String,
        /// The environment whose values it inherits
        #[arg(long)]
        extends: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The file that the schema is for
    #[arg(value_enum)]
    pub(crate) file: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// jibe.yaml.
    Jibe,
    /// chart.yaml.
    Chart,
    /// service.yaml.
    Service,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
