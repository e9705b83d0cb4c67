//! What the application asked for, done.
use crate::page::Page;
use crate::{
    address, beside, clipboard, dom, inbox, laboratory, opened_network, own_picture, parent, presenter, reading,
    screen, takeaway,
};
use vanishing_app::{Download, Effects, EvidenceTable, LaneTab, Msg, OpenedPanel, Parts, PipelineBox};
use vanishing_charts::Theme;
use vanishing_core::param::Notice;
use wasm_bindgen::prelude::*;
use web_sys::Document;

/// Performs effects, one after the other. What the DOM refuses (it does not) is said in the console, and the rest done.
pub fn perform(page: &mut Page, effects: Effects) {
    let Effects {
        redraw,
        controls,
        readouts,
        labels,
        rows,
        cursors,
        address: new_address,
        notices,
        announce,
        copy_query,
        wants_seed,
        animate,
        plays,
        theme,
        work,
        lanes,
        pipeline,
        evidence,
        training,
        experiment,
        stretches,
        read,
        opened,
        download,
        stage,
        fullscreen,
        lecturer,
        help,
        focus,
        preset,
        sheets,
        picture,
        copy_text,
        // Both were answered when the event happened.
        handled: _,
        capture_pointer: _,
    } = effects;
    parent::speak_to(&page.lab.embedding().parent);
    if beside::is_paired() && (stage.is_some() || !controls.is_empty()) {
        beside::tell(&page.lab.place());
    }
    // A picture stands in one place.
    let may_move = stage.is_some() || opened.is_some();
    if let Some(stage) = stage {
        own_picture::give_back();
        check(page.lent.show(&page.document, stage.as_ref()));
        // Another figure is looked at from where it was.
        page.canvases.rescaled().into_iter().for_each(inbox::post);
    }
    if let Some(all) = fullscreen.filter(|_| screen::may_fill()) {
        screen::fill(&page.document, all);
    }
    if lecturer {
        beside::open(&page.lab.query(), page.lab.place());
    }
    // Before anything else: each text of a picture makes the browser bring its styles up to date, which costs nothing
    // as long as nothing on the page has changed.
    for slug in redraw {
        page.canvases.draw(&page.lab, slug);
    }
    if let Some(theme) = theme {
        wear(page, theme);
    }
    check(page.controls.update(&controls));
    check(page.equations.update(&controls));
    show_texts(page, &readouts, &labels);
    for (slug, rows) in rows {
        check(page.canvases.rows(slug, rows));
    }
    show_laboratory(&page.document, lanes, pipeline, evidence, training, experiment);
    if let Some(stretches) = stretches {
        check(reading::show(&page.document, &stretches));
    }
    exchange_files(&page.document, read, opened, download);
    if may_move && own_picture::settle(&page.document).unwrap_or(false) {
        page.canvases.rescaled().into_iter().for_each(inbox::post);
    }
    guide(page, help, focus, preset);
    for sheet in &sheets {
        check(takeaway::show(&page.document, sheet));
    }
    if let Some(slug) = picture {
        check(takeaway::save_picture(&page.document, &page.lab, slug));
    }
    for order in work {
        page.workers.take(order);
    }
    for (slug, cursor) in &cursors {
        check(page.canvases.cursor(slug, cursor));
    }
    say(page, notices, announce);
    if let Some(address) = new_address {
        page.address.pace.offer(address);
        page.write_address();
    }
    for text in [copy_query.map(|query| address::link(&query)), copy_text].into_iter().flatten() {
        clipboard::copy(text);
    }
    if wants_seed {
        draw_seed();
    }
    if let Some(animate) = animate {
        page.animate(animate);
    }
    for (button, on) in plays {
        page.plays(button, on);
    }
}

/// The numbers of the text, and what the figures are called.
fn show_texts(page: &mut Page, readouts: &[(&str, String)], labels: &[(&str, String)]) {
    for (name, text) in readouts {
        page.readouts.show(name, text);
    }
    for (slug, sentence) in labels {
        check(page.canvases.label(slug, sentence));
    }
}

/// The parts of chapter 4 that are no figures.
fn show_laboratory(
    document: &Document,
    lanes: Option<Vec<LaneTab>>,
    pipeline: Option<Vec<PipelineBox>>,
    evidence: Option<EvidenceTable>,
    training: Option<bool>,
    experiment: Option<(f64, bool)>,
) {
    if let Some(tabs) = lanes {
        check(laboratory::show_lanes(document, &tabs));
    }
    if let Some(boxes) = pipeline {
        check(laboratory::show_pipeline(document, &boxes));
    }
    if let Some(table) = evidence {
        check(laboratory::show_evidence(document, &table));
    }
    if let Some(running) = training {
        laboratory::show_training(document, running);
    }
    if let Some((share, going)) = experiment {
        laboratory::show_experiment(document, share, going);
    }
}

/// Files that are read, what is said of the one that is open, and files for the reader.
fn exchange_files(document: &Document, read: Option<Parts>, opened: Option<OpenedPanel>, download: Option<Download>) {
    if let Some(parts) = read {
        opened_network::read(&parts);
    }
    if let Some(panel) = opened {
        check(opened_network::show(document, &panel));
    }
    if let Some(file) = download {
        check(takeaway::download(document, &file));
    }
}

/// Where keys lead: to the help, to a control, to a preset of a chapter.
fn guide(page: &mut Page, help: bool, focus: Option<&str>, preset: Option<(String, usize)>) {
    if help {
        check(presenter::toggle_help(&page.document, vanishing_app::help::help));
    }
    if let Some(key) = focus {
        page.controls.focus(key);
    }
    if let Some((chapter, number)) = preset
        && let Some(query) = presenter::preset(&page.document, &chapter, number)
    {
        inbox::post(Msg::Follow { query });
    }
}

/// Sentences on the page, and for screen readers alone.
fn say(page: &mut Page, notices: Option<Vec<Notice>>, announce: Option<String>) {
    if let Some(notices) = notices {
        check(page.notices.show(&notices));
    }
    if let Some(sentence) = announce {
        page.notices.announce(&sentence);
    }
}

/// Asks the browser for a seed.
fn draw_seed() {
    // Without random numbers there is no new seed, and the page goes on with the old one.
    match getrandom::u32() {
        Ok(seed) => inbox::post(Msg::Seed { seed }),
        Err(why) => dom::complain(&why.to_string()),
    }
}

fn wear(page: &Page, theme: Theme) {
    let name = match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Projector => "projector",
    };
    if let Some(root) = page.document.document_element() {
        check(root.set_attribute("data-theme", name));
        // A theme may have larger text, and the pictures go with it.
        inbox::post(Msg::TextSize { text: dom::text_size(&page.document) });
    }
}

fn check(done: Result<(), JsValue>) {
    if let Err(why) = done {
        web_sys::console::error_1(&why);
    }
}
