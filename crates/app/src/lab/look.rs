//! Questions to the page: what is chosen, what is shown.
use super::Lab;
use crate::address::Chosen;
use crate::controls::{Control, Standing};
use crate::embedding::Embedding;
use crate::lanes;
use crate::pipeline::{self, PipelineBox};
use crate::presenter::Stage;
use crate::view::View;
use crate::{pictures, schema, training_words};
use plotters::prelude::DrawingBackend;
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::table::Table;
use vanishing_charts::{Scene, Theme};
use vanishing_core::param::{ParamSpec, Settings, Value};
use vanishing_core::training::{matrix, params};

impl Lab {
    /// The address of the current state: the part after `?`; empty for the defaults.
    pub fn query(&self) -> String {
        self.chosen.query_with(&self.embedding, self.presenter.text())
    }

    /// The values of all parameters.
    pub fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// The values of the page's own parameters.
    pub fn settings(&self) -> &Settings {
        &self.chosen.settings
    }

    /// What of the page is shown in somebody else's.
    pub fn embedding(&self) -> &Embedding {
        &self.embedding
    }

    /// What the page shows besides its pictures.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The text of a lesson of the reader's own; empty without one.
    pub fn own_lesson(&self) -> &str {
        self.presenter.text()
    }

    /// What fills the screen now.
    pub fn stage(&self) -> Option<Stage> {
        self.presenter.stage(&self.chosen.settings)
    }

    /// Whether redraws are to be marked with the User Timing API.
    pub fn timing(&self) -> bool {
        self.chosen.settings.get(&schema::TIMING)
    }

    /// The network that somebody opened, if it is shown.
    pub fn opened_network(&self) -> Option<&vanishing_core::studies::opened::SharedNetwork> {
        self.opened.shown()
    }

    /// Whether a network is opened whose file does not say which activation was trained, where there is a choice.
    pub fn lacks_activation(&self) -> bool {
        self.opened.unsaid_activation().is_some()
    }

    /// What is known of the runs of chapter 4.
    pub fn laboratory(&self) -> &vanishing_charts::laboratory::Laboratory {
        self.model.laboratory()
    }

    /// The boxes of the pipeline of the lane that is looked at.
    pub fn pipeline(&self) -> Vec<PipelineBox> {
        let (lane, shown) = (self.lane(), self.model.laboratory());
        match (self.jobs.training().runner(lane), shown.lanes.get(lane)) {
            (Some(runner), Some(shown)) => pipeline::boxes(&runner.settings, shown),
            _ => Vec::new(),
        }
    }

    /// A readout of chapter 4 as it is now.
    pub fn readout(&self, name: &str) -> Option<String> {
        let shown = self.model.laboratory();
        // A run from elsewhere is alone.
        let lane = self.lane().min(shown.lanes.len().saturating_sub(1));
        let readouts = training_words::readouts(&self.jobs, lane, shown, self.start_words());
        readouts.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    /// All remedies in words, in the order of the pipeline.
    pub fn remedies(&self) -> Vec<lanes::RemedyText> {
        lanes::remedies()
    }

    /// How many lanes there are.
    pub(super) fn lane_count(&self) -> usize {
        self.chosen.settings.get(&schema::LANES)
    }

    /// The lane whose settings are shown.
    pub(super) fn lane(&self) -> usize {
        lanes::index_of(self.chosen.settings.get(&schema::LANE)).min(self.lane_count().saturating_sub(1))
    }

    /// The settings of that lane; in lane A with the remedies, which are switched on there too.
    pub(super) fn lane_settings(&self) -> Settings {
        match self.lane() {
            lanes::WITHOUT => lanes::of_training(&self.chosen.settings, true),
            lane => self.chosen.lane(lane),
        }
    }

    /// The settings as they are shown. What moves by itself is not chosen; an eigenvalue of a matrix that is scaled is what it is
    /// there; and a matrix that is not has a spectral radius all the same.
    pub(super) fn shown(&self) -> Settings {
        let mut settings = self.chosen.settings.clone();
        if let Some(opening) = &self.opening {
            settings.set(&schema::OPENING_GAIN.spec, Value::Real(opening.gain()));
        }
        for (param, x) in matrix::in_scale(&self.chosen.settings) {
            settings.set(&param.spec, Value::Real(x));
        }
        if !self.chosen.settings.get(&schema::RESCALE) {
            let chosen = matrix::chosen_radius(&self.chosen.settings);
            let radius = chosen.unwrap_or_else(|| self.measured_radius());
            if let Some(value) = Control::nearest(&schema::SPECTRAL_RADIUS.spec, radius) {
                settings.set(&schema::SPECTRAL_RADIUS.spec, value);
            }
        }
        settings
    }

    /// The control of a parameter, by its key.
    pub fn control(&self, key: &str) -> Option<Control> {
        if let Some(param) = lanes::find(key) {
            let (settings, without) = (self.lane_settings(), self.chosen.lane(lanes::WITHOUT));
            return Some(Control::new(param.control, self.lane_standing(param, &settings, &without)));
        }
        let spec = schema::all().iter().find(|spec| spec.key == key)?;
        Some(Control::new(spec, self.page_standing(spec, &self.shown())))
    }

    /// All controls in the order of the schema.
    pub fn controls(&self) -> Vec<Control> {
        let shown = self.shown();
        let of_page = schema::all().iter().map(|spec| Control::new(spec, self.page_standing(spec, &shown)));
        let (settings, without) = (self.lane_settings(), self.chosen.lane(lanes::WITHOUT));
        let standing = |param: &lanes::LaneParam| self.lane_standing(*param, &settings, &without);
        let of_lane = lanes::all().iter().map(|param| Control::new(param.control, standing(param)));
        of_page.chain(of_lane).collect()
    }

    /// How the control of a parameter of the page stands.
    pub(super) fn page_standing(&self, spec: &'static ParamSpec, settings: &Settings) -> Standing {
        let applies = self.opened.shows(spec, settings).unwrap_or_else(|| schema::applies(spec, settings));
        Standing {
            value: settings.value(spec),
            shown: applies && !self.embedding.hides(spec.key) && !self.embedding.leaves_unread(spec.key, settings),
            differs: false,
            locked: self.embedding.locks(spec.key),
        }
    }

    /// The largest |λ| of the recurrent matrix of chapter 3.
    fn measured_radius(&self) -> f64 {
        self.model.recurrence().spectral_radius().unwrap_or(0.0)
    }

    /// How the control of a parameter of the chosen lane stands; `without`: the settings of lane A.
    pub(super) fn lane_standing(&self, param: lanes::LaneParam, settings: &Settings, without: &Settings) -> Standing {
        let key = param.control.key;
        Standing {
            value: settings.value(param.param),
            shown: params::applies(param.param, settings)
                && !self.opened.rules(param.param.key)
                && !self.embedding.hides(key),
            differs: self.lane() != lanes::WITHOUT && settings.value(param.param) != without.value(param.param),
            locked: self.embedding.locks(key),
        }
    }

    /// The theme that is worn now.
    pub fn theme(&self) -> Theme {
        if self.printing {
            return Theme::Light;
        }
        match self.chosen.settings.get(&schema::THEME) {
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            "projector" => Theme::Projector,
            // A lecture is given on a projector, unless somebody says otherwise.
            _ if self.stage().is_some() => Theme::Projector,
            _ if self.system_dark => Theme::Dark,
            _ => Theme::Light,
        }
    }

    /// The figures of the page in their order.
    pub fn figures(&self) -> impl Iterator<Item = &'static FigureSpec> {
        figures::ALL.iter()
    }

    /// Draws a figure as it stands on the page.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or the backend failed.
    pub fn draw<DB: DrawingBackend>(&self, slug: &str, backend: DB, size: (u32, u32)) -> Result<(), String> {
        self.pictures.draw(slug, &self.model, self.theme(), backend, size)
    }

    /// The scene of a figure as it is drawn now: after a press on its way from what was before, whose lines stay as ghosts;
    /// `None` if the figure is unknown, or out of view and still to be made.
    pub fn drawn(&self, slug: &str) -> Option<Scene> {
        self.pictures.drawn(slug).map(|scene| scene.into_owned())
    }

    /// Draws a figure as [`Lab::draw`] does, but at another size and with nothing pointed at; `scale`: pixels per CSS
    /// pixel.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or the backend failed.
    pub fn print<DB: DrawingBackend>(
        &self,
        slug: &str,
        backend: DB,
        size: (u32, u32),
        scale: f64,
    ) -> Result<(), String> {
        pictures::print(slug, &self.model, self.theme(), backend, size, scale)
    }

    /// Width and height of a figure's picture in CSS pixels, as it stands on the page.
    pub fn print_size(&self, slug: &str) -> Option<(f64, f64)> {
        self.pictures.print_size(slug)
    }

    /// A figure as an SVG document, `width` CSS pixels wide.
    ///
    /// # Errors
    /// A sentence, when the figure is unknown or drawing failed.
    #[cfg(feature = "svg")]
    pub fn svg(&self, slug: &str, width: u32) -> Result<String, String> {
        pictures::svg(slug, &self.model, self.theme(), width)
    }

    /// What is seen in a figure, in a sentence or two.
    pub fn summary(&self, slug: &str) -> Option<String> {
        pictures::summary(slug, &self.model)
    }

    /// The numbers of a figure as a table.
    pub fn table(&self, slug: &str) -> Option<Table> {
        pictures::table(slug, &self.model)
    }

    /// log10 ‖dL/dh_t‖ of the top layer of the network of chapter 3, for t = 0..=T, with the remedies that are on.
    pub fn gradient_norms(&self) -> Vec<f64> {
        self.model.gradients().in_force().state_gradient_log10().to_vec()
    }
}
