//! What a build script does with the library: it renders one target into `OUT_DIR`, and tells Cargo when to run it again.
//!
//! Try it: `OUT_DIR=target/out cargo run --example build_script`

use jibe::Workspace;
use jibe::tree::WriteOptions;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    for line in build(Path::new("charts-example"), Path::new(&out))? {
        println!("{line}");
    }
    Ok(())
}

/// Writes `prod/shop/web` and gives the lines that Cargo reads.
fn build(folder: &Path, out: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let workspace = Workspace::open(folder)?;
    let build = jibe::build(&workspace, workspace.target("prod/shop/web")?)?;
    let mut lines: Vec<_> =
        build.warnings.iter().map(|warning| format!("cargo::warning={warning}")).collect();
    for input in build.inputs.iter() {
        let path = folder.join(input.path().as_str());
        // Cargo takes what is not there for changed, on every run: watch the folder where it would appear.
        let there = path.ancestors().find(|path| path.exists()).unwrap_or(folder);
        lines.push(format!("cargo::rerun-if-changed={}", there.display()));
    }
    build.tree.write(out, &WriteOptions::default())?;
    lines.dedup();
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::build;
    use std::path::Path;

    #[test]
    fn the_target_is_written_and_everything_that_was_read_is_watched() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let out = tempfile::tempdir().expect("a temporary folder");
        let lines = build(&root.join("charts-example"), out.path()).expect("a build");
        assert!(out.path().join("prod/shop/web/deployment-web.yaml").is_file());
        for watched in
            ["jibe.yaml", "services/web/prod.yaml", "charts/base/templates/_pod.yaml", "schemas"]
        {
            let ending = format!("charts-example/{watched}");
            assert!(lines.iter().any(|line| line.ends_with(&ending)), "{watched} in {lines:#?}");
        }
        assert!(lines.iter().all(|line| Path::new(line.split_once('=').unwrap().1).exists()));
    }
}
