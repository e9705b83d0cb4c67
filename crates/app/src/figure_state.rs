//! One figure as it stands on the page: its size, its scene, what is pointed at and what is grabbed in it.
use crate::changes::{Change, Move, moves, nudged, pressed};
use crate::effects::Effects;
use crate::moving::Past;
use crate::msg::{Phase, Pointer};
use std::rc::Rc;
use vanishing_charts::figures::FigureSpec;
use vanishing_charts::layout::TOUCH_REACH;
use vanishing_charts::render::Focus;
use vanishing_charts::scene::Panel;
use vanishing_charts::{Layout, Model, Pick, Scene, Style, Theme};

/// How much larger everything in a picture is drawn: as the page's own text is, and more in a wide one, because who has
/// a wide screen sits further away. `text`: the size of the page's text, 1 is the usual one.
pub fn zoom(width: f64, text: f64) -> f64 {
    (width / 1000.0).max(text).clamp(1.0, 2.5)
}

/// What is held while the pointer is down.
#[derive(Clone, Debug, PartialEq)]
enum Held {
    /// A handle: panel and index.
    Handle(usize, usize),
    /// The panel itself, which moves the marked x: from the first move on, or when the press ends where it began. A
    /// swipe that scrolls the page is neither.
    Scrub {
        /// Its index in the scene.
        panel: usize,
        /// Whether it has moved since the press.
        moved: bool,
    },
}

/// What is new for a figure since the last refresh.
#[derive(Clone, Copy, Debug)]
pub struct News {
    /// Something that its scene is made from: the settings, or the reports of the runs.
    pub content: bool,
    /// Whether other colours are worn.
    pub theme: bool,
    /// What is out of view is made now, too.
    pub all: bool,
    /// The theme that is worn now.
    pub worn: Theme,
}

/// A figure on the page.
pub struct FigureState {
    /// Its entry in the registry of charts.
    pub spec: &'static FigureSpec,
    /// Whether it is in view.
    pub visible: bool,
    /// What is pointed at.
    pub focus: Focus,
    /// What it showed before the last press.
    pub past: Past,
    /// Whether another picture is to be drawn.
    pub dirty: bool,
    scene: Option<Rc<Scene>>,
    label: String,
    size: Option<(f64, f64, f64)>,
    text: f64,
    held: Option<Held>,
    cursor: &'static str,
}

impl FigureState {
    /// Not yet seen, without a size.
    pub fn new(spec: &'static FigureSpec) -> Self {
        Self {
            spec,
            visible: false,
            focus: Focus::default(),
            past: Past::default(),
            dirty: true,
            scene: None,
            label: String::new(),
            size: None,
            text: 1.0,
            held: None,
            cursor: "default",
        }
    }

    /// The scene, if it is up to date.
    pub fn scene(&self) -> Option<&Rc<Scene>> {
        self.scene.as_ref()
    }

    /// Device pixels per CSS pixel.
    pub fn scale(&self) -> f64 {
        self.size.map_or(1.0, |(_, _, scale)| scale)
    }

    /// How much larger than usual everything in it is.
    pub fn zoom(&self) -> f64 {
        self.size.map_or(1.0, |(width, ..)| zoom(width, self.text))
    }

    /// CSS pixels; `None` while it has no size or is not shown.
    pub fn width(&self) -> Option<f64> {
        self.size.map(|(width, ..)| width).filter(|width| *width > 0.0)
    }

    /// CSS pixels; `None` while it has no size or is not shown.
    pub fn height(&self) -> Option<f64> {
        self.size.map(|(_, height, _)| height).filter(|height| *height > 0.0)
    }

    /// The height in CSS pixels that it has on the page at a width; one without a scene as if it had one panel.
    pub fn natural_height(&self, width: f64) -> f64 {
        let none = || Scene { panels: Vec::new(), summary: String::new(), remark: String::new() };
        self.spec.height(width, self.scene.as_deref().unwrap_or(&none()))
    }

    /// Takes the canvas' size: CSS pixels, and device pixels per CSS pixel.
    pub fn resize(&mut self, width: f64, height: f64, scale: f64) {
        if self.size != Some((width, height, scale)) {
            self.size = Some((width, height, scale));
            self.dirty = true;
        }
    }

    /// Takes the size of the page's text; 1 is the usual one.
    pub fn set_text_size(&mut self, text: f64) {
        if self.text != text {
            self.text = text;
            self.dirty = true;
        }
    }

    /// Makes the scene anew if there is news; the sentence that says what is seen, if it is another one.
    pub fn refresh(&mut self, model: &Model, news: News) -> Option<String> {
        self.dirty |= news.theme;
        if news.content {
            // What is out of view waits; then its label is made, so that it is never wrong for long.
            if !self.visible && !self.label.is_empty() && !news.all {
                self.scene = None;
                return None;
            }
            return self.make_scene(model, news.worn);
        }
        let is_due = self.scene.is_none() && (self.visible || news.all);
        if is_due { self.make_scene(model, news.worn) } else { None }
    }

    /// Makes the scene, which waited; the sentence that says what is seen, if it is another one.
    pub fn catch_up(&mut self, model: &Model, worn: Theme) -> Option<String> {
        self.make_scene(model, worn)
    }

    /// Whether it is to be drawn now: what is seen changed, and it is in view.
    pub fn take_redraw(&mut self) -> bool {
        let due = self.dirty && self.visible && self.size.is_some();
        self.dirty &= !due;
        due
    }

    fn make_scene(&mut self, model: &Model, theme: Theme) -> Option<String> {
        let scene = (self.spec.scene)(model);
        let label = (self.label != scene.summary).then(|| scene.summary.clone());
        if let Some(label) = &label {
            self.label.clone_from(label);
        }
        if self.scene.as_deref() != Some(&scene) {
            self.dirty = true;
            self.scene = Some(Rc::new(scene));
            // What was pointed at, with the values that are there now.
            if let Some(pick) = self.focus.pick.take() {
                let layout = self.layout(theme);
                let found = layout.as_ref().and_then(|layout| {
                    let scene = self.scene.as_ref()?;
                    layout.pick_at(scene, pick.panel, pick.x)
                });
                self.focus.along = self.along(layout.as_ref(), found.as_ref());
                self.focus.pick = found;
            }
        }
        label
    }

    fn layout(&self, theme: Theme) -> Option<Layout> {
        let (width, height, scale) = self.size?;
        let pixels = ((width * scale).round() as u32, (height * scale).round() as u32);
        Some(Layout::new(self.scene.as_ref()?, pixels, &Style::new(theme, scale * self.zoom())))
    }

    /// A pointer over the figure, in CSS pixels.
    pub fn pointer(&mut self, kind: Pointer, at: (f64, f64), theme: Theme, effects: &mut Effects) -> Vec<Change> {
        let (Some(layout), Some(scene)) = (self.layout(theme), self.scene.clone()) else {
            // What is out of view cannot be moved, but it can be let go of.
            if matches!(kind, Pointer::Up | Pointer::Leave) {
                self.held = None;
                self.mark_grabbed();
            }
            return Vec::new();
        };
        let scale = self.scale();
        let (x, y) = (at.0 * scale, at.1 * scale);
        match kind {
            Pointer::Down => {
                self.held = match layout.handle_at(&scene, x, y, TOUCH_REACH * scale) {
                    Some((panel, handle)) => Some(Held::Handle(panel, handle)),
                    None => layout
                        .panel_at(x, y)
                        .filter(|panel| scene.panels.get(*panel).is_some_and(is_pressed))
                        .map(|panel| Held::Scrub { panel, moved: false }),
                };
                effects.capture_pointer = self.held.is_some();
                // A handle is moved in any direction; over the rest of a panel a finger may still scroll the page.
                effects.handled = matches!(self.held, Some(Held::Handle(..)));
                self.mark_grabbed();
                match self.held {
                    Some(Held::Handle(..)) => self.drag(&layout, &scene, (x, y), Phase::Moving),
                    _ => Vec::new(),
                }
            }
            Pointer::Move if self.held.is_some() => {
                effects.handled = true;
                if let Some(Held::Scrub { moved, .. }) = &mut self.held {
                    *moved = true;
                }
                self.drag(&layout, &scene, (x, y), Phase::Moving)
            }
            Pointer::Move => {
                self.point(&layout, layout.pick(&scene, x, y));
                let over_handle = layout.handle_at(&scene, x, y, TOUCH_REACH * scale).is_some();
                let panel = layout.panel_at(x, y).and_then(|panel| scene.panels.get(panel));
                let cursor = match panel {
                    _ if over_handle => "grab",
                    Some(Panel { press: Some(_), .. }) => "pointer",
                    Some(Panel { scrubs: Some(_), .. }) => "ew-resize",
                    _ => "default",
                };
                if self.cursor != cursor {
                    self.cursor = cursor;
                    effects.cursors.push((self.spec.slug, cursor));
                }
                Vec::new()
            }
            Pointer::Up | Pointer::Leave => {
                let changes = self.drag(&layout, &scene, (x, y), Phase::Done);
                let pressed = kind == Pointer::Up && matches!(self.held, Some(Held::Scrub { moved: false, .. }));
                self.held = None;
                self.mark_grabbed();
                if kind == Pointer::Leave {
                    self.point(&layout, None);
                }
                if pressed {
                    return changes;
                }
                // The gesture ends where the last move left it: a pointer that was taken away has no place of its own.
                changes.into_iter().map(|change| Change { to: Move::Stay, ..change }).collect()
            }
        }
    }

    fn point(&mut self, layout: &Layout, pick: Option<Pick>) {
        if self.focus.pick != pick {
            self.focus.along = self.along(Some(layout), pick.as_ref());
            self.focus.pick = pick;
            self.dirty = true;
        }
    }

    /// The same place in the other panels of this figure over the same axis.
    fn along(&self, layout: Option<&Layout>, pick: Option<&Pick>) -> Vec<Pick> {
        let found = || {
            let (pick, scene) = (pick?, self.scene.as_ref()?);
            let key = scene.panels.get(pick.panel)?.scrubs.as_deref()?;
            let picks = layout?.picks_along(scene, key, pick.x).into_iter();
            Some(picks.filter(|other| other.panel != pick.panel).collect())
        };
        found().unwrap_or_default()
    }

    /// What the handle is that the keyboard moves, and where it stands.
    pub fn handle_label(&self) -> Option<String> {
        let (panel, handle) = self.focus.keyboard?;
        Some(self.scene.as_ref()?.panels.get(panel)?.handles.get(handle)?.label.clone())
    }

    /// The place that is pointed at, on an axis that other figures share: the parameter that the axis sets, and x.
    pub fn pointed_at(&self) -> Option<(&str, f64)> {
        let pick = self.focus.pick.as_ref()?;
        let key = self.scene.as_ref()?.panels.get(pick.panel)?.scrubs.as_deref()?;
        Some((key, pick.x))
    }

    /// Points at the same place of the same axis as another figure; nowhere where this one has no such axis.
    pub fn point_along(&mut self, place: Option<(&str, f64)>, theme: Theme) {
        let found = place.filter(|_| self.visible).and_then(|(key, x)| {
            let scene = self.scene.as_ref()?;
            let over = |panel: &Panel| panel.scrubs.as_deref() == Some(key);
            scene.panels.iter().any(over).then(|| self.layout(theme))?.map(|layout| layout.picks_along(scene, key, x))
        });
        let mut along = found.unwrap_or_default();
        // The first with values stands for the figure: from there the arrow keys go on.
        let first = along.iter().position(|pick| !pick.rows.is_empty());
        let pick = first.map(|first| along.remove(first));
        if self.focus.pick != pick || self.focus.along != along {
            self.focus = Focus { pick, along, ..self.focus.clone() };
            self.dirty = true;
        }
    }

    fn mark_grabbed(&mut self) {
        let grabbed = match self.held {
            Some(Held::Handle(panel, handle)) => Some((panel, handle)),
            _ => None,
        };
        if self.focus.grabbed != grabbed {
            self.focus.grabbed = grabbed;
            self.dirty = true;
        }
    }

    /// What moves when the pointer is at these pixels with something held.
    fn drag(&self, layout: &Layout, scene: &Scene, at: (f64, f64), phase: Phase) -> Vec<Change> {
        let change = |key: &str, value: f64| Change { key: key.to_owned(), to: Move::To(value), phase };
        match self.held {
            Some(Held::Scrub { panel, .. }) => {
                let Some((x, y)) = layout.data_at(panel, at.0, at.1) else { return Vec::new() };
                if let Some(press) = scene.panels.get(panel).and_then(|panel| panel.press) {
                    return pressed(&press, (x, y), phase);
                }
                let key = scene.panels.get(panel).and_then(|panel| panel.scrubs.as_deref());
                key.map(|key| change(key, x)).into_iter().collect()
            }
            Some(Held::Handle(panel, handle)) => {
                let Some((x, y)) = layout.data_at(panel, at.0, at.1) else { return Vec::new() };
                let handle = scene.panels.get(panel).and_then(|panel| panel.handles.get(handle));
                handle.map_or(Vec::new(), |handle| moves(&handle.moves, (x, y), &change))
            }
            None => Vec::new(),
        }
    }

    /// A key while the figure has the focus.
    ///
    /// Left and right move what is pointed at from point to point (shift: ten points) or, once Enter has chosen a
    /// handle, the handle; Enter goes to the next handle, or sets the marked place; Escape lets go.
    pub fn key(&mut self, key: &str, shift: bool, theme: Theme, effects: &mut Effects) -> Vec<Change> {
        let (Some(layout), Some(scene)) = (self.layout(theme), self.scene.clone()) else { return Vec::new() };
        let direction = match key {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, 1.0),
            "ArrowDown" => (0.0, -1.0),
            _ => (0.0, 0.0),
        };
        effects.handled = true;
        match key {
            "Enter" => self.choose(&scene),
            "Escape" => {
                effects.handled = self.focus.pick.is_some() || self.focus.keyboard.is_some();
                self.dirty |= self.focus.keyboard.take().is_some();
                self.point(&layout, None);
                Vec::new()
            }
            "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" => match self.focus.keyboard {
                Some((panel, handle)) => {
                    let handle = scene.panels.get(panel).and_then(|panel| panel.handles.get(handle));
                    let steps = if shift { 10.0 } else { 1.0 };
                    handle
                        .map_or(Vec::new(), |handle| nudged(&handle.moves, (direction.0 * steps, direction.1 * steps)))
                }
                None if direction.0 != 0.0 => {
                    let steps = direction.0 as isize * if shift { 10 } else { 1 };
                    let next = layout.pick_next(&scene, self.focus.pick.as_ref(), steps);
                    effects.announce = next.as_ref().map(Pick::sentence);
                    self.point(&layout, next);
                    Vec::new()
                }
                None => {
                    effects.handled = false;
                    Vec::new()
                }
            },
            _ => {
                effects.handled = false;
                Vec::new()
            }
        }
    }

    /// Enter: the next handle; without handles, the marked place goes to what is pointed at.
    fn choose(&mut self, scene: &Scene) -> Vec<Change> {
        let handles: Vec<(usize, usize)> = scene
            .panels
            .iter()
            .enumerate()
            .flat_map(|(panel, content)| (0..content.handles.len()).map(move |handle| (panel, handle)))
            .collect();
        if handles.is_empty() {
            let Some(pick) = &self.focus.pick else { return Vec::new() };
            let panel = scene.panels.get(pick.panel);
            if let (Some(press), Some(at)) = (panel.and_then(|panel| panel.press), pick.points.first()) {
                return pressed(&press, *at, Phase::Done);
            }
            let key = panel.and_then(|panel| panel.scrubs.clone());
            return key.map(|key| Change { key, to: Move::To(pick.x), phase: Phase::Done }).into_iter().collect();
        }
        let next = match self.focus.keyboard {
            Some(current) => handles.iter().position(|handle| *handle == current).map_or(0, |index| index + 1),
            None => 0,
        };
        self.focus.keyboard = handles.get(next).copied();
        self.dirty = true;
        Vec::new()
    }
}

/// Whether a press on a panel sets something.
fn is_pressed(panel: &Panel) -> bool {
    panel.scrubs.is_some() || panel.press.is_some()
}
