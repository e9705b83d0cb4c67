//! A network that the reader brings: from the offer of a file to what chapter 3 shows of it.
//!
//! The file is read part by part ([`vanishing_weights::Reading`] says which); what is too much for one frame, the spectrum of
//! a large matrix, goes to a worker of its own and can be given up. A network is in no address: a link shows the page
//! without it, and the page says so.
use crate::effects::OwnPanel;
use crate::schema;
use crate::trainings::{PAGE_SLICE, SLICE, Where, Work};
use crate::work::{Order, Reply};
use std::ops::Range;
use vanishing_charts::format;
use vanishing_core::param::{ParamSpec, Settings, Value};
use vanishing_core::studies::own::Own;
use vanishing_weights::{Found, Next, Opened, Reading};

/// The number of its worker: those of the laboratory come before it.
pub const WORKER: usize = 1_000;

/// Rows of the list of tensors; a file has all.
const MOST_TENSORS: usize = 60;

/// Whether a parameter says how the page draws a network of its own: it has no effect on one that is given.
pub fn draws(key: &str) -> bool {
    schema::draws_network(key)
}

/// Which of its networks the page shows: its own, or the reader's.
#[derive(Default)]
pub struct OwnFile {
    reading: Option<Reading>,
    opened: Option<File>,
    /// Whether the page shows its own networks again, and keeps this one.
    aside: bool,
    generation: u64,
    run: Option<Run>,
    /// Whether the spectrum was given up.
    cancelled: bool,
    /// Why work is done on the page's own thread.
    on_page: Option<String>,
}

/// A file that was opened.
struct File {
    name: String,
    own: Own,
    found: Vec<Found>,
    remarks: Vec<String>,
}

/// The spectrum that a worker computes.
struct Run {
    progress: f64,
    /// Whether its worker has the matrix.
    has_matrix: bool,
    /// Whether an order is on its way.
    busy: bool,
}

impl OwnFile {
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
        let Opened { name, own, found, remarks } = opened;
        let own = Own::new(own);
        self.generation += 1;
        self.run = (!own.has_spectrum()).then_some(Run { progress: 0.0, has_matrix: false, busy: false });
        self.cancelled = false;
        self.aside = false;
        self.opened = Some(File { name, own, found, remarks });
    }

    /// Whether its spectrum is being computed.
    pub fn is_computing(&self) -> bool {
        self.run.is_some()
    }

    /// What the page should be set to, so that its words and formulas are about this network.
    pub fn imply(&self, settings: &mut Settings) {
        let Some(File { own, .. }) = &self.opened else { return };
        let network = &own.network;
        settings.set(&schema::CELL.spec, Value::Choice(network.cell.kind));
        if let Some(activation) = network.cell.activation {
            settings.set(&schema::ACTIVATION.spec, Value::Choice(activation));
        }
        // Those that are not numbers of units or layers of the page's own networks keep the nearest one.
        for (spec, size) in [(&schema::LAYERS.spec, network.layers), (&schema::HIDDEN_SIZE.spec, network.hidden_size)] {
            if let Some(value) = crate::Control::nearest(spec, size as f64) {
                settings.set(spec, value);
            }
        }
        settings.clear(&schema::OWN_INPUTS.spec);
        if !matches!(settings.get(&schema::INPUTS), "zero" | "noise") {
            settings.clear(&schema::INPUTS.spec);
        }
        if own.sequences.is_some() || own.inputs.is_some() {
            settings.clear(&schema::TIME.spec);
        }
    }

    /// The network that is shown.
    pub fn shown(&self) -> Option<&Own> {
        self.opened.as_ref().map(|file| &file.own).filter(|_| !self.aside)
    }

    /// Puts it away for good.
    pub fn close(&mut self) {
        *self = Self { generation: self.generation + 1, on_page: self.on_page.take(), ..Self::default() };
    }

    /// The page's own networks are shown, and this one kept; or it is shown again. Whether that changes anything.
    pub fn set_aside(&mut self, aside: bool) -> bool {
        let changes = self.opened.is_some() && self.aside != aside;
        self.aside = aside;
        changes
    }

    /// Gives up the spectrum.
    pub fn cancel(&mut self) {
        if self.run.take().is_some() {
            self.generation += 1;
            self.cancelled = true;
        }
    }

    /// Whether a control has an effect on the network that is shown; `None`: as it has without it.
    pub fn shows(&self, spec: &ParamSpec, settings: &Settings) -> Option<bool> {
        let is = |own: &ParamSpec| own.key == spec.key;
        let Some(own) = self.shown() else { return is(&schema::OWN_INPUTS.spec).then_some(false) };
        let of_matrix = is(&schema::SIZE.spec) || is(&schema::EIGENVALUES[0].spec);
        if draws(spec.key) || of_matrix && settings.get(&schema::FAMILY) == "own" {
            return Some(false);
        }
        if is(&schema::ACTIVATION.spec) {
            return Some(own.network.cell.activation.is_some());
        }
        let (whole, inputs) = (own.sequences.is_some(), own.inputs.is_some());
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

    /// The order that is due.
    pub fn dispatch(&mut self) -> Option<Work> {
        let own = &self.opened.as_ref()?.own;
        let run = self.run.as_mut().filter(|run| !run.busy)?;
        run.busy = true;
        let new = !run.has_matrix;
        run.has_matrix = true;
        let (cell, size) = (own.network.cell.slug, own.network.hidden_size);
        let numbers = match new {
            true => own
                .blocks(own.network.layers - 1)
                .iter()
                .flat_map(|block| block.transpose().as_slice().to_vec())
                .collect(),
            false => Vec::new(),
        };
        let order = Order::Spectrum { generation: self.generation, cell: cell.to_owned(), size: size as u64 };
        let (place, budget) = match (&self.on_page, new) {
            (Some(_), _) => (Where::Page, PAGE_SLICE),
            (None, true) => (Where::NewWorker, SLICE),
            (None, false) => (Where::Worker, SLICE),
        };
        Some(Work { worker: WORKER, place, order: order.text(), numbers, budget })
    }

    /// Its worker answered; whether there is news.
    pub fn worked(&mut self, reply: &[f64]) -> bool {
        let Some(Reply::Looked { generation, progress, study }) = Reply::read(reply) else { return false };
        if generation != self.generation {
            return false;
        }
        let (Some(run), Some(File { own, .. })) = (&mut self.run, &mut self.opened) else { return false };
        run.busy = false;
        run.progress = progress;
        if let Some(study) = study {
            *own = own.with_spectrum(study);
            self.run = None;
        }
        true
    }

    /// Its worker failed: the page does the work itself.
    pub fn trouble(&mut self, why: &str) {
        if let Some(run) = &mut self.run {
            self.on_page = Some(why.to_owned());
            self.generation += 1;
            *run = Run { progress: 0.0, has_matrix: false, busy: false };
        }
    }

    /// What the page says of it.
    pub fn panel(&self, settings: &Settings) -> OwnPanel {
        let Some(File { name, own, found, remarks }) = &self.opened else { return OwnPanel::default() };
        let network = &own.network;
        let units = format!("{} hidden units", format::count(network.hidden_size as u64));
        let layers = if network.layers == 1 { "one layer".to_owned() } else { format!("{} layers", network.layers) };
        let cell = network.cell.kind.to_uppercase();
        let what = format!("{}: {cell}, {layers}, {units}, {} inputs", name, format::count(network.input_size as u64));
        let loss = match (&own.sequences, settings.get(&schema::LOSS_AT)) {
            (Some(_), _) if settings.get(&schema::OWN_INPUTS) => "The loss is the file’s.",
            (_, "every") => "L = ½ Σ ‖hₜ‖², h₀ = 0.",
            _ => "L = ½ ‖h_T‖², h₀ = 0.",
        };
        let mut sentences = vec![format!("{what}.")];
        sentences.extend(remarks.iter().cloned());
        sentences.push(self.run_on(own, settings));
        if network.cell.activation.is_some() && own.sequences.is_none() {
            sentences.push("A state dict does not say which activation was trained: choose it above.".to_owned());
        }
        sentences.push(
            "It is in no link and leaves no machine: who opens a link to this page sees it without the network."
                .to_owned(),
        );
        if self.cancelled {
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
        let spectrum = match &self.run {
            Some(run) => format!(
                "The eigenvalues of {} × {} numbers are being computed{}: {} %.",
                network.hidden_size,
                network.hidden_size,
                if self.on_page.is_some() { ", on the page’s own thread" } else { " in a worker" },
                (100.0 * run.progress).floor()
            ),
            None => String::new(),
        };
        OwnPanel {
            strip: if self.aside {
                format!("{} is kept; the page shows a network of its own.", name)
            } else {
                format!("{what}. {loss}")
            },
            sentences,
            tensors,
            spectrum,
            progress: self.run.as_ref().map(|run| run.progress),
            open: true,
            aside: self.aside,
        }
    }

    /// What it is run on, in a sentence.
    fn run_on(&self, own: &Own, settings: &Settings) -> String {
        let used = settings.get(&schema::OWN_INPUTS);
        let loss =
            if settings.get(&schema::LOSS_AT) == "every" { "all states of its top layer" } else { "the last state" };
        match (&own.sequences, &own.inputs) {
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
                let steps = inputs.len() / own.network.input_size.max(1);
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
