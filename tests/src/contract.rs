//! What the tests know of the page: its `data-*` attributes, and nothing else of its HTML.
//!
//! | attribute | on | meaning |
//! |---|---|---|
//! | `data-param="KEY"` | `input`, `select` | the control of a parameter |
//! | `data-action="NAME"` | `button` | something to do |
//! | `data-figure="SLUG"` | `figure` | a figure, with one `canvas` whose `aria-label` says what is seen |
//! | `data-readout="NAME"` | `output` | a number or a sentence that follows the parameters |
//! | `data-notice` | any element | something said to the reader, such as an address that could not be read |

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::page::Page;
use crate::pointer::Point;
use crate::timing::Times;

/// A figure as a reader meets it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Figure {
    /// A number made of all its pixels.
    pub picture: String,
    /// `true` when all pixels have one colour.
    pub is_blank: bool,
    /// What is read aloud instead of the picture.
    pub label: String,
}

/// Everything of the page that follows one change of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// One figure.
    pub figure: Figure,
    /// All readouts by name.
    pub readouts: BTreeMap<String, String>,
    /// The query of the address.
    pub query: String,
}

/// Where an element is in the window.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Place {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Place {
    fn at(self, share_x: f64, share_y: f64) -> Point {
        Point { x: self.left + share_x * self.width, y: self.top + share_y * self.height }
    }
}

/// The readouts of the workbench that follow its short runs.
pub const OF_RUNS: [&str; 4] = ["workbench-training", "workbench-seeds", "workbench-squares", "workbench-changed"];

/// The width of a slider's knob, about the same everywhere; between its outermost positions lies the rest.
const KNOB: f64 = 16.0;

impl Page {
    /// The names of all figures in their order.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn figures(&self) -> Result<Vec<String>> {
        self.evaluate(
            "return [...document.querySelectorAll('figure[data-figure]')].map((figure) => figure.dataset.figure)",
            &[],
        )
    }

    /// A figure, after scrolling to it: what is not visible need not be drawn, nor said.
    ///
    /// # Errors
    /// When there is no such figure or it has no canvas.
    pub fn figure(&self, slug: &str) -> Result<Figure> {
        let canvas = format!("figure[data-figure=\"{slug}\"] canvas");
        self.place_of(&canvas)?;
        self.wait_for_frames()?;
        self.evaluate(include_str!("scripts/figure.js"), &[&canvas]).with_context(|| format!("the figure {slug}"))
    }

    /// One figure, all readouts and the address, as they are now; but not what is said of the short runs of the workbench, which
    /// go on as long as it is in view.
    ///
    /// # Errors
    /// When there is no such figure.
    pub fn seen(&self, figure: &str) -> Result<Seen> {
        let figure = self.figure(figure)?;
        let mut readouts = self.readouts()?;
        readouts.retain(|name, _| !OF_RUNS.contains(&name.as_str()));
        Ok(Seen { figure, readouts, query: self.query()? })
    }

    /// What is seen once the figure is drawn and `is_expected` of it holds at two looks between which all that was out of view could
    /// be made.
    ///
    /// # Errors
    /// When that does not come about; `what` says what was awaited, and the sentence has what was seen instead.
    pub fn seen_at_rest(&self, figure: &str, what: &str, is_expected: impl Fn(&Seen) -> bool) -> Result<Seen> {
        let at_rest = self.wait_for(what, || {
            let seen = self.seen(figure)?;
            if seen.figure.is_blank || !is_expected(&seen) {
                return Ok(None);
            }
            self.wait_for_late_parts()?;
            Ok((self.seen(figure)? == seen).then_some(seen))
        });
        at_rest.with_context(|| format!("seen instead: {:#?}", self.seen(figure).ok()))
    }

    /// Waits as many frames as the page may need for what is out of view: a part in each.
    fn wait_for_late_parts(&self) -> Result<()> {
        self.evaluate::<()>(
            "window.__frames = 0; \
             const count = () => { window.__frames += 1; requestAnimationFrame(count); }; \
             if (!window.__counts) { window.__counts = true; requestAnimationFrame(count); }",
            &[],
        )?;
        self.wait_until("what is out of view is made", "return window.__frames >= 60")
    }

    /// Waits until the browser has painted twice, so that what was asked for before is there.
    ///
    /// # Errors
    /// When the browser does not paint.
    pub fn wait_for_frames(&self) -> Result<()> {
        self.evaluate::<()>(
            "window.__painted = false; \
             requestAnimationFrame(() => requestAnimationFrame(() => { window.__painted = true }))",
            &[],
        )?;
        self.wait_until("two frames are painted", "return window.__painted")
    }

    /// All readouts by name.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn readouts(&self) -> Result<BTreeMap<String, String>> {
        self.evaluate(
            "return Object.fromEntries([...document.querySelectorAll('[data-readout]')].map((output) => \
             [output.dataset.readout, output.textContent.trim()]))",
            &[],
        )
    }

    /// The texts of all visible notices.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn notices(&self) -> Result<Vec<String>> {
        self.evaluate(
            "return [...document.querySelectorAll('[data-notice]')].filter((notice) => notice.getClientRects().length) \
             .map((notice) => notice.textContent.trim()).filter((text) => text)",
            &[],
        )
    }

    /// The query of the address, such as `?seed=7`.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn query(&self) -> Result<String> {
        self.evaluate("return location.search", &[])
    }

    /// What a control shows: its value, or `true` or `false` for a checkbox.
    ///
    /// # Errors
    /// When there is no such control.
    pub fn parameter(&self, key: &str) -> Result<String> {
        let script = "const control = document.querySelector(arguments[0]); \
                      return control.type === 'checkbox' ? String(control.checked) : control.value";
        self.evaluate(script, &[&control(key)]).with_context(|| format!("the control of {key}"))
    }

    /// Where a slider's knob is between its ends, from 0 to 1.
    ///
    /// # Errors
    /// When there is no such slider.
    pub fn slider_share(&self, key: &str) -> Result<f64> {
        let script = "const { value, min, max } = document.querySelector(arguments[0]); \
                      return (value - (min || 0)) / ((max || 100) - (min || 0))";
        self.evaluate(script, &[&control(key)]).with_context(|| format!("the slider of {key}"))
    }

    /// Drags a slider's knob with the mouse to `share` of its way, from 0 to 1.
    ///
    /// # Errors
    /// When there is no such slider or it cannot be seen.
    pub fn drag_slider(&self, key: &str, share: f64, moves: u32) -> Result<()> {
        let (from, to) = self.way_of_knob(key, share)?;
        self.drag(from, to, moves)
    }

    /// The same without letting go.
    ///
    /// # Errors
    /// When there is no such slider or it cannot be seen.
    pub fn hold_slider(&self, key: &str, share: f64, moves: u32) -> Result<()> {
        let (from, to) = self.way_of_knob(key, share)?;
        self.hold(from, to, moves)
    }

    /// From where a slider's knob is to where it would be at `share`.
    fn way_of_knob(&self, key: &str, share: f64) -> Result<(Point, Point)> {
        let place = self.place_of(&control(key))?;
        let knob_at = |share: f64| place.at((KNOB / 2.0 + share * (place.width - KNOB)) / place.width, 0.5);
        Ok((knob_at(self.slider_share(key)?), knob_at(share)))
    }

    /// Drags within a figure's canvas; both points are shares of its width and height.
    ///
    /// # Errors
    /// When there is no such figure.
    pub fn drag_in_figure(&self, slug: &str, from: (f64, f64), to: (f64, f64), moves: u32) -> Result<()> {
        let place = self.place_of(&format!("figure[data-figure=\"{slug}\"] canvas"))?;
        self.drag(place.at(from.0, from.1), place.at(to.0, to.1), moves)
    }

    /// Gives a figure the keyboard's focus.
    ///
    /// # Errors
    /// When there is no such figure.
    pub fn focus_figure(&self, slug: &str) -> Result<()> {
        let canvas = format!("figure[data-figure=\"{slug}\"] canvas");
        self.place_of(&canvas)?;
        self.evaluate("document.querySelector(arguments[0]).focus()", &[&canvas])
    }

    /// Clicks a parameter's control, which turns a checkbox over.
    ///
    /// # Errors
    /// When there is no such control or it cannot be seen.
    pub fn click_parameter(&self, key: &str) -> Result<()> {
        self.click_on(&control(key))
    }

    /// Clicks the button of an action.
    ///
    /// # Errors
    /// When there is no such button or it cannot be seen.
    pub fn click_action(&self, name: &str) -> Result<()> {
        self.click_on(&format!("[data-action=\"{name}\"]"))
    }

    /// Gives a parameter's control the keyboard's focus.
    ///
    /// # Errors
    /// When there is no such control.
    pub fn focus_parameter(&self, key: &str) -> Result<()> {
        self.place_of(&control(key))?;
        self.evaluate("document.querySelector(arguments[0]).focus()", &[&control(key)])
    }

    /// Waits until the page's WebAssembly can be called: its loader hands the module over a moment after the module itself
    /// has come to life.
    ///
    /// # Errors
    /// When it cannot.
    pub fn wait_for_bindings(&self) -> Result<()> {
        self.wait_until("the page's WebAssembly can be called", "return window.wasmBindings !== undefined")
    }

    /// The size of the memory of the page's WebAssembly.
    ///
    /// # Errors
    /// When it cannot be called.
    pub fn memory_bytes(&self) -> Result<u64> {
        self.wait_for_bindings()?;
        // Of a module that runs already, this only returns the exports.
        self.evaluate("return window.wasmBindings.initSync().memory.buffer.byteLength", &[])
    }

    /// Milliseconds from the start of the navigation to the live page.
    ///
    /// # Errors
    /// When the page is not live.
    pub fn ready_time_ms(&self) -> Result<f64> {
        self.evaluate("return window.__readyTime", &[]).context("the page has not said that it is live")
    }

    /// For each change since the page was opened with `?timing=1`: its `update` and all `draw:...` that followed it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn change_times(&self) -> Result<Times> {
        let times: Vec<f64> = self.evaluate(include_str!("scripts/change_times.js"), &[])?;
        Ok(Times::new(times))
    }

    /// Clicks the first element that a selector finds.
    ///
    /// # Errors
    /// When there is none.
    pub fn click_on(&self, selector: &str) -> Result<()> {
        self.click(self.place_of(selector)?.at(0.5, 0.5))
    }

    /// Scrolls an element to the middle of the window, opens what it is folded into, and says where it is.
    fn place_of(&self, selector: &str) -> Result<Place> {
        let place: Option<Place> = self.evaluate(include_str!("scripts/place.js"), &[selector])?;
        place.with_context(|| format!("the page has no visible element `{selector}`"))
    }
}

fn control(key: &str) -> String {
    format!(":is(input, select)[data-param=\"{key}\"]")
}
