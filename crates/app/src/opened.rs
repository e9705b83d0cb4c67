//! The opened network: from the offer of a file to what chapter 3 shows of it.
//!
//! The file is read part by part ([`vanishing_weights::Reading`] says which); what is too much for one frame, the spectrum of
//! a large matrix, is found in the background and put in ([`OpenedNetwork::bring_spectrum`]). A network is in no address: a
//! link shows the page without it, and the page says so.
use crate::diagnosed::Diagnosed;
use crate::effects::{Download, OpenedPanel, Parts};
use crate::opened_file::{OpenedFile, Source};
use crate::opened_start::OpenedStart;
use crate::report::Report;
use crate::schema;
use vanishing_charts::model::Search;
use vanishing_core::cells;
use vanishing_core::param::{ParamSpec, Settings, Value};
use vanishing_core::studies::diagnosis::{self, Effort};
use vanishing_core::studies::network::NetworkConfig;
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::studies::recurrence::RecurrenceStudy;
use vanishing_core::training::Start;
use vanishing_weights::{Choice, Next, Opened, Reading};

/// Whether a parameter says how the page draws a network of its own: it has no effect on one that is given.
pub fn draws(key: &str) -> bool {
    schema::draws_network(key)
}

/// Which of its networks the page shows: its own, or the one of a file.
#[derive(Default)]
pub struct OpenedNetwork {
    /// How many files were offered.
    offered: u64,
    reading: Option<(Reading, Source)>,
    opened: Option<OpenedFile>,
    /// The report on it.
    diagnosed: Option<Diagnosed>,
    /// Whether there is to be one.
    wants_diagnosis: bool,
    /// The name of the file whose network went when the page was loaded again.
    gone: Option<String>,
    /// Whether the page shows its own networks again, and keeps this one.
    aside: bool,
    /// Whether training starts from it.
    start: OpenedStart,
    /// How often what is known of it changed.
    revision: u64,
}

impl OpenedNetwork {
    /// Another number whenever another network is shown, or more is known of it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A file is offered, or the files of one model, each with its name and its size; the parts that are to be read.
    pub fn offer(&mut self, files: Vec<(String, u64)>) -> Result<Parts, String> {
        self.offered += 1;
        self.begin(Source { file: self.offered, files }, Choice::default())
    }

    /// Another network of the open file is chosen, by its place in the menu: the file is read again.
    pub fn choose_network(&mut self, place: usize) -> Result<Parts, String> {
        self.choose(|file| file.network(place))
    }

    /// Another layer of the open file is to read the output.
    pub fn choose_readout(&mut self, place: usize) -> Result<Parts, String> {
        self.choose(|file| file.readout(place))
    }

    fn choose(&mut self, choice: impl Fn(&OpenedFile) -> Option<Choice>) -> Result<Parts, String> {
        let chosen = self.opened.as_ref().and_then(|file| Some((file.source.clone()?, choice(file)?)));
        let (source, choice) = chosen.ok_or_else(|| "There is no such network to choose.".to_owned())?;
        self.begin(source, choice)
    }

    fn begin(&mut self, source: Source, choice: Choice) -> Result<Parts, String> {
        let (reading, ranges) = Reading::begin_all(&source.files, choice)?;
        let file = source.file;
        self.reading = Some((reading, source));
        Ok(Parts { file, ranges })
    }

    /// Parts of it arrived: more are to be read, or none, and then a network is open.
    pub fn take(&mut self, parts: &[Vec<u8>]) -> Result<Parts, String> {
        let Some((reading, source)) = self.reading.take() else { return Ok(Parts::default()) };
        match reading.go_on(parts)? {
            Next::Read(reading, ranges) => {
                let file = source.file;
                self.reading = Some((reading, source));
                Ok(Parts { file, ranges })
            }
            Next::Opened(opened) => {
                self.show(*opened, Some(source));
                self.wants_diagnosis = true;
                Ok(Parts::default())
            }
        }
    }

    /// The file could not be read.
    pub fn fail(&mut self) {
        self.reading = None;
    }

    /// Shows a network that was read elsewhere.
    pub fn open(&mut self, opened: Opened) {
        self.show(opened, None);
    }

    fn show(&mut self, opened: Opened, source: Option<Source>) {
        self.aside = false;
        self.gone = None;
        self.diagnosed = None;
        self.start = OpenedStart::default();
        self.opened = Some(OpenedFile::new(opened, source));
        self.revision += 1;
    }

    /// The network, while its spectrum is not known and somebody has to look for it.
    pub fn wants_spectrum(&self) -> Option<&SharedNetwork> {
        self.opened.as_ref().map(|file| &file.given).filter(|given| !given.has_spectrum())
    }

    /// Takes what was found for [`OpenedNetwork::wants_spectrum`].
    pub fn bring_spectrum(&mut self, study: RecurrenceStudy) {
        if let Some(OpenedFile { given, .. }) = &mut self.opened {
            *given = given.with_spectrum(study);
            self.revision += 1;
        }
    }

    /// What the page should be set to, so that its words and formulas are about this network. The sizes stay: M and what is trained
    /// have them too.
    pub fn imply(&self, settings: &mut Settings) {
        let Some(OpenedFile { given, .. }) = &self.opened else { return };
        let network = &given.network;
        settings.set(&schema::CELL.spec, Value::Choice(network.cell.kind));
        // What a state dict does not say was chosen: one of those that its module has, or it is the module's default.
        let chosen = cells::of_kind(network.cell.kind, settings.get(&schema::ACTIVATION));
        let stays = !given.says_activation && chosen.is_some_and(|cell| cell.module.is_some());
        if let Some(activation) = network.cell.activation.filter(|_| !stays) {
            settings.set(&schema::ACTIVATION.spec, Value::Choice(activation));
        }
        settings.clear(&schema::OWN_INPUTS.spec);
        if !matches!(settings.get(&schema::INPUTS), "zero" | "noise") {
            settings.set(&schema::INPUTS.spec, Value::Choice(schema::NOISE));
        }
        if given.sequences.is_some() || given.inputs.is_some() {
            settings.clear(&schema::TIME.spec);
        }
    }

    /// As [`OpenedFile::unsaid_activation`].
    pub fn unsaid_activation(&self) -> Option<&'static str> {
        self.opened.as_ref()?.unsaid_activation()
    }

    /// The network that is shown.
    pub fn shown(&self) -> Option<&SharedNetwork> {
        self.opened.as_ref().map(|file| &file.given).filter(|_| !self.aside)
    }

    /// Puts it away for good.
    pub fn close(&mut self) {
        *self = Self { revision: self.revision + 1, offered: self.offered, ..Self::default() };
    }

    /// Whether the page shows its own networks all the same.
    pub fn is_aside(&self) -> bool {
        self.aside
    }

    /// The page's own networks are shown, and this one kept; or it is shown again. Whether that changes anything.
    pub fn set_aside(&mut self, aside: bool) -> bool {
        let changes = self.opened.is_some() && self.aside != aside;
        self.aside = aside;
        self.revision += u64::from(changes);
        changes
    }

    /// Whether a control has an effect on the network that is shown; `None`: as it has without it.
    pub fn shows(&self, spec: &ParamSpec, settings: &Settings) -> Option<bool> {
        let is = |other: &ParamSpec| other.key == spec.key;
        let Some(given) = self.shown() else { return is(&schema::OWN_INPUTS.spec).then_some(false) };
        let of_matrix = is(&schema::HIDDEN_SIZE.spec) || is(&schema::EIGENVALUES[0].spec);
        if draws(spec.key) || of_matrix && settings.get(&schema::FAMILY) == "own" {
            return Some(false);
        }
        if is(&schema::ACTIVATION.spec) {
            return Some(given.network.cell.activation.is_some());
        }
        let (whole, inputs) = (given.sequences.is_some(), given.inputs.is_some());
        if is(&schema::OWN_INPUTS.spec) {
            return Some(whole || inputs);
        }
        let used = settings.get(&schema::OWN_INPUTS);
        if is(&schema::SEQUENCE_LENGTH.spec) || is(&schema::INPUTS.spec) {
            return Some(!(used && (whole || inputs)));
        }
        if is(&schema::INPUT_NOISE.spec) {
            return Some(!(used && (whole || inputs)) && settings.get(&schema::INPUTS) != "zero");
        }
        if is(&schema::LOSS_AT.spec) {
            return Some(!(used && whole));
        }
        if is(&schema::START_NORM.spec) || is(&schema::TASK.spec) && self.start.rules(spec.key) {
            return Some(false);
        }
        None
    }

    /// Diagnoses the network that is shown within an effort; `None` without one. `config`: how it is run now.
    pub fn report(&self, settings: &Settings, config: &NetworkConfig, effort: Effort) -> Option<Report> {
        let file = self.opened.as_ref().filter(|_| !self.aside)?;
        let diagnosis = diagnosis::run(config, effort);
        let (remarks, run_on) = (file.remarks(settings), file.run_on(settings));
        Some(Report { name: file.name.clone(), remarks, run_on, diagnosis })
    }

    /// A report is made when it is known how the network is run.
    pub fn want_diagnosis(&mut self) {
        self.wants_diagnosis = self.shown().is_some();
        self.revision += u64::from(self.wants_diagnosis);
    }

    /// Makes the report that is wanted. One on another run of the network is made anew if there is time for it (`anew`: not while a
    /// hand moves something), or else forgotten.
    pub fn diagnose(&mut self, settings: &Settings, config: &NetworkConfig, anew: bool) {
        if self.shown().is_none() {
            return;
        }
        let before = self.diagnosed.take();
        let tried = before.as_ref().and_then(Diagnosed::tried);
        self.wants_diagnosis |= anew && before.is_some();
        self.diagnosed = before.filter(|diagnosed| diagnosed.is_of(config));
        if std::mem::take(&mut self.wants_diagnosis) && self.diagnosed.is_none() {
            let report = self.report(settings, config, Effort::SHORT);
            self.diagnosed = report.map(|report| Diagnosed::new(config, report, tried));
        }
    }

    /// Lets training start from the network that is shown, or from drawn weights again.
    ///
    /// # Errors
    /// A sentence, if it cannot.
    pub fn train(&mut self, settings: &Settings) -> Result<(), String> {
        if let Some(given) = self.shown().filter(|_| !self.start.is_wanted) {
            OpenedStart::check(given, settings)?;
        }
        self.start.is_wanted = !self.start.is_wanted && self.shown().is_some();
        self.revision += 1;
        Ok(())
    }

    /// The same, but never from drawn weights again.
    ///
    /// # Errors
    /// A sentence, if training cannot start from the network.
    pub fn learn(&mut self, settings: &Settings) -> Result<(), String> {
        if self.start.is_wanted { Ok(()) } else { self.train(settings) }
    }

    /// What training starts from; `None`: from drawn weights.
    pub fn start(&mut self, settings: &Settings) -> Option<&Start> {
        let shown = self.opened.as_ref().map(|file| &file.given).filter(|_| !self.aside);
        self.start.get(shown, settings)
    }

    /// Whether a parameter of a lane has no effect, because runs start from the network.
    pub fn rules(&self, key: &str) -> bool {
        self.start.rules(key)
    }

    /// What is said where runs are shown: nothing, while they start from drawn weights. `settings`: those of lane A.
    pub fn start_words(&self, settings: &Settings) -> String {
        self.opened.as_ref().map_or_else(String::new, |file| self.start.words(file, settings))
    }

    /// Draws a proposal's curve beside the original, or takes it away.
    pub fn try_out(&mut self, slug: &'static str) {
        if let Some(diagnosed) = &mut self.diagnosed {
            diagnosed.try_out(slug);
            self.revision += 1;
        }
    }

    /// The curve that is drawn beside the original, if any is.
    pub fn proposals(&self) -> Vec<(String, Vec<f64>)> {
        let diagnosed = self.diagnosed.as_ref().filter(|_| self.shown().is_some());
        diagnosed.map_or_else(Vec::new, Diagnosed::curves)
    }

    /// The report as a file; `None` without one.
    pub fn report_file(&self, is_json: bool) -> Option<Download> {
        self.diagnosed.as_ref().map(|diagnosed| diagnosed.file(is_json))
    }

    /// The network of that file went when the page was loaded again. What is to be said.
    pub fn lose(&mut self, name: String) -> Option<String> {
        if self.opened.is_none() {
            self.gone = Some(name);
            self.revision += 1;
        }
        self.gone_words()
    }

    fn gone_words(&self) -> Option<String> {
        self.gone.as_ref().map(|name| {
            format!("The network of “{name}” was held by this page alone and went when it was loaded again: open the file again.")
        })
    }

    /// What the page says of it; `search`: how far its spectrum is, and `on_page`: whether that is computed on the page's own
    /// thread.
    pub fn panel(&self, settings: &Settings, search: Search, on_page: bool) -> OpenedPanel {
        let Some(file) = &self.opened else {
            let (name, gone) = (self.gone.clone().unwrap_or_default(), self.gone_words().unwrap_or_default());
            return OpenedPanel { name, gone, ..OpenedPanel::default() };
        };
        let mut panel = file.panel(settings, (search, on_page), self.aside);
        panel.trains = self.start.is_wanted && !self.aside;
        let untrained = OpenedStart::check(&file.given, settings).err().unwrap_or_default();
        panel.report = self.diagnosed.as_ref().filter(|_| !self.aside).map(|found| found.shown(untrained));
        panel
    }
}
