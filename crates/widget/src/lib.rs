//! One figure with its controls, for other people's notebooks and books.
//!
//! The application is [`vanishing_app::Lab`], as on the page; here it shows one figure and does all its work on the thread
//! of whoever embeds it. What happens goes in as calls of [`Figure`], what is new comes back as JSON (`told`), and the
//! picture is drawn on a canvas. `package/figure.mjs` makes elements of it, in a shadow root, as a module in the format of
//! anywidget; `cargo xtask widget` packs both and the program into the one file `vanishing-figure.mjs`.

mod figure;
mod run;
#[cfg(test)]
mod tests;
mod told;

use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// One figure with its controls. Every method that returns a text returns JSON: what is new since the last call.
#[wasm_bindgen]
pub struct Figure(figure::Figure);

#[wasm_bindgen]
impl Figure {
    /// A figure by its slug, with the parameters of a query.
    ///
    /// # Errors
    /// One sentence, when there is no such figure.
    #[wasm_bindgen(constructor)]
    pub fn new(slug: &str, query: &str) -> Result<Figure, JsValue> {
        figure::Figure::new(slug, query).map(Figure).map_err(|why| JsValue::from_str(&why))
    }

    /// What the figure is: its title, its shape, its buttons, its ways to be taken away.
    pub fn about(&self) -> String {
        self.0.about()
    }

    /// What is new. The first call says everything that is shown.
    pub fn told(&mut self) -> String {
        self.0.told()
    }

    /// The parameters as a query, without those at their defaults.
    pub fn query(&self) -> String {
        self.0.query()
    }

    /// Replaces all parameters.
    pub fn set(&mut self, query: &str) {
        self.0.set(query);
    }

    /// A control has a new value as text; `done`: the hand has let go.
    pub fn input(&mut self, key: &str, value: &str, done: bool) {
        self.0.input(key, value, done);
    }

    /// A slider stands at a position.
    pub fn slide(&mut self, key: &str, position: f64, done: bool) {
        self.0.slide(key, position, done);
    }

    /// A button was pressed.
    pub fn press(&mut self, action: &str) {
        self.0.press(action);
    }

    /// A random number for the seed that was asked for.
    pub fn seed(&mut self, seed: u32) {
        self.0.seed(seed);
    }

    /// A pointer over the picture: `down`, `move`, `up` or `leave`, at CSS pixels.
    pub fn pointer(&mut self, kind: &str, x: f64, y: f64) {
        self.0.pointer(kind, (x, y));
    }

    /// A key in the picture.
    pub fn key(&mut self, key: &str, shift: bool) {
        self.0.key(key, shift);
    }

    /// The picture has a size in CSS pixels, and so many pixels per CSS pixel.
    pub fn resize(&mut self, width: f64, height: f64, scale: f64) {
        self.0.resize(width, height, scale);
    }

    /// The picture came into view, or went out of it.
    pub fn see(&mut self, visible: bool) {
        self.0.see(visible);
    }

    /// Whether the page around it is dark.
    pub fn dark(&mut self, dark: bool) {
        self.0.dark(dark);
    }

    /// Nobody minds motion.
    pub fn allow_motion(&mut self) {
        self.0.allow_motion();
    }

    /// A frame passed, at a time in milliseconds.
    pub fn frame(&mut self, at: f64) {
        self.0.frame(at);
    }

    /// Works for a few milliseconds on what was ordered; whether there is more to do.
    pub fn work(&mut self) -> bool {
        self.0.work(&now)
    }

    /// Opens a network from the bytes of a file, whose name has its ending.
    pub fn open(&mut self, name: &str, content: Vec<u8>) {
        self.0.open(name, content);
    }

    /// Puts the opened network away.
    pub fn close(&mut self) {
        self.0.close();
    }

    /// Shows what was measured of somebody's own training, see `run`.
    pub fn show_run(&mut self, about: &str, rows: &[f32], losses: &[f32]) {
        self.0.show_run(about, rows, losses);
    }

    /// The numbers of the figure as CSV.
    pub fn csv(&self) -> String {
        self.0.csv()
    }

    /// The code that computes the numbers anew; empty where there is none.
    pub fn code(&self) -> String {
        self.0.code()
    }

    /// The figure as an SVG document, so many CSS pixels wide.
    ///
    /// # Errors
    /// One sentence, when drawing failed.
    pub fn svg(&self, width: u32) -> Result<String, JsValue> {
        self.0.svg(width).map_err(|why| JsValue::from_str(&why))
    }

    /// Draws the figure on a canvas that has its size.
    ///
    /// # Errors
    /// One sentence, when the canvas has no context or drawing failed.
    pub fn draw(&self, canvas: HtmlCanvasElement) -> Result<(), JsValue> {
        let size = (canvas.width(), canvas.height());
        let backend = CanvasBackend::with_canvas_object(canvas).ok_or("the canvas cannot be drawn on")?;
        self.0.draw(backend, size).map_err(|why| JsValue::from_str(&why))
    }
}
