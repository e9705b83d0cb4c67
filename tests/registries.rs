//! Every file in the folder of a registry stands in its list: one that is forgotten would be nowhere, without a word.
#![allow(clippy::unwrap_used, reason = "a helper that finds nothing fails its test")]

use std::fs;
use std::path::{Path, PathBuf};

use vanishing_charts::figures;
use vanishing_core::{cells, optimizers, recurrent, remedies, schedules, tasks};

/// A registry in the source: its folder, the type of its entries, and how long its list is in the program.
struct Registry {
    folder: &'static str,
    spec: &'static str,
    length: usize,
}

fn registries() -> [Registry; 7] {
    [
        Registry { folder: "crates/core/src/remedies", spec: "RemedySpec", length: remedies::ALL.len() },
        Registry { folder: "crates/core/src/cells", spec: "CellSpec", length: cells::ALL.len() },
        Registry { folder: "crates/charts/src/figures", spec: "FigureSpec", length: figures::ALL.len() },
        Registry { folder: "crates/core/src/optimizers", spec: "OptimizerSpec", length: optimizers::ALL.len() },
        Registry { folder: "crates/core/src/schedules", spec: "ScheduleSpec", length: schedules::ALL.len() },
        Registry { folder: "crates/core/src/recurrent", spec: "RecurrentSpec", length: recurrent::ALL.len() },
        Registry { folder: "crates/core/src/tasks", spec: "TaskSpec", length: tasks::ALL.len() },
    ]
}

impl Registry {
    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(self.folder)
    }

    /// The text of `mod.rs`, and the part of it that is the list `ALL`.
    fn list(&self) -> (String, String) {
        let text = fs::read_to_string(self.path().join("mod.rs")).unwrap();
        let from = text.find(" ALL: ").unwrap_or_else(|| panic!("{}/mod.rs has no list ALL", self.folder));
        let length = text[from..].find("];").unwrap_or_else(|| panic!("{}: the list ALL has no end", self.folder));
        let list = text[from..from + length].to_owned();
        (text, list)
    }

    /// The files with entries: name without its ending, and text.
    fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().is_some_and(|name| name != "mod.rs"))
            .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
            .collect();
        files.sort();
        files
    }

    /// The names of the entries that a file declares: `pub const NAME: Spec`.
    fn entries(&self, text: &str) -> Vec<String> {
        let declared = |line: &str| {
            let (name, of) = line.strip_prefix("pub const ")?.split_once(": ")?;
            of.starts_with(&format!("{} =", self.spec)).then(|| name.to_owned())
        };
        text.lines().filter_map(declared).collect()
    }
}

/// The words of a list: `&SPEC`, `name::SPEC`.
fn words(list: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    list.split(|c| !is_part(c)).filter(|word| !word.is_empty()).collect()
}

#[test]
fn every_file_of_a_registry_is_declared_and_all_its_entries_are_listed() {
    for registry in registries() {
        let (text, list) = registry.list();
        let mut count = 0;
        for (file, content) in registry.files() {
            let declared =
                text.lines().any(|line| line == format!("mod {file};") || line == format!("pub mod {file};"));
            assert!(declared, "{0}/{file}.rs is not declared: {0}/mod.rs has no line `mod {file};`", registry.folder);
            let entries = registry.entries(&content);
            assert!(!entries.is_empty(), "{}/{file}.rs declares no {}", registry.folder, registry.spec);
            for entry in &entries {
                let listed = words(&list).into_iter().any(|word| word == entry || word == format!("{file}::{entry}"));
                assert!(listed, "{0}/mod.rs: ALL does not list {file}::{entry}", registry.folder);
            }
            count += entries.len();
        }
        assert_eq!(count, registry.length, "{}: what the files declare, and the length of ALL", registry.folder);
    }
}

#[test]
fn a_remedy_a_figure_and_an_optimiser_are_called_as_their_file() {
    let files = |registry: &Registry| registry.files().into_iter().map(|(file, _)| file).collect::<Vec<_>>();
    let [of_remedies, _, of_figures, of_optimizers, ..] = registries();
    let mut slugs: Vec<String> = remedies::ALL.iter().map(|spec| spec.slug.to_owned()).collect();
    slugs.sort();
    assert_eq!(slugs, files(&of_remedies));
    let mut slugs: Vec<String> = figures::ALL.iter().map(|spec| spec.slug.replace('-', "_")).collect();
    slugs.sort();
    assert_eq!(slugs, files(&of_figures));
    let mut slugs: Vec<String> = optimizers::ALL.iter().map(|spec| spec.slug.to_owned()).collect();
    slugs.sort();
    assert_eq!(slugs, files(&of_optimizers));
}

#[test]
fn the_names_in_a_registry_are_unique_and_fit_an_address() {
    let figures: Vec<&str> = figures::ALL.iter().map(|spec| spec.slug).collect();
    let cells: Vec<&str> = cells::ALL.iter().map(|spec| spec.slug).collect();
    let remedies: Vec<&str> = remedies::ALL.iter().map(|spec| spec.slug).collect();
    let optimizers: Vec<&str> = optimizers::ALL.iter().map(|spec| spec.slug).collect();
    let schedules: Vec<&str> = schedules::ALL.iter().map(|spec| spec.slug).collect();
    for slugs in [figures, cells, remedies, optimizers, schedules] {
        for (index, slug) in slugs.iter().enumerate() {
            assert!(!slugs[..index].contains(slug), "{slug} twice");
            assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c)), "{slug}");
        }
    }
}

#[test]
fn every_cell_of_the_registry_is_found_by_its_name_and_every_figure_by_its() {
    assert!(cells::ALL.iter().all(|cell| cells::find(cell.slug) == Some(cell)));
    assert!(
        figures::ALL.iter().all(|figure| figures::find(figure.slug).is_some_and(|found| found.slug == figure.slug))
    );
    assert!(cells::find("tea").is_none() && figures::find("tea").is_none());
}
