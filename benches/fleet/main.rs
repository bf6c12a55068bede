//! Writes a fleet into a new folder: `cargo bench --bench fleet -- FOLDER SERVICES`.

mod workload;

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<_> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let [folder, services] = &arguments[..] else {
        println!("usage: cargo bench --bench fleet -- FOLDER SERVICES");
        return Ok(());
    };
    let services = services.parse().map_err(|_| io::Error::other("SERVICES is a number"))?;
    for (path, text) in workload::workspace(services).into_iter().chain(workload::helm()) {
        let path = Path::new(folder).join(path);
        fs::create_dir_all(path.parent().expect("every path lies in the folder"))?;
        fs::write(path, text)?;
    }
    let targets = services * workload::ENVIRONMENTS.len();
    println!("{services} services, {targets} targets, {} objects", targets * workload::OBJECTS);
    println!("first {}, last {}", workload::name(0), workload::name(services.max(1) - 1));
    Ok(())
}
