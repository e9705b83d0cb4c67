//! The map of what can be learned: what is shipped is there at once, the rest is trained when it is asked for.
use crate::claims::{self, claim};
use crate::shell::Shell;
use crate::support::{act, follow, open, readout, resize, show};
use vanishing_app::{JobId, Msg, Pointer};
use vanishing_charts::learning_map::Side;
use vanishing_core::training::map::{COLUMNS, Outcome, POINTS, Point, RADII, ROWS, Run};
use vanishing_tests::markup;

const SLUG: &str = "learning-map";
const TINY: &str = "hidden-size=1&batch-size=1";

/// The maps that a link shows, followed from other settings: what is known of each, row by row, and at how many points it learns.
fn shown(preset: &str) -> (Vec<Side>, Vec<usize>) {
    claims::note(preset);
    let mut lab = open("lanes=4&lane=d&cell=gru&l1=1&b.hidden-size=3&seed=7&spectral-radius=2");
    let query = markup::presets().into_iter().find(|(name, _)| *name == preset).unwrap().1;
    assert_eq!(follow(&mut lab, &query).notices.unwrap_or_default(), [], "{preset}");
    let sides = lab.laboratory().map.sides.clone();
    assert!(sides.len() == 2 && sides.iter().all(|side| side.count().0 == POINTS), "{preset}: {:?}", names(&lab));
    let learned = sides.iter().map(|side| side.count().1).collect();
    (sides, learned)
}

fn outcomes(side: &Side, row: usize) -> Vec<Outcome> {
    side.known.iter().flatten().skip(row * COLUMNS).take(COLUMNS).map(|found| found.outcome).collect()
}

claim!(clipping_widens_the_land_on_one_side_and_does_nothing_on_the_other, ["lab-map-clipping"], || {
    let (sides, learned) = shown("lab-map-clipping");
    assert!(learned[1] >= learned[0] + 20, "{learned:?}");
    for row in (0..ROWS).filter(|row| RADII[*row] < 0.7) {
        assert_eq!(outcomes(&sides[0], row), outcomes(&sides[1], row), "{row}");
    }
});

claim!(an_orthogonal_start_forgets_the_radius_and_reaches_further, ["lab-map-orthogonal"], || {
    let (sides, learned) = shown("lab-map-orthogonal");
    assert!((1..ROWS).all(|row| outcomes(&sides[1], row) == outcomes(&sides[1], 0)) && learned[1] > learned[0]);
    assert!(outcomes(&sides[1], 0)[..16].iter().all(|outcome| *outcome == Outcome::Learned));
});

claim!(with_open_forget_gates_small_radii_are_no_obstacle_and_long_sequences_are, ["lab-map-lstm"], || {
    let (sides, _) = shown("lab-map-lstm");
    let learned = |side: &Side, row| outcomes(side, row).iter().filter(|outcome| **outcome == Outcome::Learned).count();
    assert!((0..ROWS).all(|row| learned(&sides[1], row) >= 8) && learned(&sides[0], 0) == 0);
    assert!((0..ROWS).all(|row| !outcomes(&sides[1], row)[13..19].contains(&Outcome::Learned)));
});

fn names(lab: &vanishing_app::Lab) -> Vec<(&str, usize)> {
    lab.laboratory().map.sides.iter().map(|side| (side.name.as_str(), side.count().0)).collect()
}

#[test]
fn shipped_maps_are_shown_at_once_and_nothing_is_trained() {
    let mut lab = open("");
    assert_eq!(names(&lab), [("no remedy", POINTS)]);
    assert_eq!(readout(&lab, "map-progress"), "all 320 points are known");
    assert_eq!(act(&mut lab, "map-start").work, []);
    for (query, name) in [
        ("clip-norm=1", "clip by global norm"),
        ("orthogonal-init=1", "orthogonal initialisation"),
        // Where the page's network stands does not matter.
        ("clip-norm=1&spectral-radius=2&sequence-length=50", "clip by global norm"),
    ] {
        assert_eq!(names(&open(query)), [("no remedy", POINTS), (name, POINTS)], "{query}");
    }
    assert_eq!(names(&open("lstm=1&forget-bias=3"))[1].1, POINTS);
    let other = open("seed=2");
    assert_eq!(names(&other), [("no remedy", 0)]);
    let words = readout(&other, "map-progress");
    assert_eq!(words, "no map of these settings is known: press Start (320 runs of 300 updates)");
}

#[test]
fn a_map_is_trained_in_slots_paused_taken_up_again_and_forgotten() {
    let mut lab = open(TINY);
    lab.update(Msg::Cores { cores: 3 });
    let mut shell = Shell::new(act(&mut lab, "map-start"));
    let slots: Vec<JobId> = shell.orders.iter().map(|work| work.job).collect();
    assert_eq!(slots, [0, 1, 2].map(JobId::Map));
    while lab.laboratory().map.sides[0].count().0 < 40 {
        assert!(shell.work(&mut lab));
    }
    assert!(readout(&lab, "map-progress").contains("of 320 points, "), "{}", readout(&lab, "map-progress"));
    shell.take(act(&mut lab, "map-pause"));
    shell.finish(&mut lab);
    let words = readout(&lab, "map-progress");
    assert!(words.ends_with("of 320 points are known: press Start for the rest"), "{words}");
    let side: Side = lab.laboratory().map.sides[0].clone();
    let known = side.known.iter().enumerate().filter_map(|(index, found)| Some((Point::new(index), (*found)?)));
    for (point, found) in known.step_by(7) {
        assert_eq!(found, Run::new(&point.settings(&side.settings)).finish(), "{point:?}");
    }
    // Other settings have other maps; what was found of these is kept.
    shell.take(lab.update(Msg::Follow { query: "seed=3".to_owned() }));
    assert_eq!(names(&lab), [("no remedy", 0)]);
    shell.take(lab.update(Msg::Follow { query: "seed=".to_owned() }));
    assert_eq!(names(&lab), [("no remedy", side.count().0)]);
    shell.take(act(&mut lab, "map-start"));
    shell.take(lab.update(Msg::Follow { query: "seed=3".to_owned() }));
    shell.finish(&mut lab);
    assert_eq!(names(&lab), [("no remedy", 0)], "it rests where it is not looked at");
    shell.take(lab.update(Msg::Follow { query: "seed=".to_owned() }));
    shell.take(act(&mut lab, "map-start"));
    while shell.work(&mut lab) {}
    assert_eq!(readout(&lab, "map-progress"), "all 320 points are known");
    shell.take(act(&mut lab, "map-cancel"));
    assert_eq!(names(&lab), [("no remedy", 0)]);
}

#[test]
fn a_press_on_a_point_makes_it_the_pages_network() {
    let mut lab = open("clip-norm=1");
    show(&mut lab, SLUG);
    resize(&mut lab, SLUG, (760.0, 400.0, 1.0));
    let mut press = |x: f64, y: f64| {
        for kind in [Pointer::Down, Pointer::Up] {
            lab.update(Msg::Pointer { figure: SLUG.to_owned(), kind, x, y });
        }
        lab.query()
    };
    let query = press(60.0, 60.0);
    assert!(query.contains("rescale=1&spectral-radius=") && query.contains("sequence-length="), "{query}");
    let second = press(600.0, 200.0);
    assert!(second != query && second.contains("clip-norm=1"), "{second}");
    let here = readout(&lab, "map-here");
    assert!(here.starts_with("ρ = ") && here.contains("clip by global norm: "), "{here}");
    // With the keyboard: to a cell, and Enter.
    let mut key = |key: &str| {
        lab.update(Msg::Key { figure: SLUG.to_owned(), key: key.to_owned(), shift: false });
        lab.query()
    };
    (0..3).for_each(|_| drop(key("ArrowRight")));
    let third = key("Enter");
    assert!(third != second && third.contains("spectral-radius="), "{third}");
}
