//! All figures of the page as pictures: their sizes, scenes and focus, drawn on screen or on paper.
use crate::effects::Effects;
use crate::figure_state::{Change, FigureState, News, zoom};
use crate::msg::Pointer;
use plotters::prelude::DrawingBackend;
use std::collections::BTreeMap;
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::table::Table;
use vanishing_charts::{Model, Style, Theme};

/// Every figure of the registry, as it stands on the page.
pub struct Pictures(BTreeMap<&'static str, FigureState>);

/// CSS pixels of a picture whose figure has no size yet.
pub const WIDTH: u32 = 760;

impl Pictures {
    /// Not yet seen, without sizes.
    pub fn new() -> Self {
        Self(figures::ALL.iter().map(|spec| (spec.slug, FigureState::new(spec))).collect())
    }

    /// A figure as it stands.
    pub fn get(&self, slug: &str) -> Option<&FigureState> {
        self.0.get(slug)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, slug: &str) -> Option<&mut FigureState> {
        self.0.get_mut(slug)
    }

    /// Whether a figure is in view.
    pub fn sees(&self, slug: &str) -> bool {
        self.get(slug).is_some_and(|state| state.visible)
    }

    /// Whether any figure is in view: there is a screen.
    pub fn any_seen(&self) -> bool {
        self.0.values().any(|state| state.visible)
    }

    /// Whether the scene of a figure out of view is still to be made.
    pub fn lag(&self) -> bool {
        self.0.values().any(|state| state.scene().is_none())
    }

    /// Takes the size of the page's text; 1 is the usual one.
    pub fn set_text_size(&mut self, text: f64) {
        if text.is_finite() {
            self.0.values_mut().for_each(|state| state.set_text_size(text));
        }
    }

    /// Every picture is drawn again, those out of view when they are seen.
    pub fn draw_again(&mut self) {
        self.0.values_mut().for_each(FigureState::draw_again);
    }

    /// What a pointer over a figure changes. What is pointed at is marked in all figures over the same axis.
    pub fn pointer(
        &mut self,
        slug: &str,
        kind: Pointer,
        at: (f64, f64),
        theme: Theme,
        effects: &mut Effects,
    ) -> Vec<Change> {
        let Some(state) = self.0.get_mut(slug) else { return Vec::new() };
        let before = state.pointed_at().map(|(key, x)| (key.to_owned(), x));
        let changes = state.pointer(kind, at, theme, effects);
        // Most moves of a pointer stay at the same place of the axis.
        if state.pointed_at() != before.as_ref().map(|(key, x)| (key.as_str(), *x)) {
            self.point_along(slug, theme);
        }
        changes
    }

    /// What a key changes while a figure has the focus.
    pub fn key(&mut self, slug: &str, key: &str, shift: bool, theme: Theme, effects: &mut Effects) -> Vec<Change> {
        let Some(state) = self.0.get_mut(slug) else { return Vec::new() };
        let changes = state.key(key, shift, theme, effects);
        self.point_along(slug, theme);
        changes
    }

    /// What is pointed at in one figure is pointed at in all figures over the same axis.
    fn point_along(&mut self, slug: &str, theme: Theme) {
        let place = self.get(slug).and_then(FigureState::pointed_at);
        let place = place.map(|(key, x)| (key.to_owned(), x));
        for (other, state) in &mut self.0 {
            if *other != slug {
                state.point_along(place.as_ref().map(|(key, x)| (key.as_str(), *x)), theme);
            }
        }
    }

    /// Makes scenes anew where there is news, and asks for the redraws that are due; the new labels of canvases.
    /// `news`: what is new for a figure.
    pub fn refresh(
        &mut self,
        model: &Model,
        news: impl Fn(&FigureSpec) -> News,
        effects: &mut Effects,
    ) -> Vec<(&'static str, String)> {
        let mut labels = Vec::new();
        for state in self.0.values_mut() {
            labels.extend(state.refresh(model, news(state.spec)).map(|label| (state.spec.slug, label)));
            if state.take_redraw() {
                effects.redraw.insert(state.spec.slug);
            }
        }
        labels
    }

    /// Makes one scene of those that wait; its figure's new label.
    pub fn catch_up(&mut self, model: &Model, theme: Theme) -> Option<(&'static str, String)> {
        let state = self.0.values_mut().find(|state| state.scene().is_none())?;
        state.catch_up(model, theme).map(|label| (state.spec.slug, label))
    }

    /// Draws a figure as it stands on the page.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or the backend failed.
    pub fn draw<DB: DrawingBackend>(
        &self,
        slug: &str,
        model: &Model,
        theme: Theme,
        backend: DB,
        size: (u32, u32),
    ) -> Result<(), String> {
        let state = self.get(slug).ok_or_else(|| unknown(slug))?;
        let style = Style::new(theme, state.scale() * state.zoom());
        let fresh;
        let scene = match state.scene() {
            Some(scene) => scene,
            None => {
                fresh = (state.spec.scene)(model);
                &fresh
            }
        };
        vanishing_charts::render(scene, backend, size, &style, &state.focus).map(|_| ())
    }

    /// Width and height of a figure's picture in CSS pixels, as it stands on the page.
    pub fn print_size(&self, slug: &str) -> Option<(f64, f64)> {
        let state = self.get(slug)?;
        let width = state.width().unwrap_or(f64::from(WIDTH));
        Some((width, state.height().unwrap_or_else(|| state.spec.height(width, 1))))
    }
}

fn unknown(slug: &str) -> String {
    format!("there is no figure {slug}")
}

/// Draws a figure at any size, with nothing pointed at; `scale`: pixels per CSS pixel.
///
/// # Errors
/// A sentence, when the figure is unknown or the backend failed.
pub fn print<DB: DrawingBackend>(
    slug: &str,
    model: &Model,
    theme: Theme,
    backend: DB,
    size: (u32, u32),
    scale: f64,
) -> Result<(), String> {
    let spec = figures::find(slug).ok_or_else(|| unknown(slug))?;
    let style = Style::new(theme, scale * zoom(f64::from(size.0) / scale, 1.0));
    vanishing_charts::render(&(spec.scene)(model), backend, size, &style, &Default::default()).map(|_| ())
}

/// A figure as an SVG document, `width` CSS pixels wide.
///
/// # Errors
/// A sentence, when the figure is unknown or drawing failed.
#[cfg(feature = "svg")]
pub fn svg(slug: &str, model: &Model, theme: Theme, width: u32) -> Result<String, String> {
    /// Device pixels per CSS pixel: places in the file are whole device pixels.
    const SCALE: f64 = 2.0;
    let spec = figures::find(slug).ok_or_else(|| unknown(slug))?;
    let style = Style::new(theme, SCALE * zoom(f64::from(width), 1.0));
    let wide = f64::from(width) * SCALE;
    let scene = (spec.scene)(model);
    let height = spec.height(f64::from(width), scene.panels.len()) * SCALE;
    let size = (wide.round() as u32, height.round() as u32);
    vanishing_charts::render::svg(&scene, size, &style, &Default::default()).map(|(document, _)| document)
}

/// What is seen in a figure, in a sentence or two.
pub fn summary(slug: &str, model: &Model) -> Option<String> {
    figures::find(slug).map(|spec| (spec.scene)(model).summary)
}

/// The numbers of a figure as a table.
pub fn table(slug: &str, model: &Model) -> Option<Table> {
    figures::find(slug).map(|spec| Table::new(&(spec.scene)(model)))
}
