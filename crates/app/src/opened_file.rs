//! The file whose network is open: what is known of it, in words.
use crate::effects::{Menu, OpenedPanel};
use crate::schema;
use vanishing_charts::format;
use vanishing_charts::model::Search;
use vanishing_core::cells;
use vanishing_core::param::Settings;
use vanishing_core::remedies;
use vanishing_core::stack::Stack;
use vanishing_core::studies::opened::{MOST_PARAMETERS, SharedNetwork};
use vanishing_weights::{Choice, Found, FoundNetwork, FoundReadout, Opened};

/// Rows of the list of tensors; a file has all.
const MOST_TENSORS: usize = 60;
/// Entries of a menu; a model of mixtures may have thousands of networks.
const MOST_ENTRIES: usize = 200;

/// A file that somebody can read again, or several of one model.
#[derive(Clone)]
pub struct Source {
    /// Its number among those that were offered, from 1.
    pub file: u64,
    /// The name of each, as the reader's system has it, and its size in bytes.
    pub files: Vec<(String, u64)>,
}

/// A file that was opened.
pub struct OpenedFile {
    /// Its name, as it stands in sentences.
    pub name: String,
    /// Its network.
    pub given: SharedNetwork,
    /// Where it can be read again.
    pub source: Option<Source>,
    found: Vec<Found>,
    remarks: Vec<String>,
    networks: Vec<FoundNetwork>,
    chosen: usize,
    readouts: Vec<FoundReadout>,
}

impl OpenedFile {
    /// Of what was found in it.
    pub fn new(opened: Opened, source: Option<Source>) -> Self {
        let Opened { name, network, found, mut remarks, unfit, networks, chosen, mut readouts } = opened;
        remarks.extend(unfit.into_iter().map(|what| format!("{what}.")));
        readouts.retain(|readout| readout.fits);
        Self { name, given: SharedNetwork::new(network), source, found, remarks, networks, chosen, readouts }
    }

    /// What opens the network at a place of the menu.
    pub fn network(&self, place: usize) -> Option<Choice> {
        Some(Choice { network: Some(self.networks.get(place)?.prefix.clone()), readout: None })
    }

    /// What lets the layer at a place of the menu read the output.
    pub fn readout(&self, place: usize) -> Option<Choice> {
        let network = self.network(self.chosen)?.network;
        Some(Choice { network, readout: Some(self.readouts.get(place)?.prefix.clone()) })
    }

    /// The menu of its recurrent networks.
    fn networks(&self) -> Menu {
        let entry = |network: &FoundNetwork| {
            let cell = network.cell.map_or(String::new(), |cell| format!(" {}", cell.kind.to_uppercase()));
            format!(
                "{}{cell}, {}, {} hidden units",
                called(&network.prefix),
                layers(network.layers),
                network.hidden_size
            )
        };
        self.menu(self.networks.iter().map(entry), Some(self.chosen))
    }

    /// The menu of the layers that its output may be read by.
    fn readouts(&self) -> Menu {
        let entry = |readout: &FoundReadout| format!("{}, {} outputs", called(&readout.prefix), readout.output_size);
        self.menu(self.readouts.iter().map(entry), self.readouts.iter().position(|readout| readout.used))
    }

    fn menu(&self, entries: impl Iterator<Item = String>, chosen: Option<usize>) -> Menu {
        let entries: Vec<String> = entries.take(MOST_ENTRIES).collect();
        match self.source {
            Some(_) if entries.len() > 1 => Menu { entries, chosen },
            _ => Menu::default(),
        }
    }

    /// The kind of its cell, where that has activations to choose from and the file does not say which was trained.
    pub fn unsaid_activation(&self) -> Option<&'static str> {
        let given = &self.given;
        let cell = given.network.cell;
        (cell.activation.is_some() && !given.says_activation).then_some(cell.kind)
    }

    /// The file and its network, without a full stop.
    pub fn called(&self) -> String {
        let network = &self.given.network;
        let (cell, layers) = (network.cell.kind.to_uppercase(), layers(network.layers));
        let (units, inputs) = (format::count(network.hidden_size as u64), format::count(network.input_size as u64));
        format!("{}: {cell}, {layers}, {units} hidden units, {inputs} inputs", self.name)
    }

    /// What was said of it when it was opened, and what is assumed.
    pub fn remarks(&self, settings: &Settings) -> Vec<String> {
        let of_stack = self.given.stack.as_ref().into_iter().flat_map(of_stack);
        let assumed = self.unsaid_activation().map(|kind| {
            let taken = cells::of_kind(kind, settings.get(&schema::ACTIVATION)).map_or("", |cell| cell.title);
            format!("A state dict does not say which activation was trained: it was run as a {taken}.")
        });
        self.remarks.iter().cloned().chain(of_stack).chain(assumed).collect()
    }

    /// What the page says of it; `search`: how far its spectrum is, and whether that is computed on the page's own thread.
    /// `aside`: the page shows its own networks all the same.
    pub fn panel(&self, settings: &Settings, (search, on_page): (Search, bool), aside: bool) -> OpenedPanel {
        let Self { name, given, found, remarks, .. } = self;
        let network = &given.network;
        let what = self.called();
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
        sentences.push(self.run_on(settings));
        sentences.extend(self.unsaid_activation().map(|kind| {
            let taken = cells::of_kind(kind, settings.get(&schema::ACTIVATION)).map_or("", |cell| cell.title);
            format!("A state dict does not say which activation was trained: it is run as a {taken}. If it was another, choose it above.")
        }));
        sentences.extend(remedies_on(settings));
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
            name: name.clone(),
            gone: String::new(),
            strip: if aside {
                format!("{} is kept; the page shows a network of its own.", name)
            } else {
                format!("{what}. {loss}")
            },
            sentences,
            tensors,
            spectrum,
            progress,
            open: true,
            aside,
            file: self.source.as_ref().map_or(0, |source| source.file),
            networks: self.networks(),
            readouts: self.readouts(),
            trains: false,
            asks_activation: self.unsaid_activation().is_some() && !aside,
            report: None,
        }
    }

    /// What it is run on, in a sentence.
    pub fn run_on(&self, settings: &Settings) -> String {
        let given = &self.given;
        let used = settings.get(&schema::OWN_INPUTS);
        let loss =
            if settings.get(&schema::LOSS_AT) == "every" { "all states of its top layer" } else { "the last state" };
        match (&given.sequences, &given.inputs) {
            (Some(sequences), _) if used => format!(
                "It is run on the file’s own inputs, {} of {} steps, with the file’s loss.",
                if sequences.batch_size == 1 {
                    "one sequence".to_owned()
                } else {
                    format!("{} sequences", sequences.batch_size)
                },
                sequences.steps
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

/// That remedies are on, which were chosen before the file was opened or for another one.
fn remedies_on(settings: &Settings) -> Option<String> {
    let on: Vec<&str> = remedies::switched_on(settings).map(|spec| spec.title).collect();
    let (is, them) = if on.len() == 1 { ("A remedy is", "it") } else { ("Remedies are", "them") };
    (!on.is_empty()).then(|| format!("{is} on: {}. The report is about the network without {them}.", on.join(", ")))
}

fn layers(count: usize) -> String {
    if count == 1 { "one layer".to_owned() } else { format!("{count} layers") }
}

/// A prefix in a menu.
fn called(prefix: &str) -> &str {
    if prefix.is_empty() { "(no prefix)" } else { prefix }
}

/// What a network in both directions, or with projected states, or a very large one, is shown as.
fn of_stack(stack: &Stack) -> Vec<String> {
    let mut sentences = Vec::new();
    if stack.directions > 1 {
        sentences.push(
            "It reads in both directions: the curves of the gradient are of both, the reverse one by its own steps; the \
             other pictures of chapter 3 are of its top layer forwards in time."
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
