//! Hostile input against the real program: every run is held to 10 seconds of processor time and
//! 1 GiB of memory, and must end with a finding: never with a signal, a panic or a flood of text.
#![cfg(target_os = "linux")]

mod arguments;
mod files;
mod limits;
mod lint;
mod names;
mod printed;
mod schemas;
mod templates;
mod values;
mod yaml;

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Memory in KiB: 1 GiB, and the address space of one stack that templates are rendered on.
const MEMORY: u64 = (1024 + 256) * 1024;
/// Processor time in seconds, as released; a build for tests is several times as slow, on a machine that may be slow, too.
const SECONDS: u64 = if cfg!(debug_assertions) { 60 } else { 10 };
/// What a run may wait for a machine that has other work; a run that waits for a fifo waits longer.
const PATIENCE: Duration = Duration::from_secs(120);
/// The most text that a run may print, in bytes.
const FLOOD: usize = 1024 * 1024;

const TEMPLATE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  a: \"{{ values.a }}\"
";

/// A chart folder `web` that renders one `ConfigMap`, before something hostile is put into it.
struct Chart {
    folder: TempDir,
}

/// What a run left behind.
struct Seen {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

impl Chart {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
            .with("web/chart.yaml", "name: web\nversion: 1.0.0\n")
            .with("web/values.yaml", "a: x\n")
            .with("web/templates/web.yaml", TEMPLATE)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
        fs::write(path, content).expect("a file");
        self
    }

    /// One template: the head of a `ConfigMap`, then `body`.
    fn template(body: &str) -> Self {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n";
        Self::new().with("web/templates/web.yaml", format!("{head}{body}"))
    }

    fn run(&self, arguments: &[&str]) -> Seen {
        self.run_within(MEMORY, arguments)
    }

    /// A run that has `memory` KiB of address space.
    fn run_within(&self, memory: u64, arguments: &[&str]) -> Seen {
        let (out, err) = (self.path("stdout"), self.path("stderr"));
        let file = |path: &Path| fs::File::create(path).expect("a file");
        let mut child = Command::new("sh")
            .args(["-c", &format!("ulimit -v {memory}; ulimit -t {SECONDS}; exec \"$0\" \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_jibe"))
            .args(arguments)
            .args(["-j", "1"])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err))
            .spawn()
            .expect("the program starts");
        let begin = Instant::now();
        let status = loop {
            match child.try_wait().expect("a child") {
                Some(status) => break status,
                None if begin.elapsed() > PATIENCE => {
                    child.kill().expect("a child");
                    break child.wait().expect("a child");
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let text = |path| String::from_utf8(fs::read(path).expect("a file")).expect("text");
        Seen { status, stdout: text(out), stderr: text(err) }
    }

    /// Rendering the chart ends with findings that say these.
    #[track_caller]
    fn refused(&self, said: &[&str]) {
        self.run(&["render", "web"]).refused(said);
    }

    /// Rendering the chart succeeds within the limits.
    #[track_caller]
    fn survives(&self) {
        let seen = self.run(&["render", "web"]);
        seen.clean();
        assert_eq!(seen.status.code(), Some(0), "{}", seen.shown());
    }
}

impl Seen {
    /// It ended by itself, and what it printed can be shown on a terminal.
    #[track_caller]
    fn clean(&self) {
        assert_eq!(self.status.signal(), None, "{}", self.shown());
        assert!(!self.stderr.contains("panicked"), "{}", self.shown());
        assert!(self.stderr.len() < FLOOD, "{} bytes of messages", self.stderr.len());
        let unsafe_for_a_terminal = |c: char| (c.is_control() && c != '\n') || is_bidi(c);
        let found = self.stderr.chars().find(|c| unsafe_for_a_terminal(*c));
        assert_eq!(found, None, "{}", self.shown());
    }

    /// It ended with findings that say these, and printed no product.
    #[track_caller]
    fn refused(&self, said: &[&str]) {
        self.clean();
        assert!(matches!(self.status.code(), Some(1 | 2)), "{}", self.shown());
        assert_eq!(self.stdout, "");
        for said in said {
            assert!(self.stderr.contains(said), "`{said}` is not said:\n{}", self.shown());
        }
    }

    fn shown(&self) -> String {
        let short = |text: &str| text.chars().take(2000).collect::<String>();
        format!("{}\n{}{}", self.status, short(&self.stderr), short(&self.stdout))
    }
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
