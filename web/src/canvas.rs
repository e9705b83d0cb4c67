//! The canvases of the figures: made once, drawn at device pixels.
use crate::screen::ZOOM;
use crate::{dom, timing};
use plotters_canvas::CanvasBackend;
use vanishing_app::{Lab, Msg, page_figures};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement};

/// Plotters places everything on whole pixels: at two for each CSS pixel or more, what it draws looks smooth.
const LOWEST_SCALE: f64 = 2.0;
/// Finer than this nobody sees, and every drawing would pay for it.
const HIGHEST_SCALE: f64 = 3.0;

/// All canvases of the page.
#[derive(Default)]
pub struct Canvases(Vec<Canvas>);

/// The canvas of one figure.
struct Canvas {
    slug: String,
    element: HtmlCanvasElement,
    /// Width and height in CSS pixels; zero until the browser has laid it out.
    size: (f64, f64),
    /// Canvas pixels per CSS pixel.
    scale: f64,
}

impl Canvas {
    /// It has another size in CSS pixels, or another scale.
    fn resized(&self, (width, height): (f64, f64), scale: f64) -> Msg {
        Msg::Resize { figure: self.slug.clone(), width, height, scale }
    }

    fn pixels(&self) -> (u32, u32) {
        ((self.size.0 * self.scale).round() as u32, (self.size.1 * self.scale).round() as u32)
    }

    /// Setting a size clears and reallocates, even if it is the same size; the context starts afresh.
    fn set_pixels(&self, width: u32, height: u32) {
        if self.element.width() == width && self.element.height() == height {
            return;
        }
        self.element.set_width(width);
        self.element.set_height(height);
        let context = self.element.get_context("2d").ok().flatten();
        if let Some(context) = context.as_ref().and_then(|context| context.dyn_ref::<CanvasRenderingContext2d>()) {
            // Plotters has no word for it, and thick lines with sharp turns would grow thorns.
            context.set_line_join("round");
        }
    }
}

impl Canvases {
    /// Gives every `<figure data-figure>` whose slug is known its canvas, as its first child.
    ///
    /// # Errors
    /// When the document refuses an element; it does not.
    pub fn build(document: &Document, lab: &Lab) -> Result<Self, JsValue> {
        let mut canvases = Vec::new();
        for figure in dom::all(document, "figure[data-figure]") {
            let slug = figure.get_attribute("data-figure").unwrap_or_default();
            let Some(spec) = lab.figures().find(|spec| spec.slug == slug) else {
                dom::complain(&format!("no figure is called {slug}"));
                continue;
            };
            let element: HtmlCanvasElement =
                dom::element(document, "canvas", &[("role", "img"), ("tabindex", "0"), ("aria-label", spec.title)])?;
            let waits = page_figures::find(&slug).is_some_and(|figure| figure.waits);
            figure.toggle_attribute_with_force("data-waits", waits)?;
            element.style().set_property("--aspect", &spec.aspect.to_string())?;
            figure.insert_before(&element, figure.first_child().as_ref())?;
            canvases.push(Canvas { slug, element, size: (0.0, 0.0), scale: scale() });
        }
        Ok(Self(canvases))
    }

    /// The canvas elements.
    pub fn elements(&self) -> impl Iterator<Item = &HtmlCanvasElement> {
        self.0.iter().map(|canvas| &canvas.element)
    }

    /// The slugs of all figures.
    pub fn slugs(&self) -> Vec<String> {
        self.0.iter().map(|canvas| canvas.slug.clone()).collect()
    }

    /// A canvas has a size in CSS pixels and a scale.
    pub fn resize(&mut self, slug: &str, width: f64, height: f64, scale: f64) {
        if let Some(canvas) = self.0.iter_mut().find(|canvas| canvas.slug == slug) {
            canvas.size = (width, height);
            canvas.scale = scale;
        }
    }

    /// Messages for the canvases whose scale is no longer the screen's.
    pub fn rescaled(&self) -> Vec<Msg> {
        let wanted = |canvas: &Canvas| scale_of(&canvas.element);
        let changed = self.0.iter().filter(|canvas| canvas.scale != wanted(canvas));
        changed.map(|canvas| canvas.resized(canvas.size, wanted(canvas))).collect()
    }

    /// Messages with the sizes that the canvases have now, for when there is no time to wait to be told.
    pub fn measured(&self) -> Vec<Msg> {
        let size = |of: &HtmlCanvasElement| (f64::from(of.client_width()), f64::from(of.client_height()));
        self.0.iter().map(|canvas| canvas.resized(size(&canvas.element), canvas.scale)).collect()
    }

    /// Draws a figure. A drawing that fails leaves the console a line and the other figures their pictures.
    pub fn draw(&self, lab: &Lab, slug: &'static str) {
        let Some(canvas) = self.find(slug) else { return };
        let pixels @ (width, height) = canvas.pixels();
        if width == 0 || height == 0 {
            return;
        }
        canvas.set_pixels(width, height);
        let Some(backend) = CanvasBackend::with_canvas_object(canvas.element.clone()) else { return };
        let drawn = timing::measured(lab.timing(), &format!("draw:{slug}"), || lab.draw(slug, backend, pixels));
        if let Err(why) = drawn {
            dom::complain(&format!("{slug} was not drawn: {why}"));
        }
    }

    /// What is seen, for those who do not see it.
    pub fn label(&self, slug: &str, sentence: &str) -> Result<(), JsValue> {
        self.find(slug).map_or(Ok(()), |canvas| canvas.element.set_attribute("aria-label", sentence))
    }

    /// A figure has so many rows with names, and is as high as they need; 0: as its width says.
    pub fn rows(&self, slug: &str, rows: usize) -> Result<(), JsValue> {
        let Some(canvas) = self.find(slug) else { return Ok(()) };
        canvas.element.toggle_attribute_with_force("data-rows", rows > 0)?;
        canvas.element.style().set_property("--rows", &rows.to_string())
    }

    /// The mouse cursor over a figure.
    pub fn cursor(&self, slug: &str, cursor: &str) -> Result<(), JsValue> {
        self.find(slug).map_or(Ok(()), |canvas| canvas.element.style().set_property("cursor", cursor))
    }

    fn find(&self, slug: &str) -> Option<&Canvas> {
        self.0.iter().find(|canvas| canvas.slug == slug)
    }
}

/// Canvas pixels per CSS pixel on this screen.
pub fn scale() -> f64 {
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    ratio.clamp(LOWEST_SCALE, HIGHEST_SCALE)
}

/// The same where a figure is looked at closely.
pub fn scale_of(canvas: &Element) -> f64 {
    let closer = canvas.closest("[data-closer] [data-stage=figure]").is_ok_and(|place| place.is_some());
    if closer { scale() * ZOOM } else { scale() }
}

/// The slug of the figure around an element.
pub fn slug_of(element: &Element) -> Option<String> {
    element.closest("figure[data-figure]").ok()??.get_attribute("data-figure")
}
