//! The one integration target: real binaries against real services over real connections. One module per tool;
//! `support` is what they stand on, `support_works` shows that it holds.
#![expect(clippy::disallowed_methods, reason = "tests wait with the machine's own clock")]

mod access;
mod filegen;
mod frame;
mod logprocessor;
mod pantherlog;
mod requeue;
mod s3list;
mod s3queue;
mod s3sns;
mod s3undelete;
mod sources;
mod support;
mod support_works;

/// A file without its `mod` line would never be compiled, and its tests would be green forever.
#[test]
fn every_file_is_declared_as_a_module() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let forgotten = forgotten(&root, &root.join("main.rs"));
    assert!(forgotten.is_empty(), "not declared as modules: {forgotten:?}");
}

/// Files and folders beside `parent` that it does not declare, and likewise below them.
fn forgotten(folder: &std::path::Path, parent: &std::path::Path) -> Vec<std::path::PathBuf> {
    let declarations = std::fs::read_to_string(parent).unwrap_or_default();
    let declares = |name: &str| {
        let mut lines = declarations.lines().map(str::trim);
        lines.any(|line| line == format!("mod {name};") || line == format!("pub mod {name};"))
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a module's folder can be read") {
        let path = entry.expect("a module's folder can be read").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("module names are ASCII").to_owned();
        if path == parent || name == "mod" && !path.is_dir() {
            continue;
        }
        if !declares(&name) {
            found.push(path);
        } else if path.is_dir() {
            let inside = path.join("mod.rs");
            let beside = path.with_extension("rs");
            found.extend(forgotten(&path, if inside.exists() { &inside } else { &beside }));
        }
    }
    found
}
