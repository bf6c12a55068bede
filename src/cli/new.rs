//! `jibe new`: one more chart, service or environment.

use super::args::{New, Shared};
use super::output::{Console, Outcome, Stop};
use super::select::{under, workspace_root};
use super::starter::{Names, NewFiles, SERVICE, in_yaml, unwritable};
use jibe::api::Version;
use jibe::diag::nearest;
use jibe::source::{Files, Inputs, RelPath};
use jibe::workspace::Workspace;
use jibe::yaml::{self, Node};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn run(new: &New, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    let root = root(shared)?;
    let written = match new {
        New::Chart { name } => chart(&root, name)?,
        New::Service { name, chart, namespaces } => {
            service(&root, name, chart.as_deref().unwrap_or(name), namespaces)?
        }
        New::Env { name, extends } => environment(&root, name, extends.as_deref())?,
    };
    for path in written {
        console.note(&format!("new      {}", path.display()));
    }
    if let New::Env { .. } = new {
        console.note(&format!("changed  {}", root.join("jibe.yaml").display()));
    }
    Ok(Outcome::Clean)
}

/// The folder of jibe.yaml, at or above where the user stands.
fn root(shared: &Shared) -> Result<PathBuf, Stop> {
    let start = shared.workspace.as_deref().unwrap_or(Path::new("."));
    let found = workspace_root(start).map_err(|error| {
        let message = format!("`{}` cannot be opened: {error}", start.display());
        Stop::Usage(message, "name the folder of a workspace".to_owned())
    })?;
    let Some(root) = found else {
        let message = format!("there is no `jibe.yaml` in `{}` or above it", start.display());
        return Err(Stop::Usage(message, "start a workspace with `jibe init DIR`".to_owned()));
    };
    Ok(under(&root, ""))
}

fn chart(root: &Path, name: &str) -> Result<Vec<PathBuf>, Stop> {
    check_name(name)?;
    NewFiles::default().chart(&root.join("charts").join(name), name).write()
}

fn service(
    root: &Path,
    name: &str,
    chart: &str,
    namespaces: &[String],
) -> Result<Vec<PathBuf>, Stop> {
    check_name(name)?;
    if !root.join("charts").join(chart).join("chart.yaml").is_file() {
        let message = format!("there is no chart `{chart}` in `{}`", root.join("charts").display());
        let hint = match nearest(chart, charts_in(root).iter().map(String::as_str)) {
            Some(near) => format!("did you mean `--chart {near}`?"),
            None => format!("make it with `jibe new chart {chart}`, or name another with --chart"),
        };
        return Err(Stop::Usage(message, hint));
    }
    let says = where_it_runs(root, name, namespaces)?;
    let names = Names { name, chart };
    let pages = NewFiles::default().pages(&root.join("services").join(name), SERVICE, names);
    pages.append("service.yaml", &says).write()
}

/// The line of service.yaml that names namespaces; none where each environment has only one.
fn where_it_runs(root: &Path, name: &str, chosen: &[String]) -> Result<String, Stop> {
    // What is wrong with the other files of the workspace is told by the next render.
    let opened = Workspace::open(if root.as_os_str().is_empty() { Path::new(".") } else { root });
    let environments = opened.iter().flat_map(Workspace::environments).filter(|e| !e.is_abstract);
    let environments: Vec<_> = environments.collect();
    let known = || environments.iter().flat_map(|e| e.namespaces.keys().map(String::as_str));
    if chosen == ["all"] {
        return Ok("namespaces: all\n".to_owned());
    }
    if let Some(wrong) = chosen.iter().find(|name| opened.is_ok() && !known().any(|k| k == *name)) {
        let listed: BTreeSet<_> = known().map(|name| format!("`{name}`")).collect();
        let listed = listed.into_iter().collect::<Vec<_>>().join(", ");
        let hint = match nearest(wrong, known()) {
            Some(near) => format!("did you mean `-n {near}`?"),
            None => format!("the namespaces are {listed}, and `all` means each of them"),
        };
        return Err(Stop::Usage(format!("there is no namespace `{wrong}`"), hint));
    }
    if !chosen.is_empty() {
        let names: Vec<_> = chosen.iter().map(|name| in_yaml(name)).collect();
        return Ok(format!("namespaces: [{}]\n", names.join(", ")));
    }
    let Some(several) = environments.iter().find(|e| e.namespaces.len() > 1) else {
        return Ok(String::new());
    };
    let all = || several.namespaces.keys().map(String::as_str);
    let listed: Vec<_> = all().map(|name| format!("`{name}`")).collect();
    let message = format!("`{}` has several namespaces: {}", several.name, listed.join(", "));
    let likely = nearest(name, all()).or_else(|| all().next()).unwrap_or_default();
    let hint = format!("say where the service runs: `-n {likely}`, or `-n all`");
    Err(Stop::Usage(message, hint))
}

/// The charts there are, by name.
pub(crate) fn charts_in(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root.join("charts")).into_iter().flatten().flatten();
    let mut names: Vec<_> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn environment(root: &Path, name: &str, extends: Option<&str>) -> Result<Vec<PathBuf>, Stop> {
    check_name(name)?;
    let config = root.join("jibe.yaml");
    // What is wrong with the file itself is told with its lines.
    let refused = |stop: Stop| match Workspace::open(match root.as_os_str().is_empty() {
        true => Path::new("."),
        false => root,
    }) {
        Err(failure) => Stop::Failure(failure),
        Ok(_) => stop,
    };
    let text = fs::read_to_string(&config).map_err(|error| refused(unwritable(&config, &error)))?;
    let changed = with_environment(&text, name, extends).map_err(|(message, hint)| {
        refused(Stop::Usage(format!("{message} in `{}`", config.display()), hint))
    })?;
    let comment = format!("# Values of every service in {name}: only what {name} changes.\n");
    let values = root.join("environments").join(format!("{name}.yaml"));
    let written = NewFiles::default().file(values.clone(), comment).write()?;
    replace(&config, &changed).map_err(|error| {
        // A values file of an environment that is in no jibe.yaml would be an error from then on.
        let _ = fs::remove_file(values);
        unwritable(&config, &error)
    })?;
    Ok(written)
}

/// Replaces a file as a whole.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let fresh = path.with_extension("yaml.new");
    fs::write(&fresh, text)?;
    fs::rename(&fresh, path).inspect_err(|_| drop(fs::remove_file(&fresh)))
}

/// jibe.yaml with one more environment behind the last; everything else keeps its bytes.
fn with_environment(
    text: &str,
    name: &str,
    extends: Option<&str>,
) -> Result<String, (String, String)> {
    let entry = |body: String| format!("{}: {body}", in_yaml(name));
    let by_hand = || {
        format!(
            "add the environment by hand:  {}: {{ kubernetes: \"{}\" }}",
            in_yaml(name),
            Version::NEWEST
        )
    };
    let (mark, text) = text.split_at(text.len() - text.trim_start_matches('\u{FEFF}').len());
    let files = Files::memory([("jibe.yaml", text)]).map_err(|e| (e.to_string(), by_hand()))?;
    let source = files
        .read(
            &RelPath::parse("jibe.yaml").map_err(|e| (e.to_string(), by_hand()))?,
            &mut Inputs::default(),
        )
        .map_err(|_| ("there is something that cannot be read".to_owned(), by_hand()))?;
    let documents = yaml::parse(source.text(), source.id(), yaml::Options::default())
        .map_err(|problems| (problems[0].message.clone(), "mend it first".to_owned()))?;
    let environments = documents.first().and_then(|document| document.root.get("environments"));
    let Some(map) = environments.and_then(Node::as_map).filter(|map| !map.is_empty()) else {
        return Err(("there is no environment to follow".to_owned(), by_hand()));
    };
    if map.contains_key(name) {
        return Err((
            format!("the environment `{name}` is there already"),
            "choose another name".to_owned(),
        ));
    }
    let body = match extends {
        Some(base) if map.contains_key(base) => format!("{{ extends: {} }}", in_yaml(base)),
        Some(base) => {
            let names =
                map.keys().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>().join(", ");
            return Err((
                format!("there is no environment `{base}`"),
                format!("known are {names}"),
            ));
        }
        None => body_like(&map[0], name),
    };
    let (last, value) = map.last().expect("a map that is not empty");
    let line = text[..last.place.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..last.place.span.start as usize];
    if !indent.chars().all(|c| c == ' ') {
        return Err(("`environments` is written on one line".to_owned(), by_hand()));
    }
    let end = value.place.span.end as usize;
    let end = text[end..].find(['\r', '\n']).map_or(text.len(), |at| end + at);
    let ends = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let behind = Some(&text[end..]).filter(|behind| !behind.is_empty()).unwrap_or(ends);
    Ok(format!("{mark}{}{ends}{indent}{}{behind}", &text[..end], entry(body)))
}

/// An environment with the versions and logical namespaces of another.
fn body_like(other: &Node, name: &str) -> String {
    let said = other.get("kubernetes");
    let quoted = |node: &Node| node.as_str().map(in_yaml);
    let versions = match said.and_then(Node::as_list) {
        Some(list) => {
            format!("[{}]", list.iter().filter_map(quoted).collect::<Vec<_>>().join(", "))
        }
        None => said.and_then(quoted).unwrap_or_else(|| format!("\"{}\"", Version::NEWEST)),
    };
    let logical = other.get("namespaces").and_then(Node::as_map);
    let names: Vec<_> = logical
        .map(|map| map.keys().map(|key| real_name(&key.name, name)).collect())
        .unwrap_or_default();
    match names.is_empty() {
        true => format!("{{ kubernetes: {versions} }}"),
        false => format!("{{ kubernetes: {versions}, namespaces: {{ {} }} }}", names.join(", ")),
    }
}

/// A logical namespace with the name it has in an environment.
fn real_name(namespace: &str, environment: &str) -> String {
    format!("{}: {}", in_yaml(namespace), in_yaml(&format!("{namespace}-{environment}")))
}

/// A name that is a DNS label, so that it can be the name of an object.
pub(super) fn check_name(name: &str) -> Result<(), Stop> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !name.is_empty() && name.len() <= 63 && name.chars().all(inner);
    if fits && !name.starts_with('-') && !name.ends_with('-') {
        return Ok(());
    }
    let hint = "use at most 63 lower-case letters, digits and `-`, beginning and ending with a letter or digit";
    Err(Stop::Usage(format!("`{name}` cannot be a name"), hint.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::with_environment;

    const CONFIG: &str = "# mine\nenvironments:\n  dev: { kubernetes: \"1.34\", namespaces: { shop: shop-dev } }  # first\noutput: { path: x }\n";

    #[test]
    fn a_new_environment_takes_versions_and_namespaces_of_the_first() {
        let changed = with_environment(CONFIG, "prod", None).expect("a changed text");
        assert!(changed.contains(
            "  # first\n  prod: { kubernetes: \"1.34\", namespaces: { shop: shop-prod } }\noutput"
        ));
    }

    #[test]
    fn a_new_environment_can_extend_another() {
        let changed = with_environment(CONFIG, "eu", Some("dev")).expect("a changed text");
        assert!(changed.contains("\n  eu: { extends: dev }\noutput"));
    }

    #[test]
    fn a_new_environment_takes_all_versions_of_the_first() {
        let config = "environments:\n  dev:\n    kubernetes: [\"1.34\", \"1.35\"]\n";
        let changed = with_environment(config, "prod", None).expect("a changed text");
        assert!(changed.ends_with("\n  prod: { kubernetes: [\"1.34\", \"1.35\"] }\n"), "{changed}");
    }

    #[test]
    fn a_name_that_yaml_reads_as_something_else_is_put_in_quotes() {
        let changed = with_environment(CONFIG, "no", None).expect("a changed text");
        assert!(changed.contains("\n  \"no\": { kubernetes: \"1.34\", "), "{changed}");
        let config = "environments:\n  \"1e3\": { namespaces: { \"on\": shop, \"a, b\": c } }\n";
        let changed = with_environment(config, "2", None).expect("a changed text");
        assert!(
            changed.ends_with(&format!(
                "\n  \"2\": {{ kubernetes: \"{}\", namespaces: {{ \"on\": on-2, \"a, b\": \"a, b-2\" }} }}\n",
                jibe::api::Version::NEWEST
            )),
            "{changed}"
        );
        let changed = with_environment(config, "eu", Some("1e3")).expect("a changed text");
        assert!(changed.ends_with("\n  eu: { extends: \"1e3\" }\n"), "{changed}");
    }

    #[test]
    fn a_new_environment_keeps_byte_order_mark_and_line_ends() {
        let config = "\u{FEFF}environments:\r\n  dev: { kubernetes: \"1.34\" }\r\nedition: 1\r\n";
        let changed = with_environment(config, "eu", Some("dev")).expect("a changed text");
        let expect = config.replace("edition", "  eu: { extends: dev }\r\nedition");
        assert_eq!(changed, expect);
        let config = "environments:\n  dev: { kubernetes: \"1.34\" }";
        let changed = with_environment(config, "eu", Some("dev")).expect("a changed text");
        assert_eq!(changed, format!("{config}\n  eu: {{ extends: dev }}\n"));
    }

    #[test]
    fn an_environment_that_is_there_is_refused() {
        let (message, _) = with_environment(CONFIG, "dev", None).expect_err("a refusal");
        assert_eq!(message, "the environment `dev` is there already");
    }
}
