//! A change that was pressed moves from the old to the new, and leaves ghosts until the next one.
use crate::support::{act, enter, follow, frame, navigate, open, place_of, pointer, show, slide, visible};
use std::collections::BTreeSet;
use vanishing_app::{Lab, Msg, Phase, Pointer, model};
use vanishing_charts::scene::{Mark, Panel, Scene};
use vanishing_charts::table::Table;
use vanishing_charts::{Model, Theme, figures, tween};

const FIGURE: &str = "eigenvalue-powers";

/// A page with the figure in view, whose reader does not mind motion.
fn moving() -> Lab {
    let mut lab = open("");
    lab.update(Msg::Motion);
    show(&mut lab, FIGURE);
    lab
}

fn frames(lab: &mut Lab, times: &[f64]) {
    times.iter().for_each(|now| drop(frame(lab, *now)));
}

fn drawn(lab: &Lab, figure: &str) -> Scene {
    lab.drawn(figure).expect("a scene")
}

fn ghosts(lab: &Lab, figure: &str) -> usize {
    drawn(lab, figure).panels.iter().map(|panel| panel.ghosts.len()).sum()
}

/// The points of the line of λ₁, as it is drawn.
fn line(lab: &Lab) -> Vec<(f64, f64)> {
    let scene = drawn(lab, FIGURE);
    let found = scene.panels[0].marks.iter().find_map(|mark| match mark {
        Mark::Series(series) if series.name.starts_with("λ₁") => Some(series.points.clone()),
        _ => None,
    });
    found.expect("a line")
}

/// The height of that line at its end.
fn end(lab: &Lab) -> f64 {
    line(lab).last().expect("points").1
}

#[test]
fn what_was_pressed_moves_for_a_fifth_of_a_second_and_then_rests() {
    let mut lab = moving();
    let (before, old) = (line(&lab), end(&lab));
    let effects = follow(&mut lab, "eigenvalue-1=0.98");
    assert_eq!(effects.animate, Some(true));
    assert_eq!(line(&lab), before, "it begins where it was");
    // The words are those of now.
    assert!(lab.view().labels[FIGURE].contains("0 growing"), "{}", lab.view().labels[FIGURE]);
    let (mut now, mut heights) = (7000.0, Vec::new());
    loop {
        let effects = frame(&mut lab, now);
        if effects.redraw.is_empty() {
            break;
        }
        assert_eq!(effects.redraw, BTreeSet::from([FIGURE]));
        assert!(now < 7200.0 || heights.is_empty() || effects.animate != Some(true));
        heights.push(end(&lab));
        now += 16.0;
    }
    assert!((7184.0..=7216.0).contains(&now), "{now}");
    let mut lab_of_now = open("eigenvalue-1=0.98");
    show(&mut lab_of_now, FIGURE);
    let new = end(&lab_of_now);
    assert!(old > 0.0 && new < 0.0 && heights[0] < old, "{old} {new} {heights:?}");
    assert!(heights.is_sorted_by(|one, two| one > two), "{heights:?}");
    assert_eq!((heights.last(), line(&lab)), (Some(&new), line(&lab_of_now)));
    assert!(frame(&mut lab, now + 16.0).redraw.is_empty(), "and stays there");
}

#[test]
fn the_lines_before_stay_as_ghosts_until_the_next_press_or_gesture() {
    let mut lab = moving();
    let first = line(&lab);
    follow(&mut lab, "eigenvalue-1=0.98");
    frames(&mut lab, &[0.0, 100.0, 300.0, 316.0]);
    assert_eq!(drawn(&lab, FIGURE).panels[0].ghosts, [first]);
    let second = line(&lab);
    enter(&mut lab, "eigenvalue-1", "0.95");
    assert_eq!(drawn(&lab, FIGURE).panels[0].ghosts, [second], "those of the press before have gone");
    // No number of a ghost is in what readers take away.
    let plain = open("eigenvalue-1=0.95");
    assert_eq!(lab.table(FIGURE), plain.table(FIGURE));
    assert_eq!(lab.summary(FIGURE), plain.summary(FIGURE));
    let effects = slide(&mut lab, "eigenvalue-1", 0.92, Phase::Moving);
    assert!(effects.redraw.contains(FIGURE) && ghosts(&lab, FIGURE) == 0);
    slide(&mut lab, "eigenvalue-1", 0.92, Phase::Done);
    assert_eq!(ghosts(&lab, FIGURE), 0);
}

#[test]
fn a_press_that_changes_another_figure_takes_the_ghosts_with_it() {
    let mut lab = moving();
    follow(&mut lab, "eigenvalue-1=0.98");
    frames(&mut lab, &[0.0, 300.0]);
    assert_eq!(ghosts(&lab, FIGURE), 1);
    let effects = enter(&mut lab, "clip-norm", "1");
    assert_eq!((ghosts(&lab, FIGURE), effects.redraw), (0, BTreeSet::from([FIGURE])));
    assert!(frame(&mut lab, 400.0).redraw.is_empty(), "what did not change does not move");
}

#[test]
fn who_wants_no_motion_sees_the_new_at_once_with_its_ghosts() {
    let mut lab = open("");
    show(&mut lab, FIGURE);
    let before = line(&lab);
    assert!(follow(&mut lab, "eigenvalue-1=0.98").redraw.contains(FIGURE));
    assert!(end(&lab) < 0.0);
    assert_eq!(drawn(&lab, FIGURE).panels[0].ghosts, [before]);
    assert!(frame(&mut lab, 0.0).redraw.is_empty());
}

#[test]
fn a_hand_that_drags_and_what_plays_leave_nothing_behind() {
    let mut lab = moving();
    slide(&mut lab, "eigenvalue-1", 0.98, Phase::Moving);
    assert!(end(&lab) < 0.0, "it is where the hand is");
    slide(&mut lab, "eigenvalue-1", 0.95, Phase::Done);
    assert_eq!(ghosts(&lab, FIGURE), 0);
    // What plays ends what the press left.
    follow(&mut lab, "eigenvalue-1=1.1&power=0");
    assert_eq!(ghosts(&lab, FIGURE), 1);
    act(&mut lab, "play");
    frames(&mut lab, &[0.0, 500.0]);
    assert_eq!(ghosts(&lab, FIGURE), 0);
    assert_eq!(drawn(&lab, FIGURE).panels[0].cursor, Some(1.0));
    // Nothing was pressed by who goes back in the history, nor by the page around this one.
    let mut lab = moving();
    navigate(&mut lab, "eigenvalue-1=0.98");
    lab.update(Msg::SetByParent { query: "eigenvalue-1=0.95".to_owned() });
    assert!(ghosts(&lab, FIGURE) == 0 && end(&lab) < 0.0);
}

#[test]
fn a_press_in_a_picture_moves_the_marked_place() {
    let mut lab = moving();
    let place = place_of(&lab, FIGURE, 40.0);
    pointer(&mut lab, FIGURE, Pointer::Down, place);
    pointer(&mut lab, FIGURE, Pointer::Up, place);
    assert_eq!(drawn(&lab, FIGURE).panels[0].cursor, Some(10.0));
    frame(&mut lab, 0.0);
    let way = frame(&mut lab, 50.0);
    let between = drawn(&lab, FIGURE).panels[0].cursor.expect("a marked place");
    assert!(way.redraw.contains(FIGURE) && between > 10.0 && between < 40.0, "{between}");
}

#[test]
fn a_press_on_the_way_begins_where_the_way_was() {
    let mut lab = moving();
    follow(&mut lab, "eigenvalue-1=0.98");
    frames(&mut lab, &[0.0, 60.0]);
    let on_the_way = line(&lab);
    follow(&mut lab, "eigenvalue-1=1.2");
    assert_eq!(line(&lab), on_the_way);
    frame(&mut lab, 5_000.0);
    frame(&mut lab, 5_200.0);
    assert!(end(&lab) > 1.0);
}

#[test]
fn what_is_not_seen_does_not_move_and_keeps_nobody_awake() {
    let mut lab = moving();
    follow(&mut lab, "eigenvalue-1=0.98");
    frames(&mut lab, &[0.0, 300.0]);
    visible(&mut lab, FIGURE, false);
    show(&mut lab, "workbench-training");
    let before = line(&lab);
    follow(&mut lab, "eigenvalue-1=0.95");
    assert!(!frame(&mut lab, 400.0).redraw.contains(FIGURE));
    frames(&mut lab, &[700.0]);
    // It comes into view at its end, with the lines that it had before.
    assert!(visible(&mut lab, FIGURE, true).redraw.contains(FIGURE));
    assert!(end(&lab) < -1.0, "{}", end(&lab));
    assert!(!frame(&mut lab, 716.0).redraw.contains(FIGURE));
    assert_eq!(drawn(&lab, FIGURE).panels[0].ghosts, [before]);
}

#[test]
fn on_paper_there_are_no_ghosts_and_nothing_is_on_its_way() {
    let mut lab = moving();
    follow(&mut lab, "eigenvalue-1=0.98");
    let effects = lab.update(Msg::Printing(true));
    assert!(effects.redraw.contains(FIGURE) && ghosts(&lab, FIGURE) == 0 && end(&lab) < 0.0);
}

#[test]
fn on_paper_all_is_light_and_afterwards_as_it_was() {
    let mut lab = Lab::new("theme=dark").0;
    assert_eq!(lab.update(Msg::Printing(true)).theme, Some(Theme::Light));
    assert_eq!(lab.update(Msg::Printing(false)).theme, Some(Theme::Dark));
    assert_eq!(lab.query(), "theme=dark");
}

#[test]
fn runs_that_are_reported_leave_no_ghosts() {
    let mut lab = moving();
    for figure in ["workbench-training", "training-loss", "workbench-gradient"] {
        show(&mut lab, figure);
    }
    follow(&mut lab, "spectral-radius=0.8");
    assert!(ghosts(&lab, "workbench-gradient") > 0);
    assert_eq!((ghosts(&lab, "workbench-training"), ghosts(&lab, "training-loss")), (0, 0));
}

/// The settings, one after the other.
const VIEWS: [&str; 5] = [
    "",
    "hidden-size=4&eigenvalue-1=0&eigenvalue-2=0&eigenvalue-3=0&eigenvalue-4=0&activation=linear&inputs=noise&cliff-step=0",
    "opening-gain=1.2&hidden-size=3&activation=linear&inputs=noise&eigenvalue-1=1.1&eigenvalue-2=-1.1&start=chosen&clip-norm=1&orthogonal-init=1&cliff-b=-2",
    "cell=lstm&hidden-size=16&forget-bias=2&recurrent=pytorch&inputs=noise&time=20",
    "recurrent=spectrum&departure=3&hidden-size=7&activation=relu&inputs=noise&sequence-length=30",
];

fn scenes(query: &str) -> Vec<Scene> {
    let model = Model::new(model::configs(open(query).settings()));
    figures::ALL.iter().map(|spec| (spec.scene)(&model)).collect()
}

#[test]
fn every_figure_has_a_way_from_settings_to_settings_that_have_little_in_common() {
    // Undefined numbers are not equal, but written alike.
    let written = |scene: &Scene| format!("{scene:?}");
    let csv = |scene: &Scene| Table::new(scene).to_csv();
    let axes = |panel: &Panel| [&panel.x, &panel.y].map(|axis| (axis.title.clone(), axis.scale));
    let views = VIEWS.map(scenes);
    let mut moved = BTreeSet::new();
    // Round, so that each is left once and arrived at once.
    for (from, to) in views.iter().zip(views.iter().cycle().skip(1)) {
        for ((from, to), spec) in from.iter().zip(to).zip(figures::ALL) {
            let start = tween::between(from, to, 0.0);
            assert_eq!(written(&tween::between(from, to, 1.0)), written(to), "{}", spec.slug);
            assert_eq!(written(&tween::between(to, to, 0.4)), written(to), "{}", spec.slug);
            for (old, panel) in from.panels.iter().zip(&start.panels).filter(|(old, panel)| axes(old) == axes(panel)) {
                assert!(old.x.range.is_none() || old.x.range == panel.x.range, "{}", spec.slug);
            }
            let ghosted = tween::with_ghosts(tween::between(from, to, 0.4), from);
            assert_eq!(csv(&tween::with_ghosts(to.clone(), from)), csv(to), "{}", spec.slug);
            if ghosted.panels.iter().any(|panel| !panel.ghosts.is_empty()) {
                moved.insert(spec.slug);
            }
        }
    }
    for slug in ["workbench-powers", "workbench-gradient", "eigenvalue-powers", "gradient-norms", "alignment-angle"] {
        assert!(moved.contains(slug), "{slug} leaves no ghost; {moved:?} do");
    }
}
