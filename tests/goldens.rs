//! Every figure of the registry against stored pictures, byte for byte.
//!
//! A picture that changed is looked at, and taken with `cargo xtask golden --bless`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use vanishing_app::{Lab, page_figures, parse_link};
use vanishing_core::training::experiment::{self, Evidence};

/// Settings under which every figure is drawn: name, query, width in CSS pixels.
const VIEWS: &[(&str, &str, u32)] = &[
    ("defaults", "", 760),
    (
        "exploding-tanh",
        "hidden-size=16&eigenvalue-1=1.3&eigenvalue-2=-1.1&activation=tanh&sequence-length=100&inputs=zero&power=30",
        760,
    ),
    (
        "zero-matrix",
        "opening-gain=1&hidden-size=4&eigenvalue-1=0&eigenvalue-2=0&eigenvalue-3=0&eigenvalue-4=0&activation=linear&inputs=noise&cliff-step=0",
        760,
    ),
    (
        "opposite-remedies",
        "opening-gain=1.2&hidden-size=3&activation=linear&inputs=noise&eigenvalue-1=1.1&eigenvalue-2=-1.1&start=chosen&sequence-length=120&clip-norm=1&orthogonal-init=1&cliff-w=4.3&cliff-b=-2",
        760,
    ),
    (
        "gated",
        "cell=lstm&hidden-size=16&forget-bias=2&recurrent=pytorch&sequence-length=100&inputs=noise&time=80&cliff-w=5&cliff-b=-2.61234&cliff-rate=0.01&cliff-step=1",
        760,
    ),
    (
        "exploding-linear",
        "recurrent=gaussian&gain=1.2&hidden-size=16&activation=linear&inputs=noise&sequence-length=1000&layers=2&time=700",
        760,
    ),
    (
        "chosen-pairs",
        "recurrent=spectrum&departure=3&hidden-size=7&activation=relu&inputs=noise&sequence-length=100&pair-2-im=0.4",
        560,
    ),
    (
        "narrow-dark",
        "opening-gain=1.1&family=geometric&hidden-size=20&power=300&aligned-when=cosine&theme=dark&cliff-b=-3&cliff-step=60",
        360,
    ),
];

/// The views of the figures of chapter 4, after training and with an experiment: name, query, updates, width.
const TRAINED: &[(&str, &str, u64, u32)] = &[
    (
        "trained",
        "task=temporal-order&recurrent=gaussian&rescale=1&spectral-radius=1.3&hidden-size=50&learning-rate=0.05&seed=4&clip-norm=1&read-units=16&read-length=30&read-updates=300",
        1_500,
        760,
    ),
    (
        "broken-narrow-dark",
        "lanes=4&task=adding&sequence-length=40&recurrent=gaussian&rescale=1&spectral-radius=1.6&hidden-size=50&learning-rate=0.2&seed=4&clip-norm=1&c.cell=lstm\
         &d.schedule=1&d.learning-rate=0.01&d.checkpointing=1&read-units=8&read-length=20&read-updates=100&theme=dark",
        120,
        360,
    ),
];

/// Runs as an experiment finds them.
const RUNS: &str = include_str!("reference/evidence.csv");

/// A picture that there should be: file name, figure, query, updates, width.
type Picture = (String, &'static str, &'static str, u64, u32);

/// The pictures that there should be. Untrained, the figures of chapter 4 are all alike: they are drawn once.
fn pictures() -> impl Iterator<Item = Picture> {
    page_figures::ALL.iter().flat_map(|figure| {
        let slug = figure.spec.slug;
        let views = VIEWS.iter().map(|(view, query, width)| (*view, *query, 0, *width));
        let views = views.filter(move |(view, ..)| !figure.is_of_training() || *view == "defaults");
        let trained = TRAINED.iter().copied().filter(move |_| figure.is_of_training());
        let picture = move |(view, query, updates, width): (&'static str, &'static str, u64, u32)| {
            (format!("{slug}.{view}.svg"), slug, query, updates, width)
        };
        views.chain(trained).map(picture)
    })
}

/// The laboratories of the views, each trained once.
#[derive(Default)]
struct Labs(BTreeMap<(&'static str, u64), Lab>);

impl Labs {
    fn get(&mut self, query: &'static str, updates: u64) -> &Lab {
        self.0.entry((query, updates)).or_insert_with(|| {
            let mut lab = Lab::new(query).0;
            lab.complete("workbench-training");
            if updates > 0 {
                lab.train(updates);
                lab.learn_text();
                let (setting, runs) = experiment::read_csv(RUNS).expect("the runs are whole");
                lab.show_evidence(&setting, Evidence::of_runs(&runs));
            }
            lab
        })
    }
}

fn stored() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// Where a picture that differs is put, to be looked at.
fn fresh() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("golden")
}

fn wants_new() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

#[test]
fn every_figure_equals_its_golden_pictures() {
    let (mut failures, mut labs) = (Vec::new(), Labs::default());
    for (file, slug, query, updates, width) in pictures() {
        let found = labs.get(query, updates).svg(slug, width).unwrap();
        let path = stored().join(&file);
        if wants_new() {
            fs::create_dir_all(stored()).unwrap();
            fs::write(&path, found).unwrap();
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(wanted) if wanted == found => {}
            Ok(_) => {
                let seen = fresh().join(&file);
                fs::create_dir_all(fresh()).unwrap();
                fs::write(&seen, found).unwrap();
                failures.push(format!("{} is no longer what is drawn: {}", path.display(), seen.display()));
            }
            Err(why) => failures.push(format!("{} could not be read: {why}", path.display())),
        }
    }
    let advice = "look at the pictures, then take them with `cargo xtask golden --bless`";
    assert!(failures.is_empty(), "{}\n{advice}", failures.join("\n"));
}

#[test]
fn no_golden_picture_is_without_its_figure() {
    let wanted: BTreeSet<String> = pictures().map(|(file, ..)| file).collect();
    let found =
        fs::read_dir(stored()).map_or(Vec::new(), |entries| entries.map(|entry| entry.unwrap().path()).collect());
    let stale = |path: &PathBuf| !wanted.contains(path.file_name().unwrap().to_string_lossy().as_ref());
    for path in found.into_iter().filter(stale) {
        assert!(wants_new(), "{} belongs to no figure; `cargo xtask golden --bless` removes it", path.display());
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn the_views_of_the_golden_pictures_are_taken_without_a_notice() {
    let trained = TRAINED.iter().map(|(view, query, ..)| (view, query));
    for (view, query) in VIEWS.iter().map(|(view, query, _)| (view, query)).chain(trained) {
        let notices = parse_link(query).1;
        assert!(notices.is_empty(), "{view}: {notices:?}");
    }
}

#[test]
fn a_golden_picture_is_the_same_on_every_run_and_every_view_shows_something_of_its_own() {
    let draw = |query: &str| -> Vec<String> {
        let lab = Lab::new(query).0;
        let untrained = page_figures::ALL.iter().filter(|figure| !figure.is_of_training());
        untrained.map(|figure| lab.svg(figure.spec.slug, 500).unwrap()).collect()
    };
    let views: Vec<Vec<String>> = VIEWS.iter().map(|(_, query, _)| draw(query)).collect();
    for ((view, query, _), pictures) in VIEWS.iter().zip(&views) {
        assert_eq!(&draw(query), pictures, "{view}");
        assert_eq!(views.iter().filter(|other| *other == pictures).count(), 1, "{view} shows what another one shows");
    }
}
