//! Whose files a folder holds: a name for each kustomization that says nothing of the machine.
//!
//! In a checkout it is the kustomization's path there, else its path as seen from the folder that is written into.

use super::{Stop, told};
use jibe::source::find_above;
use jibe::tree;
use std::path::{Component, Path, PathBuf};

/// Whose files inventories say that they are; behind it stands the name of the kustomization.
const TARGET: &str = "kustomization";

/// A kustomization and the folder that it is written into.
pub(super) struct Output<'o> {
    pub(super) folder: &'o Path,
    pub(super) out: &'o Path,
}

impl Output<'_> {
    /// Whose files inventories say that they are. Another kustomization's files in the folder refuse the run: many
    /// names are those of both, so that each run would undo the other one's work.
    pub(super) fn target(&self) -> Result<String, Stop> {
        let own = self.own()?;
        let owners = tree::owners(self.out);
        let known = owners.iter().filter(|owner| owner.split('/').next() == Some(TARGET));
        let mut kept = None;
        for owner in known {
            match owner.split_once('/') {
                Some((_, other)) if !own.is(other) => return Err(self.taken(other)),
                _ => kept = Some(owner.to_string()),
            }
        }
        Ok(kept.unwrap_or_else(|| format!("{TARGET}/{}", own.name())))
    }

    fn own(&self) -> Result<Own, Stop> {
        let checkout = find_above(self.folder, &[".git"]).map_err(|error| told(&error))?;
        let (folder, out) = (real(self.folder), real(self.out));
        Ok(Own {
            in_checkout: checkout.map(|(_, path)| tree::label(&path.to_string())),
            from_output: tree::label(&relative(&out, &folder)),
            whole: format!("/{}", tree::label(&relative(Path::new("/"), &folder))),
        })
    }

    fn taken(&self, other: &str) -> Stop {
        let Self { folder, out } = self;
        let other = self.shown(other);
        let (folder, out) = (folder.display(), out.display());
        let message = format!(
            "`{out}` holds what the kustomization `{other}` makes, and `{folder}` is another"
        );
        Stop::Usage(
            message,
            format!(
                "give each a folder of its own with `-o`; if `{other}` is gone, delete `{out}` first"
            ),
        )
    }

    /// A name as a path from where the user stands, if it is one as seen from the output.
    fn shown(&self, name: &str) -> String {
        let mut parts = name.split('/').peekable();
        let mut path = self.out.to_owned();
        if parts.peek() != Some(&"..") {
            return name.to_owned();
        }
        while parts.next_if_eq(&"..").is_some() {
            if path.file_name().is_none() {
                return self.out.join(name).display().to_string();
            }
            path.pop();
        }
        path.extend(parts);
        if path.as_os_str().is_empty() { ".".to_owned() } else { path.display().to_string() }
    }
}

/// What a kustomization may be called.
struct Own {
    in_checkout: Option<String>,
    from_output: String,
    whole: String,
}

impl Own {
    fn name(&self) -> &str {
        self.in_checkout.as_deref().unwrap_or(&self.from_output)
    }

    /// Whether a name is one of this kustomization: a copy of a checkout that is none itself holds names as of the checkout.
    fn is(&self, name: &str) -> bool {
        let is_copy = || self.in_checkout.is_none() && self.whole.ends_with(&format!("/{name}"));
        self.in_checkout.as_deref() == Some(name) || self.from_output == name || is_copy()
    }
}

/// Where a path leads, or will lead.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = |folder: &Path| {
        let below = whole.strip_prefix(folder).ok()?;
        Some(folder.canonicalize().ok()?.join(below))
    };
    whole.ancestors().find_map(there).unwrap_or_else(|| whole.clone())
}

/// The path `to` as seen from the folder `from`.
fn relative(from: &Path, to: &Path) -> String {
    let parts = |path: &Path| -> Vec<String> {
        let part = |part: Component<'_>| part.as_os_str().to_string_lossy().into_owned();
        path.components().map(part).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", from.len() - common);
    let path: Vec<_> = up.chain(to[common..].iter().map(String::as_str)).collect();
    if path.is_empty() { ".".to_owned() } else { path.join("/") }
}

#[cfg(test)]
mod tests {
    use super::{Output, relative};
    use std::path::Path;

    fn check(from: &str, to: &str, expect: &str) {
        assert_eq!(relative(Path::new(from), Path::new(to)), expect, "{to} from {from}");
    }

    #[test]
    fn a_kustomization_is_named_as_seen_from_the_output() {
        check("/a/out", "/a/ov", "../ov");
        check("/a/x/out", "/a/ov/dev", "../../ov/dev");
        check("/a/out", "/a", "..");
        check("/a", "/a/ov", "ov");
        check("/a", "/a", ".");
    }

    fn check_shown(out: &str, name: &str, expect: &str) {
        let output = Output { folder: Path::new("base"), out: Path::new(out) };
        assert_eq!(output.shown(name), expect, "{name} from {out}");
    }

    #[test]
    fn a_name_is_shown_as_the_user_would_type_it() {
        check_shown("out", "../ov", "ov");
        check_shown("x/out", "../../ov/dev", "ov/dev");
        check_shown("out", "..", ".");
        check_shown("out", "../../ov", "out/../../ov");
        check_shown("out", "overlays/dev", "overlays/dev");
    }
}
