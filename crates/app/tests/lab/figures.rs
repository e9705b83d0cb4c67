//! Figures in and out of view; hands and keys on them.
use crate::support::{
    SIZE, act, enter, open, picture, place_of, place_of_handle, pointer, press_key, resize, show, slide, value, visible,
};
use vanishing_app::{Effects, Lab, Msg, Phase, Pointer};

const POWERS: &str = "eigenvalue-powers";
const LINE: &str = "eigenvalue-line";

fn redrawn(effects: &Effects) -> Vec<&'static str> {
    effects.redraw.iter().copied().collect()
}

/// A laboratory with one figure in view.
fn looking_at(figure: &str, query: &str) -> Lab {
    let mut lab = open(query);
    assert_eq!(redrawn(&show(&mut lab, figure)), [figure]);
    lab
}

#[test]
fn a_figure_is_drawn_once_it_has_a_size_and_is_seen_in_either_order() {
    for size_first in [true, false] {
        let mut lab = open("");
        let first = if size_first { resize(&mut lab, POWERS, SIZE) } else { visible(&mut lab, POWERS, true) };
        assert_eq!(redrawn(&first), [""; 0]);
        let second = if size_first { visible(&mut lab, POWERS, true) } else { resize(&mut lab, POWERS, SIZE) };
        assert_eq!(redrawn(&second), [POWERS]);
    }
}

#[test]
fn what_is_out_of_view_waits_until_it_is_seen() {
    let mut lab = looking_at(POWERS, "");
    visible(&mut lab, POWERS, false);
    let described = |effects: &Effects| effects.labels.iter().any(|(slug, _)| *slug == POWERS);
    let moving = slide(&mut lab, "eigenvalue-1", 0.5, Phase::Moving);
    assert_eq!((redrawn(&moving), described(&moving)), (vec![], false), "not while the hand moves");
    let done = slide(&mut lab, "eigenvalue-1", 0.6, Phase::Done);
    assert_eq!((redrawn(&done), described(&done)), (vec![], true), "its words are those of now when the hand rests");
    assert_eq!(redrawn(&visible(&mut lab, POWERS, true)), [POWERS]);
}

#[test]
fn what_did_not_change_out_of_view_is_not_drawn_again() {
    let mut lab = looking_at(POWERS, "");
    visible(&mut lab, POWERS, false);
    assert_eq!(visible(&mut lab, POWERS, true), Effects::default());
}

#[test]
fn new_colours_and_new_sizes_reach_what_was_out_of_view() {
    let mut lab = looking_at(POWERS, "");
    visible(&mut lab, POWERS, false);
    assert_eq!(redrawn(&lab.update(Msg::SystemTheme { dark: true })), [""; 0]);
    assert_eq!(redrawn(&visible(&mut lab, POWERS, true)), [POWERS]);
    visible(&mut lab, POWERS, false);
    assert_eq!(redrawn(&resize(&mut lab, POWERS, (300.0, 300.0, 1.0))), [""; 0]);
    assert_eq!(redrawn(&visible(&mut lab, POWERS, true)), [POWERS]);
}

#[test]
fn pressing_and_dragging_across_the_powers_moves_k() {
    let mut lab = looking_at(POWERS, "");
    let places: Vec<(f64, f64)> = [0.0, 20.0, 33.4, 50.0].iter().map(|k| place_of(&lab, POWERS, *k)).collect();
    let effects = pointer(&mut lab, POWERS, Pointer::Down, places[1]);
    assert!(effects.capture_pointer && !effects.handled, "a finger may still scroll the page");
    assert_eq!(value(&lab, "power"), "10", "a press alone may be the beginning of a swipe");
    let effects = pointer(&mut lab, POWERS, Pointer::Up, places[1]);
    assert_eq!(value(&lab, "power"), "20", "a press that ends where it began sets k");
    assert_eq!(redrawn(&effects), [POWERS]);
    pointer(&mut lab, POWERS, Pointer::Down, places[1]);
    assert!(pointer(&mut lab, POWERS, Pointer::Move, places[2]).handled);
    assert_eq!(value(&lab, "power"), "33");
    pointer(&mut lab, POWERS, Pointer::Move, (10_000.0, -50.0));
    assert_eq!(value(&lab, "power"), "50", "beyond the edge is the edge");
    pointer(&mut lab, POWERS, Pointer::Move, (-10_000.0, 5_000.0));
    assert_eq!(value(&lab, "power"), "0");
    pointer(&mut lab, POWERS, Pointer::Up, places[2]);
    assert_eq!(value(&lab, "power"), "0", "where it is let go does not count");
    let effects = pointer(&mut lab, POWERS, Pointer::Move, places[3]);
    assert_eq!((value(&lab, "power").as_str(), effects.handled), ("0", false), "nothing is held any more");
}

#[test]
fn a_press_beside_the_picture_takes_nothing() {
    let mut lab = looking_at(POWERS, "");
    let effects = pointer(&mut lab, POWERS, Pointer::Down, (1.0, SIZE.1 - 1.0));
    assert!(!effects.capture_pointer && !effects.handled);
    assert_eq!(lab.query(), "");
}

#[test]
fn a_figure_without_anything_to_move_is_not_grabbed() {
    let mut lab = looking_at("start-overlap", "");
    let effects = pointer(&mut lab, "start-overlap", Pointer::Down, (SIZE.0 / 2.0, SIZE.1 / 2.0));
    assert!(!effects.capture_pointer && effects.address.is_none());
}

#[test]
fn pointing_shows_the_values_there_and_leaving_takes_them_away() {
    let mut lab = looking_at(POWERS, "");
    let (here, near, there) =
        (place_of(&lab, POWERS, 20.0), place_of(&lab, POWERS, 20.1), place_of(&lab, POWERS, 30.0));
    let effects = pointer(&mut lab, POWERS, Pointer::Move, here);
    assert_eq!((redrawn(&effects), effects.handled), (vec![POWERS], false));
    assert_eq!(effects.cursors, [(POWERS, "ew-resize")]);
    assert_eq!(redrawn(&pointer(&mut lab, POWERS, Pointer::Move, near)), [""; 0], "the same values");
    assert_eq!(redrawn(&pointer(&mut lab, POWERS, Pointer::Move, there)), [POWERS]);
    assert_eq!(redrawn(&pointer(&mut lab, POWERS, Pointer::Leave, (-5.0, -5.0))), [POWERS]);
    assert_eq!(lab.query(), "", "pointing changes nothing");
}

#[test]
fn an_eigenvalue_is_dragged_along_its_line_in_steps_and_no_further_than_it_may() {
    let mut lab = looking_at(LINE, "");
    let start = place_of_handle(&lab, LINE, 1);
    let effects = pointer(&mut lab, LINE, Pointer::Down, start);
    assert!(effects.capture_pointer);
    assert_eq!(value(&lab, "eigenvalue-2"), "0.9", "taking hold moves nothing");
    pointer(&mut lab, LINE, Pointer::Move, place_of(&open(""), LINE, 0.4321));
    assert_eq!(lab.query(), "eigenvalue-2=0.43");
    // The line is as long as it was, and longer once the hand lets go.
    pointer(&mut lab, LINE, Pointer::Move, (-10_000.0, 0.0));
    pointer(&mut lab, LINE, Pointer::Move, (-20_000.0, 0.0));
    assert_eq!(lab.query(), "eigenvalue-2=-2.05");
    pointer(&mut lab, LINE, Pointer::Up, (0.0, 0.0));
    let start = place_of_handle(&lab, LINE, 1);
    pointer(&mut lab, LINE, Pointer::Down, start);
    pointer(&mut lab, LINE, Pointer::Move, (-10_000.0, 0.0));
    pointer(&mut lab, LINE, Pointer::Up, (0.0, 0.0));
    assert_eq!(lab.query(), "eigenvalue-2=-3");
}

#[test]
fn the_line_of_the_eigenvalues_stays_as_it_is_while_one_is_dragged_over_its_length() {
    let mut lab = looking_at(LINE, "");
    let start = place_of_handle(&lab, LINE, 0);
    pointer(&mut lab, LINE, Pointer::Down, start);
    let before = open("");
    for to in [1.5, 1.88, 1.92, 2.0, 1.6] {
        pointer(&mut lab, LINE, Pointer::Move, place_of(&before, LINE, to));
        assert_eq!(value(&lab, "eigenvalue-1"), to.to_string(), "the value is the one that is pointed at");
    }
    pointer(&mut lab, LINE, Pointer::Move, place_of(&before, LINE, 2.0));
    pointer(&mut lab, LINE, Pointer::Up, (0.0, 0.0));
    assert_eq!(lab.query(), "eigenvalue-1=2");
    // At rest there is room up to 3.
    assert_eq!(place_of_handle(&lab, LINE, 0), place_of_handle(&open("eigenvalue-1=2"), LINE, 0));
}

#[test]
fn a_shifted_spectrum_is_dragged_where_it_is_seen() {
    let mut lab = looking_at(LINE, "shift=0.5");
    let from = place_of_handle(&lab, LINE, 1);
    pointer(&mut lab, LINE, Pointer::Down, from);
    let to = place_of(&lab, LINE, 1.0);
    pointer(&mut lab, LINE, Pointer::Move, to);
    assert_eq!(value(&lab, "eigenvalue-2"), "0.5");
}

#[test]
fn dragging_the_start_chooses_it_by_hand_in_one_entry() {
    let mut lab = looking_at("iterate", "hidden-size=2");
    let from = place_of_handle(&lab, "iterate", 0);
    let (_, layout) = picture(&lab, "iterate");
    let panel = &layout.panels[0];
    let to = (panel.x.to_pixel(0.5).unwrap() / SIZE.2, panel.y.to_pixel(-0.25).unwrap() / SIZE.2);
    pointer(&mut lab, "iterate", Pointer::Down, from);
    let effects = pointer(&mut lab, "iterate", Pointer::Move, to);
    assert_eq!(value(&lab, "start"), "chosen");
    assert_eq!((value(&lab, "start-across").as_str(), value(&lab, "start-along").as_str()), ("0.5", "-0.25"));
    assert_eq!(effects.address.unwrap().query, lab.query());
}

#[test]
fn arrows_go_from_value_to_value_and_read_them_out() {
    let mut lab = looking_at(POWERS, "");
    let said = |effects: Effects| {
        assert!(effects.handled);
        assert_eq!(redrawn(&effects), [POWERS]);
        effects.announce.unwrap()
    };
    assert!(said(press_key(&mut lab, POWERS, "ArrowRight")).starts_with("power k = 10:"), "it begins at the mark");
    assert!(said(press_key(&mut lab, POWERS, "ArrowRight")).starts_with("power k = 11:"));
    assert!(said(press_key(&mut lab, POWERS, "ArrowLeft")).starts_with("power k = 10:"));
    let far = lab.update(Msg::Key { figure: POWERS.to_owned(), key: "ArrowRight".to_owned(), shift: true });
    let far = said(far);
    assert!(far.starts_with("power k = 20:") && far.contains("λ₁ = 1.05"), "{far}");
    assert_eq!(lab.query(), "", "reading changes nothing");
    let effects = press_key(&mut lab, POWERS, "Enter");
    assert_eq!((effects.address.unwrap().query.as_str(), effects.handled), ("power=20", true));
    assert!(press_key(&mut lab, POWERS, "Escape").handled);
    assert!(!press_key(&mut lab, POWERS, "Escape").handled, "nothing is left to let go of");
}

#[test]
fn the_ends_of_a_figure_are_ends_for_the_keys() {
    let mut lab = looking_at(POWERS, "power=50");
    for _ in 0..3 {
        press_key(&mut lab, POWERS, "ArrowRight");
    }
    assert!(press_key(&mut lab, POWERS, "ArrowRight").announce.unwrap().starts_with("power k = 50:"));
}

#[test]
fn what_is_read_out_is_what_is_there_after_a_change() {
    let mut lab = looking_at(POWERS, "");
    press_key(&mut lab, POWERS, "ArrowRight");
    enter(&mut lab, "eigenvalue-1", "1");
    press_key(&mut lab, POWERS, "ArrowRight");
    let back = press_key(&mut lab, POWERS, "ArrowLeft").announce.unwrap();
    assert!(back.starts_with("power k = 10:") && back.contains("λ₁ = 1 1"), "{back}");
}

#[test]
fn other_keys_are_left_to_the_browser() {
    let mut lab = looking_at(POWERS, "");
    for key in ["ArrowUp", "ArrowDown", "Tab", "a", " ", "PageDown"] {
        assert!(!press_key(&mut lab, POWERS, key).handled, "{key}");
    }
    assert!(!press_key(&mut open(""), POWERS, "ArrowRight").handled, "a figure that was never seen takes no keys");
}

#[test]
fn an_eigenvalue_is_chosen_with_enter_and_pushed_with_arrows() {
    let mut lab = looking_at(LINE, "");
    assert!(press_key(&mut lab, LINE, "Enter").handled);
    press_key(&mut lab, LINE, "ArrowRight");
    assert_eq!(lab.query(), "eigenvalue-1=1.06");
    press_key(&mut lab, LINE, "Enter");
    let far = lab.update(Msg::Key { figure: LINE.to_owned(), key: "ArrowDown".to_owned(), shift: true });
    assert!(far.handled);
    assert_eq!(lab.query(), "eigenvalue-1=1.06&eigenvalue-2=0.8");
    assert!(press_key(&mut lab, LINE, "Escape").handled);
    press_key(&mut lab, LINE, "ArrowRight");
    assert_eq!(lab.query(), "eigenvalue-1=1.06&eigenvalue-2=0.8", "it was let go of");
}

#[test]
fn a_drag_that_is_let_go_of_out_of_view_is_over() {
    let mut lab = looking_at(POWERS, "");
    let places = [20.0, 30.0].map(|k| place_of(&lab, POWERS, k));
    pointer(&mut lab, POWERS, Pointer::Down, places[0]);
    visible(&mut lab, POWERS, false);
    enter(&mut lab, "hidden-size", "3");
    pointer(&mut lab, POWERS, Pointer::Up, places[0]);
    visible(&mut lab, POWERS, true);
    let power = value(&lab, "power");
    assert!(!pointer(&mut lab, POWERS, Pointer::Move, places[1]).handled);
    assert_eq!(value(&lab, "power"), power);
}

#[test]
fn no_size_is_too_odd_to_be_pointed_at() {
    let odd = [0.0, 1.0, -5.0, 1e9, f64::NAN, f64::INFINITY];
    for figure in [POWERS, LINE, "iterate", "gradient-norms", "spectrum", "saturation", "gates"] {
        let mut lab = looking_at(figure, "");
        for (width, height) in odd.iter().flat_map(|width| odd.iter().map(move |height| (*width, *height))) {
            resize(&mut lab, figure, (width, height, 2.0));
            for kind in [Pointer::Move, Pointer::Down, Pointer::Move, Pointer::Up, Pointer::Leave] {
                pointer(&mut lab, figure, kind, (height / 2.0, width / 2.0));
            }
            press_key(&mut lab, figure, "ArrowRight");
        }
    }
}

#[test]
fn every_figure_has_a_table_of_what_it_shows() {
    let lab = open("");
    for figure in lab.figures() {
        let table = lab.table(figure.slug).unwrap();
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", figure.slug);
    }
    assert!(lab.table("nobody").is_none());
}

#[test]
fn what_is_pointed_at_in_one_figure_over_k_is_pointed_at_in_the_others() {
    const ANGLE: &str = "alignment-angle";
    const GRADIENTS: &str = "gradient-norms";
    let mut lab = looking_at(POWERS, "");
    for slug in [ANGLE, GRADIENTS] {
        visible(&mut lab, slug, true);
        resize(&mut lab, slug, SIZE);
    }
    let place = place_of(&lab, POWERS, 20.0);
    assert_eq!(redrawn(&pointer(&mut lab, POWERS, Pointer::Move, place)), [ANGLE, POWERS], "not over another axis");
    assert_eq!(redrawn(&pointer(&mut lab, POWERS, Pointer::Leave, (-5.0, -5.0))), [ANGLE, POWERS], "and taken away");
}

#[test]
fn the_arrow_keys_walk_through_the_cells_of_both_matrices() {
    const MATRICES: &str = "matrix-powers";
    let mut lab = looking_at(MATRICES, "hidden-size=2");
    let mut said = Vec::new();
    for _ in 0..6 {
        let effects = lab.update(Msg::Key { figure: MATRICES.into(), key: "ArrowRight".into(), shift: false });
        said.push(effects.announce.unwrap_or_default());
    }
    for (sentence, place) in
        said.iter().zip(["row 1, column 1", "row 1, column 2", "row 2, column 1", "row 2, column 2"])
    {
        assert!(sentence.starts_with(place) && sentence.contains("M, of"), "{sentence}");
    }
    assert!(said[4].starts_with("row 1, column 1") && said[4].contains("M¹⁰"), "{}", said[4]);
}

#[test]
fn dragging_the_start_on_the_cliff_moves_both_its_coordinates() {
    let mut lab = open("");
    show(&mut lab, "cliff");
    let from = place_of_handle(&lab, "cliff", 0);
    pointer(&mut lab, "cliff", Pointer::Down, from);
    pointer(&mut lab, "cliff", Pointer::Move, (from.0 - 60.0, from.1 + 50.0));
    pointer(&mut lab, "cliff", Pointer::Up, (from.0 - 60.0, from.1 + 50.0));
    let (w, b): (f64, f64) = (value(&lab, "cliff-w").parse().unwrap(), value(&lab, "cliff-b").parse().unwrap());
    assert!(w < 5.15 && b < -2.65, "{w} {b}");
}

#[test]
fn a_press_in_the_figure_over_the_steps_of_the_descents_shows_so_many() {
    let mut lab = open("");
    show(&mut lab, "cliff-descent");
    let place = place_of(&lab, "cliff-descent", 44.0);
    pointer(&mut lab, "cliff-descent", Pointer::Down, place);
    pointer(&mut lab, "cliff-descent", Pointer::Up, place);
    assert_eq!(value(&lab, "cliff-step"), "44");
    let (scene, _) = picture(&lab, "cliff");
    assert!(!scene.summary.contains("out of the picture"), "{}", scene.summary);
    act(&mut lab, "cliff-step");
    let (scene, _) = picture(&lab, "cliff");
    assert!(scene.summary.contains("out of the picture") && scene.remark.starts_with("Step 45"), "{}", scene.summary);
}
