//! All figures of the page as pictures: their sizes, scenes and focus, drawn on screen or on paper.
use crate::changes::Change;
use crate::effects::Effects;
use crate::figure_state::{FigureState, News, zoom};
use crate::moving::{self, Clock, Past};
use crate::msg::Pointer;
use plotters::prelude::DrawingBackend;
use std::borrow::Cow;
use std::collections::BTreeMap;
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::table::Table;
use vanishing_charts::{Model, Scene, Style, Theme};

/// Every figure of the registry, as it stands on the page.
pub struct Pictures {
    figures: BTreeMap<&'static str, FigureState>,
    /// How far on its way is what was pressed last.
    clock: Clock,
}

/// CSS pixels of a picture whose figure has no size yet.
pub const WIDTH: u32 = 760;

impl Pictures {
    /// Not yet seen, without sizes.
    pub fn new() -> Self {
        let figures = figures::ALL.iter().map(|spec| (spec.slug, FigureState::new(spec))).collect();
        Self { figures, clock: Clock::default() }
    }

    /// A figure as it stands.
    pub fn get(&self, slug: &str) -> Option<&FigureState> {
        self.figures.get(slug)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, slug: &str) -> Option<&mut FigureState> {
        self.figures.get_mut(slug)
    }

    /// Whether a figure is in view.
    pub fn sees(&self, slug: &str) -> bool {
        self.get(slug).is_some_and(|state| state.visible)
    }

    /// Whether any figure is in view: there is a screen.
    pub fn any_seen(&self) -> bool {
        self.figures.values().any(|state| state.visible)
    }

    /// Whether the scene of a figure out of view is still to be made.
    pub fn lag(&self) -> bool {
        self.figures.values().any(|state| state.scene().is_none())
    }

    /// Takes the size of the page's text; 1 is the usual one.
    pub fn set_text_size(&mut self, text: f64) {
        if text.is_finite() {
            self.figures.values_mut().for_each(|state| state.set_text_size(text));
        }
    }

    /// Nobody minds motion.
    pub fn allow_motion(&mut self) {
        self.clock.allow();
    }

    /// Before scenes are made from other settings, or printed: what stays of the last press goes, and if something was pressed
    /// again (`pressed`), what is shown stays instead.
    pub fn leave(&mut self, pressed: bool) {
        let share = self.clock.share();
        self.clock.end();
        let moves = pressed && self.clock.begin();
        for (slug, state) in &mut self.figures {
            let stays = pressed && moving::shows_presses(slug);
            let shown = state.scene().filter(|_| stays && moves && state.visible);
            let shown = shown.map(|scene| state.past.seen(scene, share).into_owned());
            state.dirty |= state.past.is_seen(state.scene());
            state.past = if stays { Past::of(state.scene(), shown) } else { Past::default() };
        }
    }

    /// The scenes are those of what was pressed: those that are as before have arrived.
    pub fn set_out(&mut self) {
        for state in self.figures.values_mut().filter(|state| state.past.is_where_it_was(state.scene())) {
            state.past.arrive();
        }
    }

    /// Whether something that is seen is on its way.
    pub fn move_on(&self) -> bool {
        self.clock.share().is_some() && self.figures.values().any(|state| state.visible && state.past.moves())
    }

    /// A frame passed: what is on its way goes on.
    pub fn frame(&mut self, now: f64) {
        if self.clock.share().is_none() {
            return;
        }
        self.clock.frame(now);
        for state in self.figures.values_mut().filter(|state| state.past.moves()) {
            state.dirty = true;
            if self.clock.share().is_none() {
                state.past.arrive();
            }
        }
    }

    /// What a figure shows, as it is drawn: on its way, with the ghosts of what was before; `None` if its scene is to be made.
    pub fn drawn(&self, slug: &str) -> Option<Cow<'_, Scene>> {
        let state = self.get(slug)?;
        Some(state.past.seen(state.scene()?, self.clock.share()))
    }

    /// Every picture is drawn again, those out of view when they are seen.
    pub fn draw_again(&mut self) {
        self.figures.values_mut().for_each(|state| state.dirty = true);
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
        let Some(state) = self.figures.get_mut(slug) else { return Vec::new() };
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
        let Some(state) = self.figures.get_mut(slug) else { return Vec::new() };
        let changes = state.key(key, shift, theme, effects);
        self.point_along(slug, theme);
        changes
    }

    /// What is pointed at in one figure is pointed at in all figures over the same axis.
    fn point_along(&mut self, slug: &str, theme: Theme) {
        let place = self.get(slug).and_then(FigureState::pointed_at);
        let place = place.map(|(key, x)| (key.to_owned(), x));
        for (other, state) in &mut self.figures {
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
        for state in self.figures.values_mut() {
            labels.extend(state.refresh(model, news(state.spec)).map(|label| (state.spec.slug, label)));
            if state.take_redraw() {
                effects.redraw.insert(state.spec.slug);
            }
        }
        labels
    }

    /// How many rows with names the figures have whose scene is made, by the slug.
    pub fn rows(&self) -> Vec<(&'static str, usize)> {
        let made = self.figures.values().filter_map(|state| Some((state.spec.slug, state.scene()?.rows())));
        made.collect()
    }

    /// Makes one scene of those that wait; its figure's new label.
    pub fn catch_up(&mut self, model: &Model, theme: Theme) -> Option<(&'static str, String)> {
        let state = self.figures.values_mut().find(|state| state.scene().is_none())?;
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
        let scene = self.drawn(slug).unwrap_or_else(|| Cow::Owned((state.spec.scene)(model)));
        vanishing_charts::render(&scene, backend, size, &style, &state.focus).map(|_| ())
    }

    /// Width and height of a figure's picture in CSS pixels, as it stands on the page.
    pub fn print_size(&self, slug: &str) -> Option<(f64, f64)> {
        let state = self.get(slug)?;
        let width = state.width().unwrap_or(f64::from(WIDTH));
        Some((width, state.height().unwrap_or_else(|| state.natural_height(width))))
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
    let height = spec.height(f64::from(width), &scene) * SCALE;
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
