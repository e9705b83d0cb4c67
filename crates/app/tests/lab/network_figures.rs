//! The figures of the network: over time, pointed at together; the spectrum, dragged.
use crate::support::{
    SIZE, open, picture, place_of, place_of_handle, pointer, press_key, resize, show, value, visible,
};
use vanishing_app::{Lab, Pointer, model};
use vanishing_charts::scene::{Mark, Moves, Scene, Series};
use vanishing_charts::{Model, figures};

const SPECTRUM: &str = "spectrum";
const NORMS: &str = "gradient-norms";
const SATURATION: &str = "saturation";
const OVER_TIME: [&str; 6] =
    ["gates", "gradient-direction", NORMS, "jacobian-singular-values", SATURATION, "weight-gradient"];
const GENERAL: &str = "recurrent=spectrum&hidden-size=6";

/// Settings at the ends of what there is.
const EXTREMES: [&str; 13] = [
    "task=copying&sequence-length=1&hidden-size=1",
    "task=copying&sequence-length=1&hidden-size=1&cell=lstm&layers=3",
    "sequence-length=2&recurrent=spectrum&hidden-size=3&pair-1-re=0&pair-1-im=0",
    "eigenvalue-1=0&eigenvalue-2=0&eigenvalue-3=0&eigenvalue-4=0&hidden-size=4",
    "eigenvalue-1=0&eigenvalue-2=0&eigenvalue-3=0&eigenvalue-4=0&hidden-size=4&inputs=zero&activation=relu",
    "recurrent=identity&gain=5&sequence-length=1000&hidden-size=8",
    "recurrent=identity&gain=5&sequence-length=1000&activation=relu&hidden-size=4&loss-at=every",
    "recurrent=gaussian&gain=5&activation=tanh&sequence-length=300&hidden-size=8",
    "recurrent=gaussian&gain=0&hidden-size=4",
    "recurrent=gaussian&gain=0.01&sequence-length=1000&hidden-size=4&cell=gru",
    "recurrent=spectrum&departure=20&hidden-size=2&activation=sigmoid",
    "cell=lstm&hidden-size=256&sequence-length=12&inputs=task&task=copying&forget-bias=5",
    "eigenvalue-1=1.1&eigenvalue-2=-1.1&hidden-size=2&orthogonal-init=1&clip-norm=1",
];

/// A linear network, a hundred steps long, that reads noise; but for what the query says.
fn network(query: &str) -> Lab {
    open(&format!("activation=linear&sequence-length=100&inputs=noise&{query}"))
}

fn scene(query: &str, figure: &str) -> Scene {
    picture(&network(query), figure).0
}

/// A laboratory with these figures in view.
fn looking_at(slugs: &[&str], query: &str) -> Lab {
    let mut lab = network(query);
    slugs.iter().for_each(|slug| drop(show(&mut lab, slug)));
    lab
}

fn series<'a>(scene: &'a Scene, name: &str) -> Option<&'a Series> {
    scene.panels.iter().flat_map(|panel| &panel.marks).find_map(|mark| match mark {
        Mark::Series(series) if series.name == name => Some(series),
        _ => None,
    })
}

#[test]
fn a_pair_that_is_dragged_moves_both_of_its_parameters() {
    let mut lab = looking_at(&[SPECTRUM], GENERAL);
    let from = place_of_handle(&lab, SPECTRUM, 0);
    let (_, layout) = picture(&lab, SPECTRUM);
    let panel = &layout.panels[0];
    let to = (panel.x.to_pixel(-0.25).unwrap() / SIZE.2, panel.y.to_pixel(0.5).unwrap() / SIZE.2);
    pointer(&mut lab, SPECTRUM, Pointer::Down, from);
    pointer(&mut lab, SPECTRUM, Pointer::Move, to);
    assert_eq!((value(&lab, "pair-1-re").as_str(), value(&lab, "pair-1-im").as_str()), ("-0.25", "0.5"));
    let eigenvalues = Model::new(model::configs(lab.settings())).recurrence().blocks[0].eigenvalues.clone();
    for conjugate in [0.5, -0.5] {
        let near = |(re, im): &(f64, f64)| (re + 0.25).abs() + (im - conjugate).abs() < 1e-9;
        assert!(eigenvalues.iter().any(near), "{eigenvalues:?}");
    }
}

#[test]
fn below_the_real_axis_a_pair_is_the_mirrored_one() {
    let above = Model::new(model::configs(network(GENERAL).settings()));
    let lab = network(&format!("{GENERAL}&pair-1-im=-0.6"));
    let below = Model::new(model::configs(lab.settings()));
    assert_eq!(above.recurrence(), below.recurrence());
    let (scene, _) = picture(&lab, SPECTRUM);
    assert!(scene.panels[0].handles[0].at.1 < 0.0, "the handle stays under the hand");
}

#[test]
fn in_an_odd_number_of_dimensions_the_smallest_pair_is_one_real_eigenvalue() {
    let handles = scene("recurrent=spectrum&hidden-size=5", SPECTRUM).panels[0].handles.clone();
    assert_eq!(handles.len(), 3);
    assert!(matches!(&handles[2].moves, Moves::X(key) if key == "pair-3-re"), "{:?}", handles[2]);
    assert!(handles[..2].iter().all(|handle| matches!(handle.moves, Moves::Both(..))));
}

#[test]
fn real_eigenvalues_are_dragged_where_a_shift_put_them() {
    let mut lab = looking_at(&[SPECTRUM], "shift=0.5&hidden-size=4");
    let from = place_of_handle(&lab, SPECTRUM, 1);
    pointer(&mut lab, SPECTRUM, Pointer::Down, from);
    let to = place_of(&lab, SPECTRUM, 1.0);
    pointer(&mut lab, SPECTRUM, Pointer::Move, to);
    assert_eq!(value(&lab, "eigenvalue-2"), "0.5");
}

#[test]
fn an_eigenvalue_that_is_scaled_is_dragged_where_it_is_seen_and_the_others_stay() {
    let mut lab = looking_at(&[SPECTRUM], "hidden-size=4&rescale=1&spectral-radius=2.1");
    let from = place_of_handle(&lab, SPECTRUM, 1);
    pointer(&mut lab, SPECTRUM, Pointer::Down, from);
    let to = place_of(&lab, SPECTRUM, 1.0);
    pointer(&mut lab, SPECTRUM, Pointer::Move, to);
    let values = ["eigenvalue-1", "eigenvalue-2", "eigenvalue-3", "eigenvalue-4", "rescale"];
    assert_eq!(values.map(|key| value(&lab, key)), ["2.1", "1", "-1.4", "0.8", "0"]);
}

#[test]
fn what_is_not_chosen_cannot_be_dragged() {
    for query in ["recurrent=orthogonal", "recurrent=gaussian&rescale=1"] {
        assert!(scene(query, SPECTRUM).panels[0].handles.is_empty(), "{query}");
    }
    assert_eq!(scene("hidden-size=2", SPECTRUM).panels[0].handles.len(), 2, "only those that the matrix has");
}

#[test]
fn a_time_step_pointed_at_in_one_figure_is_marked_in_all_and_in_all_their_panels() {
    for cell in ["cell=lstm&hidden-size=8", "hidden-size=8"] {
        let over_time: Vec<&str> =
            OVER_TIME.iter().copied().filter(|slug| *slug != "gates" || cell.starts_with("cell")).collect();
        let mut lab = looking_at(&[&over_time[..], &[SPECTRUM, "eigenvalue-powers"]].concat(), cell);
        let place = place_of(&lab, NORMS, 37.0);
        let effects = pointer(&mut lab, NORMS, Pointer::Move, place);
        assert_eq!(effects.redraw.iter().copied().collect::<Vec<_>>(), over_time);
        let again = pointer(&mut lab, NORMS, Pointer::Move, (place.0, place.1 + 3.0));
        assert!(!again.redraw.iter().any(|slug| *slug != NORMS), "the others have it already");
        let effects = pointer(&mut lab, NORMS, Pointer::Leave, (-5.0, -5.0));
        assert_eq!(effects.redraw.iter().copied().collect::<Vec<_>>(), over_time, "and taken away");
    }
}

#[test]
fn the_marks_that_are_shared_come_with_their_values() {
    for slug in OVER_TIME {
        let (scene, layout) = picture(&network("cell=lstm&hidden-size=8"), slug);
        let picks = layout.picks_along(&scene, "time", 37.0);
        assert_eq!(picks.len(), scene.panels.len(), "{slug}");
        for pick in picks {
            assert_eq!(pick.x, 37.0, "{slug}");
            let matrix = scene.panels[pick.panel].marks.iter().any(|mark| matches!(mark, Mark::Heatmap { .. }));
            assert_eq!(pick.rows.is_empty(), matrix, "{slug}: {pick:?}");
        }
    }
}

#[test]
fn between_its_points_a_line_says_about_where_it_runs() {
    let (scene, layout) = picture(&network("recurrent=orthogonal&hidden-size=8"), "jacobian-singular-values");
    let pick = layout.pick_at(&scene, 0, 40.0).unwrap();
    assert_eq!(pick.rows.len(), 9);
    assert!(pick.rows[..8].iter().all(|(_, value, _)| value.starts_with("≈ ")), "{:?}", pick.rows);
    assert!(!pick.rows[8].1.starts_with('≈'), "the gradient is measured at every step");
}

#[test]
fn singular_values_that_are_gone_for_any_purpose_do_not_squeeze_those_that_grow() {
    let (scene, layout) = picture(&network("eigenvalue-1=1.2"), "jacobian-singular-values");
    let (low, high) = scene.panels[0].y.range.unwrap();
    assert!(high - low < 40.0, "{low} {high}");
    // They leave the picture below, and stay in the table.
    let smallest = scene.panels[0].marks.iter().filter_map(|mark| match mark {
        Mark::Series(series) => series.points.first().map(|point| point.1),
        _ => None,
    });
    assert!(smallest.fold(0.0, f64::min) < low - 20.0);
    assert!(layout.pick_at(&scene, 0, 0.0).is_some());
}

#[test]
fn a_press_in_any_figure_over_time_sets_t() {
    for slug in OVER_TIME {
        let mut lab = looking_at(&[slug], "cell=gru&hidden-size=8");
        let place = place_of(&lab, slug, 40.0);
        pointer(&mut lab, slug, Pointer::Down, place);
        pointer(&mut lab, slug, Pointer::Up, place);
        assert_eq!(value(&lab, "time"), "40", "{slug}");
        assert!(picture(&lab, slug).0.panels.iter().all(|panel| panel.cursor == Some(40.0)), "{slug}");
    }
}

#[test]
fn a_state_is_named_by_its_unit_and_its_time() {
    let (scene, layout) = picture(&network("hidden-size=64&sequence-length=20"), SATURATION);
    let panel = &layout.panels[1];
    let at = (panel.x.to_pixel(7.0).unwrap(), panel.y.to_pixel(3.0).unwrap());
    let pick = layout.pick(&scene, at.0, at.1).unwrap();
    assert_eq!((pick.x_text.as_str(), pick.x), ("time step t = 7, hidden unit j = 5", 7.0));
    let table = network("hidden-size=64&sequence-length=20").table(SATURATION).unwrap();
    let first = table.headings().iter().position(|heading| heading == "hidden unit j").unwrap();
    let row = table.rows.iter().find(|row| row[first].is_some()).unwrap();
    assert_eq!((row[first], row[first + 1]), (Some(1.0), Some(0.0)));
}

#[test]
fn arrow_keys_read_the_gradient_step_by_step() {
    let mut lab = looking_at(&[NORMS], "time=99");
    let said = press_key(&mut lab, NORMS, "ArrowRight").announce.unwrap();
    assert!(said.starts_with("time step t = 99: ") && said.contains("measured"), "{said}");
    press_key(&mut lab, NORMS, "ArrowLeft");
    press_key(&mut lab, NORMS, "Enter");
    assert_eq!(value(&lab, "time"), "98");
}

#[test]
fn a_gradient_that_becomes_zero_lies_in_the_gutter_and_is_called_vanished() {
    let query = EXTREMES[3];
    let (scene, layout) = picture(&network(query), NORMS);
    assert!(layout.panels[0].y.gutter_low.is_some());
    assert!(scene.summary.contains("exactly zero"), "{}", scene.summary);
    let direction = self::scene(query, "gradient-direction");
    let points = &series(&direction, "to gₜ₊₁").unwrap().points;
    assert!(points[..99].iter().all(|point| point.1.is_nan()), "zero has no direction");
    let weights = self::scene(query, "weight-gradient");
    assert!(weights.summary.contains("come from the last of 100 time steps"), "{}", weights.summary);
}

#[test]
fn slopes_far_from_what_is_measured_do_not_flatten_it() {
    let scene = scene("recurrent=gaussian&gain=1&sequence-length=1000&hidden-size=16", NORMS);
    let (low, high) = scene.panels[0].y.range.unwrap();
    let heights = series(&scene, "measured").unwrap().points.iter().map(|point| point.1);
    let (least, most) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
    assert!(high - low < 1.8 * (most - least), "{low} {high} for {least} {most}");
}

#[test]
fn a_cell_with_gates_has_the_gradient_of_its_cell_state_and_no_slope() {
    let lstm = scene("cell=lstm", NORMS);
    assert!(series(&lstm, "‖∂L/∂cₜ‖").is_some());
    assert!(lstm.panels[0].marks.iter().all(|mark| !matches!(mark, Mark::Text { .. })));
    let layered = scene("layers=3", NORMS);
    assert!(["layer 1", "layer 2", "layer 3"].iter().all(|name| series(&layered, name).is_some()));
}

#[test]
fn a_direction_that_leads_is_what_a_linear_gradient_turns_to() {
    let scene = scene("hidden-size=8&eigenvalue-1=1.2", "gradient-direction");
    let points = &series(&scene, "to v₁").unwrap().points;
    assert!(points[0].1 > 0.999_999, "{:?}", points[0]);
    let several = self::scene("recurrent=orthogonal", "gradient-direction");
    assert!(series(&several, "to v₁").is_none() && several.remark.contains("no single direction"));
}

#[test]
fn a_state_that_is_too_large_for_all_singular_values_says_what_is_shown_until_they_come() {
    let scene = scene("hidden-size=65", "jacobian-singular-values");
    assert!(
        scene.remark.contains("10 largest singular values are computed while they are looked at"),
        "{}",
        scene.remark
    );
    assert!(series(&scene, "σ₁").is_none() && series(&scene, "gradient").is_some());
}

#[test]
fn every_figure_of_the_network_stands_the_ends_of_every_parameter() {
    for query in EXTREMES {
        let mut lab = network(query);
        for slug in OVER_TIME.iter().chain(&[SPECTRUM]) {
            let spec = figures::find(slug).unwrap();
            let scene = (spec.scene)(&Model::new(model::configs(lab.settings())));
            assert!(
                scene.summary.ends_with('.') && !scene.summary.contains("NaN"),
                "{query} {slug}: {}",
                scene.summary
            );
            for panel in &scene.panels {
                let shown = panel.marks.iter().any(|mark| match mark {
                    Mark::Series(series) => series.points.iter().any(|point| !point.1.is_nan()),
                    Mark::Heatmap { values, .. } => values.iter().any(|value| !value.is_nan()),
                    _ => false,
                });
                assert!(shown || !scene.remark.is_empty(), "{query} {slug}: an empty panel without a word");
                let range = panel.y.range.unwrap_or((0.0, 1.0));
                assert!(range.0.is_finite() && range.1.is_finite() && range.0 != range.1, "{query} {slug}");
            }
            assert!(lab.table(slug).is_some());
            resize(&mut lab, slug, SIZE);
            visible(&mut lab, slug, true);
            pointer(&mut lab, slug, Pointer::Move, (SIZE.0 / 2.0, SIZE.1 / 2.0));
        }
    }
}
