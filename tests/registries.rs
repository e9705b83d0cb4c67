//! Every entry of a registry stands wherever it must: one that is forgotten would be nowhere, without a word. What the page's
//! HTML must have of it is told in `contract`.
#![allow(clippy::unwrap_used, reason = "a helper that finds nothing fails its test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use vanishing_app::chapters::{self, Chapter};
use vanishing_app::page_figures::{self, Follows};
use vanishing_app::schema::guesses;
use vanishing_app::{Lab, Msg, action, embedding, exercises, lanes, lessons, schema, script, symbols};
use vanishing_charts::figures;
use vanishing_core::param::{Domain, ParamSpec};
use vanishing_core::training::params;
use vanishing_core::{cells, optimizers, recurrent, remedies, schedules, tasks};

/// A registry in the source: its folder, the type of its entries, and how long its list is in the program.
struct Registry {
    folder: &'static str,
    spec: &'static str,
    length: usize,
}

fn registries() -> [Registry; 8] {
    [
        Registry { folder: "crates/core/src/remedies", spec: "RemedySpec", length: remedies::ALL.len() },
        Registry { folder: "crates/core/src/cells", spec: "CellSpec", length: cells::ALL.len() },
        Registry { folder: "crates/charts/src/figures", spec: "FigureSpec", length: figures::ALL.len() },
        Registry { folder: "crates/core/src/optimizers", spec: "OptimizerSpec", length: optimizers::ALL.len() },
        Registry { folder: "crates/core/src/schedules", spec: "ScheduleSpec", length: schedules::ALL.len() },
        Registry { folder: "crates/core/src/recurrent", spec: "RecurrentSpec", length: recurrent::ALL.len() },
        Registry { folder: "crates/core/src/tasks", spec: "TaskSpec", length: tasks::ALL.len() },
        Registry { folder: "crates/app/src/script", spec: "Script", length: script::ALL.len() },
    ]
}

impl Registry {
    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(self.folder)
    }

    /// The text of `mod.rs`, and the part of it that is the list `ALL`.
    fn list(&self) -> (String, String) {
        let text = fs::read_to_string(self.path().join("mod.rs")).unwrap();
        let from = ["\npub static ALL: ", "\npub const ALL: "].into_iter().find_map(|start| text.find(start));
        let from = from.unwrap_or_else(|| panic!("{}/mod.rs has no list ALL", self.folder));
        let length = text[from..].find("];").unwrap_or_else(|| panic!("{}: the list ALL has no end", self.folder));
        let list = text[from..from + length].to_owned();
        (text, list)
    }

    /// The files with entries: name without its ending, and text.
    fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            // The list itself, and what an entry is.
            .filter(|path| path.file_name().is_some_and(|name| name != "mod.rs" && name != "spec.rs"))
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
    let matrices: Vec<&str> = recurrent::ALL.iter().map(|spec| spec.slug).collect();
    let tasks: Vec<&str> = tasks::ALL.iter().map(|spec| spec.slug).collect();
    let chapters: Vec<&str> = chapters::ALL.iter().map(|own| own.slug).collect();
    let exercises: Vec<&str> = exercises::all().map(|own| own.slug).collect();
    for slugs in [figures, cells, remedies, optimizers, schedules, matrices, tasks, chapters, exercises] {
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

/// The slugs of a menu.
fn menu(spec: &ParamSpec) -> Vec<&'static str> {
    match spec.domain {
        Domain::Choice(choices) => choices.iter().map(|choice| choice.slug).collect(),
        _ => panic!("{} is no menu", spec.key),
    }
}

fn is_in<'a>(list: impl IntoIterator<Item = &'a &'static ParamSpec>, key: &str) -> bool {
    list.into_iter().any(|spec| spec.key == key)
}

#[test]
fn cells_matrices_tasks_and_optimisers_can_be_chosen_on_the_page_and_in_every_lane() {
    let mut kinds: Vec<&str> = cells::ALL.iter().map(|cell| cell.kind).collect();
    kinds.dedup();
    let activations: Vec<&str> = cells::ALL.iter().filter_map(|cell| cell.activation).collect();
    let matrices: Vec<&str> = recurrent::ALL.iter().map(|spec| spec.slug).collect();
    let tasks: Vec<&str> = tasks::ALL.iter().map(|spec| spec.slug).collect();
    for (of_page, of_lane, slugs) in [
        (&schema::CELL.spec, &params::CELL.spec, &kinds),
        (&schema::ACTIVATION.spec, &params::ACTIVATION.spec, &activations),
        (&schema::RECURRENT.spec, &params::RECURRENT.spec, &matrices),
    ] {
        assert_eq!((&menu(of_page), &menu(of_lane)), (slugs, slugs));
    }
    assert_eq!(menu(&params::TASK.spec), tasks);
    assert_eq!(menu(&schema::INPUTS.spec), [schema::OF_TASK, schema::ZERO, schema::NOISE]);
    let optimizers: Vec<&str> = optimizers::ALL.iter().map(|spec| spec.slug).collect();
    assert_eq!(menu(&params::OPTIMIZER.spec), optimizers);
    // The constant schedule is what there is without the remedy.
    let schedules: Vec<&str> = schedules::ALL.iter().skip(1).map(|spec| spec.slug).collect();
    assert_eq!(menu(&remedies::SCHEDULE_KIND.spec), schedules);
}

#[test]
fn every_parameter_of_a_registry_stands_in_every_lane() {
    for spec in cells::params().chain(optimizers::params()).chain(schedules::params()).chain(remedies::params()) {
        assert!(is_in(params::all(), spec.key), "{}", spec.key);
        assert!(lanes::find(&format!("{}{}", lanes::PREFIX, spec.key)).is_some(), "{}", spec.key);
    }
}

#[test]
fn every_remedy_has_its_box_its_controls_and_its_flag_in_the_experiment() {
    let texts = lanes::remedies();
    assert_eq!(texts.len(), remedies::ALL.len());
    for (remedy, text) in remedies::ALL.iter().zip(&texts) {
        assert_eq!(text.slug, remedy.slug);
        for spec in std::iter::once(&remedy.toggle.spec).chain(remedy.params.iter().copied()) {
            let control = format!("{}{}", lanes::PREFIX, spec.key);
            assert!(text.controls.split(' ').any(|key| key == control), "{}: {}", remedy.slug, spec.key);
            assert!(is_in(schema::all(), spec.key), "{}: {}", remedy.slug, spec.key);
            let of_chip = text.toggle == spec.key || text.params.split(' ').any(|key| key == spec.key);
            assert!(of_chip, "{}: {} has no control in its chip", remedy.slug, spec.key);
        }
        let flag = schema::tries().iter().find(|(own, _)| own.slug == remedy.slug).map(|(_, flag)| &flag.spec);
        assert!(flag.is_some_and(|flag| is_in(schema::all(), flag.key)), "{}: no flag", remedy.slug);
    }
}

#[test]
fn every_figure_has_one_entry_of_the_page_with_controls_and_buttons_that_exist() {
    let drawn: Vec<&str> = figures::ALL.iter().map(|figure| figure.slug).collect();
    let of_page: Vec<&str> = page_figures::ALL.iter().map(|own| own.spec.slug).collect();
    assert_eq!(of_page, drawn, "figures of the charts, and entries of `page_figures`");
    for own in page_figures::ALL {
        let slug = own.spec.slug;
        assert!(!own.controls.is_empty(), "{slug} has no control");
        for key in own.controls {
            assert_eq!(embedding::control(key), Some(*key), "{slug}");
        }
        for button in own.buttons {
            assert!(action::is_explained(button.action), "{slug}: {} is no button", button.action);
        }
        let trains = own.is_of_training() || own.follows == Follows::Map;
        assert_eq!(trains, own.chapter == Chapter::Laboratory, "{slug}");
        // Those of the story stand before all chapters, and do not show the network of the page.
        let of_story = [figures::opening::SPEC.slug, figures::iterated::SPEC.slug].contains(&slug);
        if own.chapter == Chapter::Gradients && !of_story {
            for param in [&schema::CELL.spec, &schema::RECURRENT.spec, &schema::SEQUENCE_LENGTH.spec] {
                assert!(own.controls.contains(&param.key), "{slug} does not list the control {}", param.key);
            }
        }
    }
}

#[test]
fn every_chapter_has_figures_a_lesson_that_can_be_presented_and_three_exercises() {
    let with_exercises = exercises::ALL.map(|(chapter, _)| chapter);
    let after_the_workbench: Vec<Chapter> = chapters::ALL.iter().skip(1).map(|own| own.chapter).collect();
    assert_eq!(with_exercises[..], after_the_workbench[..], "every chapter but the workbench has exercises");
    let lessons = menu(&schema::PRESENT.spec);
    assert!(lessons.contains(&"workbench"));
    for (own, (_, exercises)) in chapters::ALL.iter().skip(1).zip(&exercises::ALL) {
        assert!(page_figures::ALL.iter().any(|figure| figure.chapter == own.chapter), "{}: no figure", own.slug);
        assert!(lessons.contains(&own.slug), "{} cannot be presented", own.slug);
        for (number, exercise) in exercises.iter().enumerate() {
            assert_eq!(exercise.slug, format!("{}-{}", own.slug, number + 1));
        }
        let explained = symbols::ALL.iter().any(|symbol| symbol.chapters.contains(&own.chapter));
        assert!(explained, "{} has no symbol of its own", own.slug);
    }
    assert_eq!(lessons.len(), chapters::ALL.len() + 2, "nothing, every chapter, a lesson of one's own");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/app/src/lessons");
    let texts: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(texts, chapters::ALL.iter().map(|own| own.slug.to_owned()).collect(), "files of lessons, and chapters");
}

#[test]
fn a_lesson_shows_figures_of_its_own_chapter_and_what_plays_there_plays() {
    for own in &chapters::ALL {
        let lesson = lessons::of_chapter(own.slug).unwrap();
        let here = |figure: &str| page_figures::chapter_of(figure) == own.slug;
        assert!(lesson.beats.iter().any(|beat| here(&beat.figure)), "{}", own.slug);
        if own.plays.is_empty() {
            continue;
        }
        let mut lab = Lab::new("hidden-size=3&sequence-length=5").0;
        let effects = lab.update(Msg::Action { name: own.plays.to_owned() });
        assert!(effects.animate == Some(true) || !effects.work.is_empty(), "{}: {} plays nothing", own.slug, own.plays);
        assert!(action::is_explained(own.plays), "{}", own.plays);
    }
}

#[test]
fn every_guess_belongs_to_one_exercise_and_every_file_of_exercises_is_listed() {
    let of_exercises: Vec<&str> = exercises::all().map(|own| own.guess.spec().key).collect();
    let of_schema: Vec<&str> = guesses::all().map(|own| own.spec().key).collect();
    assert_eq!(of_exercises, of_schema);
    for spec in guesses::params() {
        assert!(is_in(schema::all(), spec.key), "{}", spec.key);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/app/src/exercises");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let declares = files.filter(|path| fs::read_to_string(path).unwrap().contains("pub static ALL: [Exercise;"));
    let found: BTreeSet<String> =
        declares.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(
        found,
        chapters::ALL.iter().skip(1).map(|own| own.slug.to_owned()).collect(),
        "files of exercises, and chapters"
    );
}

#[test]
fn every_figure_of_a_script_exists() {
    for script in script::ALL {
        assert!(script.figures.iter().all(|slug| figures::find(slug).is_some() && script::has(slug)));
    }
}

#[test]
fn every_parameter_of_the_page_is_of_one_group_alone() {
    let mut seen = BTreeSet::new();
    assert!(schema::all().iter().all(|spec| seen.insert(spec.key)));
    let in_groups: usize = schema::GROUPS.iter().map(|group| group.params.len()).sum();
    let others = schema::added().count() + schema::tries().len() + guesses::params().count();
    assert_eq!(in_groups + others, schema::all().len());
}
