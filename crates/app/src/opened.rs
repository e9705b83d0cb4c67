//! The opened network: from the offer of a file to what chapter 3 shows of it.
//!
//! The file is read part by part ([`vanishing_weights::Reading`] says which); what is too much for one frame, the spectrum of
//! a large matrix, is found in the background and put in ([`OpenedNetwork::bring_spectrum`]). A network is in no address: a
//! link shows the page without it, and the page says so.
use crate::diagnosed::Diagnosed;
use crate::effects::{Download, OpenedPanel};
use crate::report::Report;
use crate::schema;
use std::ops::Range;
use vanishing_charts::format;
use vanishing_charts::model::Search;
use vanishing_core::cells;
use vanishing_core::param::{ParamSpec, Settings, Value};
use vanishing_core::stack::Stack;
use vanishing_core::studies::diagnosis::{self, Effort};
use vanishing_core::studies::network::NetworkConfig;
use vanishing_core::studies::opened::{MOST_PARAMETERS, SharedNetwork};
use vanishing_core::studies::recurrence::RecurrenceStudy;
use vanishing_weights::{Found, Next, Opened, Reading};

/// Rows of the list of tensors; a file has all.
const MOST_TENSORS: usize = 60;

/// Whether a parameter says how the page draws a network of its own: it has no effect on one that is given.
pub fn draws(key: &str) -> bool {
    schema::draws_network(key)
}

/// Which of its networks the page shows: its own, or the one of a file.
#[derive(Default)]
pub struct OpenedNetwork {
    reading: Option<Reading>,
    opened: Option<File>,
    /// The report on it.
    diagnosed: Option<Diagnosed>,
    /// Whether there is to be one.
    wants_diagnosis: bool,
    /// Whether the page shows its own networks again, and keeps this one.
    aside: bool,
    /// How often what is known of it changed.
    revision: u64,
}

/// A file that was opened.
struct File {
    name: String,
    given: SharedNetwork,
    found: Vec<Found>,
    remarks: Vec<String>,
}

impl OpenedNetwork {
    /// Another number whenever another network is shown, or more is known of it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A file is offered; the parts of it that are to be read.
    pub fn offer(&mut self, name: &str, size: u64) -> Result<Vec<Range<u64>>, String> {
        let (reading, ranges) = Reading::begin(name, size)?;
        self.reading = Some(reading);
        Ok(ranges)
    }

    /// Parts of it arrived: more are to be read, or none, and then a network is open.
    pub fn take(&mut self, parts: &[Vec<u8>]) -> Result<Vec<Range<u64>>, String> {
        let Some(reading) = self.reading.take() else { return Ok(Vec::new()) };
        match reading.go_on(parts)? {
            Next::Read(reading, ranges) => {
                self.reading = Some(reading);
                Ok(ranges)
            }
            Next::Opened(opened) => {
                self.open(*opened);
                self.wants_diagnosis = true;
                Ok(Vec::new())
            }
        }
    }

    /// The file could not be read.
    pub fn fail(&mut self) {
        self.reading = None;
    }

    /// Shows a network.
    pub fn open(&mut self, opened: Opened) {
        let Opened { name, network: given, found, mut remarks, unfit, .. } = opened;
        remarks.extend(unfit.into_iter().map(|what| format!("{what}.")));
        self.aside = false;
        self.diagnosed = None;
        self.opened = Some(File { name, given: SharedNetwork::new(given), found, remarks });
        self.revision += 1;
    }

    /// The network, while its spectrum is not known and somebody has to look for it.
    pub fn wants_spectrum(&self) -> Option<&SharedNetwork> {
        self.opened.as_ref().map(|file| &file.given).filter(|given| !given.has_spectrum())
    }

    /// Takes what was found for [`OpenedNetwork::wants_spectrum`].
    pub fn bring_spectrum(&mut self, study: RecurrenceStudy) {
        if let Some(File { given, .. }) = &mut self.opened {
            *given = given.with_spectrum(study);
            self.revision += 1;
        }
    }

    /// What the page should be set to, so that its words and formulas are about this network. The sizes stay: M and what is trained
    /// have them too.
    pub fn imply(&self, settings: &mut Settings) {
        let Some(File { given, .. }) = &self.opened else { return };
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

    /// The kind of its cell, where that has activations to choose from and the file does not say which was trained.
    pub fn unsaid_activation(&self) -> Option<&'static str> {
        let given = &self.opened.as_ref()?.given;
        let cell = given.network.cell;
        (cell.activation.is_some() && !given.says_activation).then_some(cell.kind)
    }

    /// The network that is shown.
    pub fn shown(&self) -> Option<&SharedNetwork> {
        self.opened.as_ref().map(|file| &file.given).filter(|_| !self.aside)
    }

    /// Puts it away for good.
    pub fn close(&mut self) {
        *self = Self { revision: self.revision + 1, ..Self::default() };
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
        if is(&schema::START_NORM.spec) {
            return Some(false);
        }
        None
    }

    /// The file that is shown, what was said of it when it was opened, and what it is run on.
    fn said(&self, settings: &Settings) -> Option<(&str, Vec<String>, String)> {
        let File { name, given, remarks, .. } = self.opened.as_ref().filter(|_| !self.aside)?;
        let of_stack = given.stack.as_ref().into_iter().flat_map(of_stack);
        let assumed = self.unsaid_activation().map(|kind| {
            let taken = cells::of_kind(kind, settings.get(&schema::ACTIVATION)).map_or("", |cell| cell.title);
            format!("A state dict does not say which activation was trained: it was run as a {taken}.")
        });
        let all = remarks.iter().cloned().chain(of_stack).chain(assumed).collect();
        Some((name, all, self.run_on(given, settings)))
    }

    /// Diagnoses the network that is shown within an effort; `None` without one. `config`: how it is run now.
    pub fn report(&self, settings: &Settings, config: &NetworkConfig, effort: Effort) -> Option<Report> {
        let (name, remarks, run_on) = self.said(settings)?;
        let diagnosis = diagnosis::run(config, effort);
        Some(Report { name: name.to_owned(), remarks, run_on, diagnosis })
    }

    /// A report is made when it is known how the network is run.
    pub fn want_diagnosis(&mut self) {
        self.wants_diagnosis = self.shown().is_some();
        self.revision += u64::from(self.wants_diagnosis);
    }

    /// Makes the report that is wanted; one on another run of the network is forgotten.
    pub fn diagnose(&mut self, settings: &Settings, config: &NetworkConfig) {
        if self.shown().is_none() {
            return;
        }
        self.diagnosed = self.diagnosed.take().filter(|diagnosed| diagnosed.is_of(config));
        if std::mem::take(&mut self.wants_diagnosis) && self.diagnosed.is_none() {
            let report = self.report(settings, config, Effort::SHORT);
            self.diagnosed = report.map(|report| Diagnosed::new(config, report));
        }
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

    /// What the page says of it; `search`: how far its spectrum is, and `on_page`: whether that is computed on the page's own
    /// thread.
    pub fn panel(&self, settings: &Settings, search: Search, on_page: bool) -> OpenedPanel {
        let Some(File { name, given, found, remarks }) = &self.opened else { return OpenedPanel::default() };
        let network = &given.network;
        let units = format!("{} hidden units", format::count(network.hidden_size as u64));
        let layers = if network.layers == 1 { "one layer".to_owned() } else { format!("{} layers", network.layers) };
        let cell = network.cell.kind.to_uppercase();
        let what = format!("{}: {cell}, {layers}, {units}, {} inputs", name, format::count(network.input_size as u64));
        let loss = match (&given.sequences, settings.get(&schema::LOSS_AT)) {
            (Some(_), _) if settings.get(&schema::OWN_INPUTS) => "The loss is the file’s.",
            (_, "every") => "L = ½ Σ ‖hₜ‖², h₀ = 0.",
            _ if given.stack.as_ref().is_some_and(|stack| stack.directions > 1) => {
                "L = ½ ‖h‖² at the last step of each direction, h₀ = 0."
            }
            _ => "L = ½ ‖h‖² at the last step, h₀ = 0.",
        };
        let mut sentences = vec![format!("{what}.")];
        sentences.extend(remarks.iter().cloned());
        sentences.extend(given.stack.as_ref().into_iter().flat_map(of_stack));
        sentences.push(self.run_on(given, settings));
        sentences.extend(self.unsaid_activation().map(|kind| {
            let taken = cells::of_kind(kind, settings.get(&schema::ACTIVATION)).map_or("", |cell| cell.title);
            format!("A state dict does not say which activation was trained: it is run as a {taken}, as chosen above.")
        }));
        sentences.push(
            "It is in no link and leaves no machine: who opens a link to this page sees it without the network."
                .to_owned(),
        );
        if search == Search::GivenUp {
            sentences.push("Its eigenvalues were given up; all else is computed.".to_owned());
        }
        let left = found.len().saturating_sub(MOST_TENSORS);
        let mut tensors: Vec<[String; 3]> = found
            .iter()
            .take(MOST_TENSORS)
            .map(|found| {
                let shape: Vec<String> = found.shape.iter().map(usize::to_string).collect();
                let used = if found.used { "used" } else { "not used" };
                [found.name.clone(), format!("{} × {}", shape.join(" × "), found.kind), used.to_owned()]
            })
            .collect();
        if left > 0 {
            tensors.push([format!("and {left} more"), String::new(), String::new()]);
        }
        let progress = match search {
            Search::Going(progress) => Some(progress),
            Search::Idle | Search::GivenUp => None,
        };
        let spectrum = match progress {
            Some(progress) => format!(
                "The eigenvalues of {} × {} numbers are being computed{}: {} %.",
                network.hidden_size,
                network.hidden_size,
                if on_page { ", on the page’s own thread" } else { " in a worker" },
                (100.0 * progress).floor()
            ),
            None => String::new(),
        };
        OpenedPanel {
            strip: if self.aside {
                format!("{} is kept; the page shows a network of its own.", name)
            } else {
                format!("{what}. {loss}")
            },
            sentences,
            tensors,
            spectrum,
            progress,
            open: true,
            aside: self.aside,
            report: self.diagnosed.as_ref().filter(|_| !self.aside).map(Diagnosed::shown),
        }
    }

    /// What it is run on, in a sentence.
    fn run_on(&self, given: &SharedNetwork, settings: &Settings) -> String {
        let used = settings.get(&schema::OWN_INPUTS);
        let loss =
            if settings.get(&schema::LOSS_AT) == "every" { "all states of its top layer" } else { "the last state" };
        match (&given.sequences, &given.inputs) {
            (Some(sequences), _) if used => format!(
                "It is run on the file’s own inputs, {} steps of {} at a time, with the file’s loss.",
                sequences.steps,
                if sequences.batch_size == 1 {
                    "one sequence".to_owned()
                } else {
                    format!("{} sequences", sequences.batch_size)
                }
            ),
            (_, Some(inputs)) if used => {
                let steps = inputs.len() / given.network.input_size.max(1);
                format!(
                    "It is run on the file’s own inputs, {steps} steps; the loss is half the squared length of {loss}, and it starts at zero."
                )
            }
            _ => {
                let inputs = match settings.get(&schema::INPUTS) {
                    "zero" => "without inputs".to_owned(),
                    _ => format!(
                        "on random inputs of standard deviation {}",
                        format::short(settings.get(&schema::INPUT_NOISE))
                    ),
                };
                format!("It is run {inputs}; the loss is half the squared length of {loss}, and it starts at zero.")
            }
        }
    }
}

/// What a network in both directions, or with projected states, or a very large one, is shown as.
fn of_stack(stack: &Stack) -> Vec<String> {
    let mut sentences = Vec::new();
    if stack.directions > 1 {
        sentences.push(
            "It reads in both directions: the curves of the gradient are of both, the reverse one by its own steps; all other \
             figures are of its top layer forwards in time."
                .to_owned(),
        );
    }
    if stack.is_projected() {
        sentences.push(format!(
            "Its states are projected: hₜ is a product of a matrix with o ⊙ tanh cₜ and has {} numbers, and the curves of the gradient are of this hₜ; all other \
             figures are of the {} units before it.",
            format::count(stack.state_size as u64),
            format::count(stack.hidden_size as u64)
        ));
    }
    if stack.numbers() > MOST_PARAMETERS {
        sentences.push(format!(
            "It has {} numbers: too many for the gradient of its weights, which is left out.",
            format::count(stack.numbers() as u64)
        ));
    }
    sentences
}
