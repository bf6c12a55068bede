//! Where the files of a target lie: the template `output.path`.

use super::name::folder_name;
use crate::diag::nearest;
use crate::source::{PathError, RelPath};
use std::fmt;

/// The folder, in place of a namespace, for objects that are in none.
const CLUSTER: &str = "_cluster";
/// What stands for a part that a target does not have.
const ABSENT: &str = "-";
const PLACEHOLDERS: [&str; 3] = ["env", "namespace", "service"];

/// The template of the folder that a target is written into.
///
/// Its leading folders without a placeholder are the output folder; the paths of a tree are
/// relative to that. A folder whose placeholder stands for nothing is left out, so a chart that is
/// rendered without environment and namespace lies in a folder of its own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    folder: RelPath,
    segments: Vec<Vec<Word>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Text(String),
    Environment,
    Namespace,
    Service,
}

/// Why a text is no path template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LayoutError {
    /// It is no path below the root.
    Path(PathError),
    /// It names a placeholder that there is not; perhaps one of a near name was meant.
    Placeholder(String, Option<&'static str>),
    /// A brace without its partner.
    Brace,
    /// A character that is no ASCII letter or digit nor one of `.`, `_`, `-`, in a folder beside or
    /// below a placeholder.
    Character(char),
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(error) => error.fmt(f),
            Self::Placeholder(name, Some(near)) => {
                write!(f, "knows no `{{{name}}}`; did you mean `{{{near}}}`?")
            }
            Self::Placeholder(name, None) => {
                write!(
                    f,
                    "knows no `{{{name}}}`, only `{{env}}`, `{{namespace}}` and `{{service}}`"
                )
            }
            Self::Brace => f.write_str("has a brace without its partner"),
            Self::Character(c) => write!(
                f,
                "holds `{}` beside a placeholder, where only letters, digits, `.`, `_` and `-` may stand",
                c.escape_debug()
            ),
        }
    }
}

impl std::error::Error for LayoutError {}

impl Default for Layout {
    /// `rendered/{env}/{namespace}/{service}`.
    fn default() -> Self {
        Self::parse("rendered/{env}/{namespace}/{service}").expect("a template that is right")
    }
}

impl Layout {
    /// Reads a template such as `rendered/{env}/{namespace}/{service}`.
    ///
    /// # Errors
    /// When it leads out of the root, names an unknown placeholder, or holds a character that not
    /// every system takes in a file name.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let path = RelPath::parse(text).map_err(LayoutError::Path)?;
        let parts: Vec<&str> = path.parts().collect();
        let fixed = parts.iter().take_while(|part| !part.contains(['{', '}'])).count();
        let folder = RelPath::parse(&parts[..fixed].join("/")).map_err(LayoutError::Path)?;
        let segments = parts[fixed..].iter().map(|part| words(part)).collect::<Result<_, _>>()?;
        Ok(Self { folder, segments })
    }

    /// The leading folders without a placeholder: what `-o DIR` stands in for.
    #[must_use]
    pub fn folder(&self) -> &RelPath {
        &self.folder
    }

    /// How many folders lie between the output folder and a file, at most.
    pub(super) fn depth(&self) -> usize {
        self.segments.len()
    }

    /// The folder of a target's own objects.
    pub(super) fn own(&self, target: &Label) -> RelPath {
        self.path(target, target.part(1))
    }

    /// The folder of a target's objects that are in no namespace. Without a namespace to set them
    /// apart from, they lie beside the others.
    pub(super) fn cluster(&self, target: &Label) -> RelPath {
        self.path(target, target.part(1).map(|_| CLUSTER))
    }

    fn path(&self, target: &Label, namespace: Option<&str>) -> RelPath {
        let value = |word: &'_ Word| match word {
            Word::Text(text) => Some(text.clone()),
            Word::Environment => target.part(0).map(str::to_owned),
            Word::Namespace => namespace.map(str::to_owned),
            Word::Service => target.part(2).map(str::to_owned),
        };
        let segment = |words: &Vec<Word>| words.iter().map(value).collect::<Option<String>>();
        let path = self.segments.iter().filter_map(segment).collect::<Vec<_>>().join("/");
        RelPath::parse(&path).expect("escaped names cannot climb")
    }
}

fn words(segment: &str) -> Result<Vec<Word>, LayoutError> {
    let mut words = Vec::new();
    let mut rest = segment;
    while let Some((text, behind)) = rest.split_once('{') {
        words.extend(literal(text)?);
        let (name, behind) = behind.split_once('}').ok_or(LayoutError::Brace)?;
        words.push(placeholder(name)?);
        rest = behind;
    }
    words.extend(literal(rest)?);
    Ok(words)
}

fn literal(text: &str) -> Result<Option<Word>, LayoutError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match text.chars().find(|c| !plain(*c)) {
        Some('{' | '}') => Err(LayoutError::Brace),
        Some(c) => Err(LayoutError::Character(c)),
        None => Ok((!text.is_empty()).then(|| Word::Text(text.to_owned()))),
    }
}

fn placeholder(name: &str) -> Result<Word, LayoutError> {
    match name {
        "env" => Ok(Word::Environment),
        "namespace" => Ok(Word::Namespace),
        "service" => Ok(Word::Service),
        other => {
            let near = nearest(other, PLACEHOLDERS)
                .and_then(|near| PLACEHOLDERS.into_iter().find(|known| *known == near));
            Err(LayoutError::Placeholder(other.to_owned(), near))
        }
    }
}

/// A target's name in an inventory, `environment/namespace/service`: its parts as names of folders,
/// `-` for one that it does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label(String);

impl Label {
    pub(super) fn new(environment: Option<&str>, namespace: Option<&str>, service: &str) -> Self {
        let part = |value: Option<&str>| value.map_or_else(|| ABSENT.to_owned(), folder_name);
        Self(format!("{}/{}/{}", part(environment), part(namespace), folder_name(service)))
    }

    /// Reads a label from an inventory; none if jibe never wrote it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let plain = |part: &&str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-%".contains(&b))
        };
        (parts.len() == 3 && parts.iter().all(plain)).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, index: usize) -> Option<&str> {
        self.0.split('/').nth(index).filter(|part| *part != ABSENT)
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, Layout, LayoutError};

    fn check(template: &str, target: (Option<&str>, Option<&str>), own: &str, cluster: &str) {
        let layout = Layout::parse(template).expect("a template");
        let label = Label::new(target.0, target.1, "web");
        assert_eq!(layout.own(&label).as_str(), own);
        assert_eq!(layout.cluster(&label).as_str(), cluster);
        assert_eq!(Label::parse(label.as_str()), Some(label));
    }

    #[test]
    fn cluster_scoped_objects_lie_in_a_folder_of_their_own() {
        let template = "rendered/{env}/{namespace}/{service}";
        check(template, (Some("prod"), Some("shop")), "prod/shop/web", "prod/_cluster/web");
    }

    #[test]
    fn what_a_target_does_not_have_is_left_out() {
        let template = "{env}/{namespace}/{service}";
        check(template, (None, None), "web", "web");
        check(template, (Some("prod"), None), "prod/web", "prod/web");
    }

    #[test]
    fn a_template_may_mix_text_and_placeholders() {
        check(
            "x/env-{env}/{namespace}.d",
            (Some("prod"), Some("s")),
            "env-prod/s.d",
            "env-prod/_cluster.d",
        );
        check("all/of it", (Some("prod"), Some("shop")), "", "");
    }

    #[test]
    fn the_output_folder_is_what_holds_no_placeholder() {
        let folder = |template| Layout::parse(template).expect("a template").folder().to_string();
        assert_eq!(folder("out/manifests of us/{env}/x"), "out/manifests of us");
        assert_eq!(folder("{env}/x"), ".");
    }

    #[test]
    fn a_namespace_cannot_pose_as_the_cluster() {
        let layout = Layout::default();
        let posing = layout.own(&Label::new(Some("prod"), Some("_cluster"), "web"));
        assert_ne!(posing, layout.cluster(&Label::new(Some("prod"), Some("shop"), "web")));
    }

    #[test]
    fn wrong_templates_say_what_is_wrong() {
        let wrong = |template| Layout::parse(template).expect_err("wrong").to_string();
        assert_eq!(wrong("{enf}/{service}"), "knows no `{enf}`; did you mean `{env}`?");
        assert_eq!(wrong("{env}/{"), "has a brace without its partner");
        assert_eq!(wrong("{env}}"), "has a brace without its partner");
        assert_eq!(wrong("../{env}"), "leads out of the root folder");
        assert_eq!(Layout::parse("{env}/a b"), Err(LayoutError::Character(' ')));
    }
}
