//! `charts-example` is what a newcomer copies: its committed tree is what its sources say, whoever renders it.

mod changes;
mod practices;
mod room;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn jibe(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jibe"));
    command.args(words).current_dir(folder).env_clear().envs(settings.iter().copied());
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_now) = open.pop() {
        for entry in fs::read_dir(&folder_now).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(folder).expect("below the folder").to_owned();
                    found.insert(name, fs::read(&path).expect("a file"));
                }
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, bytes).expect("a new file");
    }
}

#[test]
fn the_committed_tree_is_what_the_sources_say() {
    let output = jibe(&root(), &["check", "charts-example"], &[]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(
        text(&output.stderr),
        "in accord: 28 targets, 232 equal files\n",
        "without any finding"
    );
}

/// One way to run the program: what a machine, a shell or a user may have otherwise.
struct World {
    /// What is special about it.
    name: &'static str,
    jobs: &'static str,
    variables: &'static [(&'static str, &'static str)],
    /// What a shell does before it runs the program.
    shell: &'static str,
    /// The name of the workspace's folder.
    folder: &'static str,
    /// Where the command is typed, and how it names the workspace from there.
    from: (&'static str, &'static str),
    inputs: Inputs,
}

/// How the files of the workspace came to the disk.
#[derive(Clone, Copy)]
enum Inputs {
    InOrder,
    /// Made in reverse order, so that most file systems list them in another one.
    Reversed,
    /// With these seconds since 1970 as the time of their last change.
    Dated(u64),
    /// Nobody may write them.
    ReadOnly,
    /// In memory, where folders are listed in another order than on a disk.
    InMemory,
}

const PLAIN: World = World {
    name: "nothing special",
    jobs: "2",
    variables: &[],
    shell: ":",
    folder: "shop",
    from: ("", "."),
    inputs: Inputs::InOrder,
};

const WORLDS: &[World] = &[
    PLAIN,
    World { name: "one thread", jobs: "1", ..PLAIN },
    World { name: "many threads", jobs: "16", ..PLAIN },
    World {
        name: "another language",
        variables: &[("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"), ("LANGUAGE", "de")],
        ..PLAIN
    },
    World {
        name: "a language that sorts and counts otherwise",
        variables: &[
            ("LC_ALL", "tr_TR.ISO-8859-9"),
            ("LC_NUMERIC", "ar_EG"),
            ("LC_COLLATE", "et_EE"),
        ],
        ..PLAIN
    },
    World { name: "another time zone", variables: &[("TZ", "Asia/Kathmandu")], ..PLAIN },
    World {
        name: "another user on another machine",
        variables: &[
            ("HOME", "/nowhere"),
            ("USER", "somebody"),
            ("LOGNAME", "x"),
            ("HOSTNAME", "h"),
        ],
        ..PLAIN
    },
    World {
        name: "a narrow terminal without colours",
        variables: &[("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "20"), ("LINES", "2")],
        ..PLAIN
    },
    World {
        name: "a terminal that insists on colours",
        variables: &[
            ("CLICOLOR_FORCE", "1"),
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
        ],
        ..PLAIN
    },
    World {
        name: "a build of a package",
        variables: &[("SOURCE_DATE_EPOCH", "1"), ("CI", "true"), ("GITHUB_ACTIONS", "true")],
        ..PLAIN
    },
    World {
        name: "settings of the libraries below",
        variables: &[
            ("RAYON_NUM_THREADS", "7"),
            ("RUST_BACKTRACE", "full"),
            ("RUST_LOG", "trace"),
            ("RUST_MIN_STACK", "1048576"),
        ],
        ..PLAIN
    },
    World {
        name: "no folder for temporary files",
        variables: &[("TMPDIR", "/nowhere"), ("XDG_CACHE_HOME", "/nowhere")],
        ..PLAIN
    },
    World {
        name: "no programs",
        variables: &[("PATH", "/nowhere"), ("SHELL", "/nowhere")],
        ..PLAIN
    },
    World { name: "a private umask", shell: "umask 077", ..PLAIN },
    World { name: "few open files, a small stack", shell: "ulimit -n 64; ulimit -s 512", ..PLAIN },
    World { name: "the last in the queue", shell: "renice -n 19 $$ >/dev/null 2>&1 || :", ..PLAIN },
    World { name: "closed standard input and output", shell: "exec <&- >&-", ..PLAIN },
    World {
        name: "a folder with an odd name",
        folder: "{env} \u{e4}\u{308} $(shop) 'a' & more",
        ..PLAIN
    },
    World { name: "typed in a folder below", from: ("services/web", "../.."), ..PLAIN },
    World { name: "typed beside the workspace", from: ("..", "shop"), jobs: "3", ..PLAIN },
    World { name: "files made in reverse", inputs: Inputs::Reversed, ..PLAIN },
    World { name: "files of 1980", inputs: Inputs::Dated(315_532_800), ..PLAIN },
    World { name: "files of the future", inputs: Inputs::Dated(7_258_118_400), ..PLAIN },
    World { name: "files that nobody may write", inputs: Inputs::ReadOnly, ..PLAIN },
    World { name: "files in memory", inputs: Inputs::InMemory, ..PLAIN },
];

/// Puts the example, without what was rendered from it, into a folder.
fn settle(shop: &Path, inputs: Inputs) {
    let sources = tree(&root().join("charts-example"));
    let mut sources: Vec<_> =
        sources.into_iter().filter(|(name, _)| !name.starts_with("rendered")).collect();
    if let Inputs::Reversed = inputs {
        sources.reverse();
    }
    for (name, bytes) in sources {
        let path = shop.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(&path, bytes).expect("a new file");
        let file = fs::File::options().write(true).open(&path).expect("a new file");
        if let Inputs::Dated(seconds) = inputs {
            let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            file.set_modified(date).expect("a date");
        }
        if let Inputs::ReadOnly = inputs {
            let mut rights = file.metadata().expect("a file").permissions();
            rights.set_readonly(true);
            file.set_permissions(rights).expect("an own file");
        }
    }
}

/// Renders the example in a folder of its own: the written tree, and what `render` prints.
fn rendered(world: &World) -> (BTreeMap<PathBuf, Vec<u8>>, String) {
    let folder = match world.inputs {
        Inputs::InMemory => tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()),
        _ => tempfile::tempdir(),
    };
    let folder = folder.expect("a temporary folder");
    let shop = folder.path().join(world.folder);
    settle(&shop, world.inputs);
    let run = |words: &[&str]| {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &format!("{}; exec \"$0\" \"$@\"", world.shell)]);
        command.arg(env!("CARGO_BIN_EXE_jibe")).args(words);
        command.args(["-j", world.jobs, "-C", world.from.1]);
        command.current_dir(shop.join(world.from.0));
        // A shell without PATH still finds what stands in these folders.
        command.env_clear().env("PATH", "/usr/bin:/bin").envs(world.variables.iter().copied());
        let output = command.output().expect("a shell");
        assert!(output.status.success(), "{}: {}", world.name, text(&output.stderr));
        text(&output.stdout)
    };
    run(&["render", "--write"]);
    let printed = run(&["render", "web", "-e", "prod"]);
    (tree(&shop.join("rendered")), printed)
}

#[test]
fn nothing_around_the_process_changes_a_byte() {
    let committed = tree(&root().join("charts-example/rendered"));
    let (_, expect) = rendered(&PLAIN);
    assert!(!expect.is_empty());
    assert!(WORLDS.len() >= 20, "enough worlds");
    for world in WORLDS {
        let (written, printed) = rendered(world);
        assert!(written == committed, "{}: another tree", world.name);
        let prints = !world.shell.contains(">&-");
        assert_eq!(printed, if prints { &*expect } else { "" }, "{}", world.name);
    }
}

#[test]
fn fifty_builds_with_1_2_and_16_threads_give_the_same_bytes() {
    let workspace = jibe::Workspace::open(root().join("charts-example")).expect("the example");
    let targets: Vec<_> = workspace.targets().iter().rev().take(3).collect();
    let build = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let built = pool.install(|| jibe::Builder::new(&workspace).tree(&targets));
        let tree = built.expect("the example is in order").tree;
        tree.files().map(|(path, text)| (path, text.clone())).collect::<Vec<_>>()
    };
    let first = build(1);
    assert!(!first.is_empty());
    for number in 0..50 {
        assert!(build([1, 2, 16][number % 3]) == first, "build {number}");
    }
}

#[test]
fn a_second_render_in_the_same_process_gives_the_same_bytes() {
    let output = jibe(&root(), &["check", "charts-example", "--twice"], &[]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stderr).contains("rendered twice: every byte is the same\n"));
}

#[test]
fn a_second_run_writes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("charts-example"), folder.path());
    let before: Vec<_> = modified(folder.path());
    let output = jibe(folder.path(), &["render", "--write"], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(modified(folder.path()), before);
}

fn modified(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let time = |name: &PathBuf| {
        fs::metadata(folder.join(name)).and_then(|m| m.modified()).expect("a time")
    };
    let rendered = tree(folder).into_keys().filter(|name| name.starts_with("rendered"));
    rendered.map(|name| (name.clone(), time(&name))).collect()
}

#[test]
fn an_encrypted_secret_arrives_byte_for_byte_and_no_other_secret_lies_in_git() {
    let example = root().join("charts-example");
    let sent = fs::read(example.join("third-party/psp-relay/secret.sops.yaml")).expect("a file");
    let rendered = tree(&example.join("rendered"));
    let secret = Path::new("prod/payments/psp-relay/secret-psp-relay.yaml");
    assert_eq!(text(&rendered[secret]), text(&sent));
    for (name, bytes) in &rendered {
        let is_secret = text(bytes).lines().any(|line| line == "kind: Secret");
        assert_eq!(is_secret, name == secret, "{}", name.display());
    }
}

#[test]
fn who_wants_more_connections_than_there_are_is_told_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("charts-example"), folder.path());
    let agreed = folder.path().join("namespaces/payments/dev.yaml");
    let before = fs::read_to_string(&agreed).expect("the values of dev");
    fs::write(&agreed, before + "database: { clients: { billing: 91 } }\n")
        .expect("a changed file");
    let output = jibe(folder.path(), &["check", "-e", "dev"], &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.contains("get 91 connections, but"), "{told}");
    assert!(told.contains("rendered for dev/payments/pgbouncer"), "{told}");
}

/// Paths in a JSON Schema whose properties or definitions lack a description.
fn undescribed(schema: &serde_json::Value, path: &str) -> Vec<String> {
    let members = ["properties", "$defs"].map(|kind| schema[kind].as_object());
    let mut found = Vec::new();
    for (name, member) in members.into_iter().flatten().flatten() {
        let path = format!("{path}.{name}");
        found.extend(undescribed(member, &path));
        if !member["description"].is_string() {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_value_of_every_chart_is_described() {
    let charts = tree(&root().join("charts-example/charts"));
    let schemas: Vec<_> =
        charts.iter().filter(|(name, _)| name.ends_with("values.schema.json")).collect();
    assert_eq!(schemas.len(), 6);
    for (name, bytes) in schemas {
        let schema = serde_json::from_slice(bytes).expect("JSON");
        assert_eq!(undescribed(&schema, ""), [""; 0], "{}", name.display());
    }
}
