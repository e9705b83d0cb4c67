//! The built page in three browsers.
//!
//! `cargo xtask test` builds the page and says where it is in `VANISHING_DIST`. Every browser goes through the same
//! list of checks in one session; a failed check leaves a picture of the window and does not keep the next from running.

#![allow(clippy::print_stdout, reason = "each sentence is reported as it is checked")]

mod chapters;
mod embedded;
mod fields;
mod files;
mod hosting;
mod lecture;
mod moves;
mod presets;
mod quality;
mod seen;
mod training;
mod workbench;

use std::path::PathBuf;

use anyhow::{Context, Result};
use vanishing_tests::checks::{Check, run_all};
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;

/// In a browser of their own: after some dozens of pages WebKitGTK may leave what a service worker answers unread.
const ALONE: &[Check] =
    &[("without its server the page opens, of one version", hosting::without_its_server_the_page_opens)];

/// In this order; the last one looks back on all others.
const CHECKS: &[Check] = &[
    ("every figure is drawn and described", moves::every_figure_is_drawn_and_described),
    ("the studies have the bits of native code", moves::the_studies_have_the_bits_of_native_code),
    ("a dragged slider changes picture, label, readout and address", moves::a_dragged_slider_changes_everything),
    ("back and forward restore what was seen", moves::back_and_forward_restore_what_was_seen),
    ("an address shows to others what its owner saw", moves::an_address_shows_what_its_owner_saw),
    ("an arrow key moves a slider", moves::an_arrow_key_moves_a_slider),
    ("an eigenvalue is dragged in the picture", moves::an_eigenvalue_is_dragged_in_the_picture),
    ("an eigenvalue is pushed in the picture by keys", moves::an_eigenvalue_is_pushed_in_the_picture_by_keys),
    ("the start vector is dragged in the picture", moves::the_start_vector_is_dragged_in_the_picture),
    ("k is set by a press and a drag across a chart", moves::k_is_set_by_a_press_and_a_drag_across_a_chart),
    ("playing moves k, and pausing puts it into the address", moves::playing_moves_k),
    ("training answers while the radius is dragged", workbench::it_learns_while_the_radius_is_dragged),
    ("the workbench is used by keys", workbench::it_learns_by_keys),
    (
        "clipping rescues a run, and eight seeds are those of native code",
        workbench::clipping_rescues_and_the_bits_are_those_of_native_code,
    ),
    ("the workbench is embedded", workbench::it_is_embedded_without_what_is_hidden),
    ("a field shows the value of the state, whatever was typed", fields::a_field_shows_the_value_of_the_state),
    ("a confirmation goes by itself, and a link holds answers only when asked", fields::a_confirmation_goes_by_itself),
    ("clipping changes the readouts", moves::clipping_changes_the_readouts),
    ("an address that cannot be read is spoken of", moves::an_address_that_cannot_be_read_is_spoken_of),
    (
        "two networks train in workers, the clipped one learns, and both as natively",
        training::two_networks_train_in_workers,
    ),
    (
        "the largest singular values of a large network come from a worker",
        training::large_singular_values_come_from_a_worker,
    ),
    ("an embedded page has one worker for all its lanes", training::an_embedded_page_has_one_worker),
    ("a worker that dies is replaced, and the run is the same", training::a_worker_that_dies_is_replaced),
    (
        "a frame whose one worker dies, twice, trains on, and the runs are the same",
        training::a_frame_whose_one_worker_dies_trains_on,
    ),
    ("without workers the page trains itself, and says so", training::without_workers_the_page_trains_itself),
    ("an explosion is explained", training::an_explosion_is_explained),
    ("an experiment fills its table", training::an_experiment_fills_its_table),
    ("the cliff is played", chapters::the_cliff_is_played),
    ("the opening moves by itself, and its slider stops it", chapters::the_opening_moves),
    ("a guess is compared with what is true", chapters::a_guess_is_compared),
    ("a figure gives its table, its code and its link", chapters::a_figure_is_taken_away),
    ("a lesson is given without the mouse", chapters::a_lesson_is_given_without_the_mouse),
    ("what was done is undone by its button and by keys", chapters::what_was_done_is_undone),
    ("an address embeds a figure alone, with a control that is locked", embedded::an_address_embeds_a_figure),
    ("an element on another page is set, moved and read", embedded::an_element_on_another_page),
    (
        "an element on another origin is a figure, or says what the server has to send",
        embedded::an_element_on_another_origin,
    ),
    (
        "the HTML of the guide shows its figures on a page of another origin",
        embedded::the_lines_of_the_guide_show_their_figures,
    ),
    ("two figures follow a script of the page around them", embedded::two_figures_are_coupled),
    ("a network saved by PyTorch is dropped on the page", files::a_network_is_opened),
    (
        "another network of a file is chosen, and after a reload it is said to be gone",
        files::another_network_of_the_file_is_chosen_and_after_a_reload_it_is_gone,
    ),
    ("a file that is no network is one sentence, and nothing is lost", files::a_wrong_file_is_refused),
    ("the single file opens from disk and trains in workers", files::the_single_file_opens_from_disk),
    ("a frame that may run scripts and nothing else trains, and has its height", embedded::a_sandboxed_frame_trains),
    ("a frame with a parent of its own listens to no other", embedded::a_frame_listens_to_its_parent_alone),
    ("a deck of slides presents a lesson", embedded::a_deck_of_slides_presents),
    ("a lesson is given by a remote control, and gives back what was before", lecture::a_lesson_by_a_remote_control),
    ("a finger scrolls upwards and moves pictures sideways", lecture::a_finger_scrolls_upwards_and_moves_sideways),
    ("a finger on a slider scrolls upwards, and moves it sideways", lecture::a_finger_on_a_slider_scrolls_or_moves),
    ("the builder’s own code shows every control", lecture::the_builders_own_code_shows_every_control),
    (
        "the HTML of a Quarto page and of a Jupyter Book shows its figure",
        embedded::the_html_of_course_pages_shows_its_figure,
    ),
    ("a strict content security policy is enough", hosting::a_strict_policy_is_enough),
    ("axe finds nothing in any theme and mode", quality::axe_finds_nothing),
    (
        "the path is as short as promised, and what a preset changes is in view, from a desk and on a phone",
        presets::every_preset_is_seen,
    ),
    ("nothing is wider than the window, from a phone to a wall", quality::nothing_is_wider_than_the_window),
    ("a finger finds everything that it is to touch", quality::a_finger_finds_everything),
    ("nothing moves while the page is opened", quality::nothing_moves_while_the_page_is_opened),
    ("the memory does not grow while the page is used", quality::the_memory_does_not_grow),
    ("changes are timed", quality::changes_are_timed),
    ("the console has nothing to say", quality::the_console_has_nothing_to_say),
];

#[test]
fn chromium() -> Result<()> {
    run_checks(Engine::Chromium)
}

#[test]
fn firefox() -> Result<()> {
    run_checks(Engine::Firefox)
}

#[test]
fn webkit() -> Result<()> {
    run_checks(Engine::WebKit)
}

fn run_checks(engine: Engine) -> Result<()> {
    let dist = std::env::var_os("VANISHING_DIST")
        .context("VANISHING_DIST must name the folder of the built page; `cargo xtask test` sets it")?;
    let mut page = Page::start(engine, &PathBuf::from(dist))?;
    println!();
    // A page that does not come to life fails here at once, not once for every check.
    page.open("")?;
    println!("{}: live {:.0} ms after the navigation began", engine.name(), page.ready_time_ms()?);
    run_all(&mut page, &[ALONE, CHECKS], "failure")
}
