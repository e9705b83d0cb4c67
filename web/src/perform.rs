//! What the application asked for, done.
use crate::shell::{self, Shell};
use crate::{clipboard, dom, laboratory, own as own_network, presenter, takeaway};
use vanishing_app::{Effects, Msg};
use vanishing_charts::Theme;
use wasm_bindgen::prelude::*;

/// Performs effects, one after the other. What the DOM refuses (it does not) is said in the console, and the rest done.
pub fn perform(shell: &mut Shell, effects: Effects) {
    let Effects {
        redraw,
        controls,
        readouts,
        labels,
        cursors,
        address,
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
        read,
        own,
        download,
        stage,
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
    if let Some(stage) = stage {
        check(shell.lent.show(&shell.document, stage.as_ref()));
    }
    // Before anything else: each text of a picture makes the browser bring its styles up to date, which costs nothing
    // as long as nothing on the page has changed.
    for slug in redraw {
        shell.canvases.draw(&shell.lab, slug);
    }
    if let Some(theme) = theme {
        wear(shell, theme);
    }
    check(shell.controls.update(&controls));
    check(shell.equations.update(&controls));
    for (name, text) in &readouts {
        shell.readouts.show(name, text);
    }
    for (slug, sentence) in &labels {
        check(shell.canvases.label(slug, sentence));
    }
    if let Some(tabs) = lanes {
        check(laboratory::show_lanes(&shell.document, &tabs));
    }
    if let Some(boxes) = pipeline {
        check(laboratory::show_pipeline(&shell.document, &boxes));
    }
    if let Some(table) = evidence {
        check(laboratory::show_evidence(&shell.document, &table));
    }
    if let Some(running) = training {
        laboratory::show_training(&shell.document, running);
    }
    if let Some(share) = experiment {
        laboratory::show_experiment(&shell.document, share);
    }
    if let Some(ranges) = read {
        own_network::read(&ranges);
    }
    if let Some(panel) = own {
        check(own_network::show(&shell.document, &panel));
    }
    if let Some(file) = download {
        check(takeaway::download(&shell.document, &file));
    }
    if help {
        check(presenter::toggle_help(&shell.document, vanishing_app::help::help));
    }
    if let Some(key) = focus {
        shell.controls.focus(key);
    }
    if let Some((chapter, number)) = preset
        && let Some(query) = presenter::preset(&shell.document, &chapter, number)
    {
        shell::post(Msg::Follow { query });
    }
    for sheet in &sheets {
        check(takeaway::show(&shell.document, sheet));
    }
    if let Some(slug) = picture {
        check(takeaway::save_picture(&shell.document, &shell.lab, slug));
    }
    for order in work {
        shell.workers.take(order);
    }
    for (slug, cursor) in &cursors {
        check(shell.canvases.cursor(slug, cursor));
    }
    if let Some(notices) = notices {
        check(shell.notices.show(&notices));
    }
    if let Some(sentence) = announce {
        shell.notices.announce(&sentence);
    }
    if let Some(address) = address {
        shell.address.pace.offer(address);
        shell.write_address();
    }
    if let Some(query) = copy_query {
        clipboard::copy(crate::address::link(&query));
    }
    if let Some(text) = copy_text {
        clipboard::copy(text);
    }
    if wants_seed {
        // Without random numbers there is no new seed, and the page goes on with the old one.
        match getrandom::u32() {
            Ok(seed) => shell::post(Msg::Seed { seed }),
            Err(why) => dom::complain(&why.to_string()),
        }
    }
    if let Some(animate) = animate {
        shell.animate(animate);
    }
    for (button, on) in plays {
        shell.plays(button, on);
    }
}

fn wear(shell: &Shell, theme: Theme) {
    let name = match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Projector => "projector",
    };
    if let Some(root) = shell.document.document_element() {
        check(root.set_attribute("data-theme", name));
        // A theme may have larger text, and the pictures go with it.
        shell::post(Msg::TextSize { text: dom::text_size(&shell.document) });
    }
}

fn check(done: Result<(), JsValue>) {
    if let Err(why) = done {
        web_sys::console::error_1(&why);
    }
}
