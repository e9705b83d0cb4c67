//! Training from the opened network: whether the lanes and the short runs start from it, and what is said of that.
use crate::model;
use crate::opened_file::OpenedFile;
use crate::schema;
use vanishing_core::cells::CellSpec;
use vanishing_core::param::Settings;
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::tasks;
use vanishing_core::training::{Start, params};

/// Whether runs start from the opened network, and from what of it.
#[derive(Default)]
pub struct OpenedStart {
    /// Whether somebody wants it.
    pub is_wanted: bool,
    /// What was made of it, and of what.
    made: Option<(Key, Result<Start, String>)>,
}

/// What a start depends on: the network, the cell that it is run as, whether the file's own sequences are learned.
type Key = (SharedNetwork, &'static CellSpec, bool);

fn key(given: &SharedNetwork, settings: &Settings) -> Key {
    (given.without_spectrum(), model::cell_of(given, settings), settings.get(&schema::OWN_INPUTS))
}

impl OpenedStart {
    /// Whether runs can start from that network; if not, why not.
    pub fn check(given: &SharedNetwork, settings: &Settings) -> Result<(), String> {
        let (given, cell, _) = key(given, settings);
        Start::new(&given, cell, false).map(drop)
    }

    /// What runs start from; `None`: they draw their weights.
    pub fn get(&mut self, given: Option<&SharedNetwork>, settings: &Settings) -> Option<&Start> {
        let Some(given) = given.filter(|_| self.is_wanted) else {
            self.made = None;
            return None;
        };
        let key = key(given, settings);
        if self.made.as_ref().is_none_or(|(of, _)| *of != key) {
            let start = Start::new(&key.0, key.1, key.2);
            self.made = Some((key, start));
        }
        self.made.as_ref().and_then(|(_, start)| start.as_ref().ok())
    }

    /// Whether a parameter of a lane has no effect, because what runs start from says it.
    pub fn rules(&self, key: &str) -> bool {
        let Some((_, Ok(start))) = &self.made else { return false };
        let of_task = [&params::TASK.spec, &params::SEQUENCE_LENGTH.spec];
        let of_task = of_task.into_iter().filter(|_| start.own().is_some());
        let of_network =
            [&params::CELL.spec, &params::ACTIVATION.spec, &params::HIDDEN_SIZE.spec, &params::LAYERS.spec];
        let all = of_network.into_iter().chain(params::OF_MATRIX.iter().copied()).chain(of_task);
        all.into_iter().any(|spec| spec.key == key)
    }

    /// What is said where runs are shown; empty while they draw their weights. `settings`: those of lane A.
    pub fn words(&self, file: &OpenedFile, settings: &Settings) -> String {
        let (wants_own, start) = match &self.made {
            None => return String::new(),
            Some((_, Err(why))) => return why.clone(),
            Some(((_, _, wants_own), Ok(start))) => (wants_own, start),
        };
        let mut words = format!("All lanes and the short runs start from {}. ", file.called());
        match start.own() {
            Some(own) => {
                words += &format!(
                    "They learn the file’s own sequences, {} of {} steps, and are tested on the same.",
                    own.count(),
                    own.steps()
                );
                if !start.has_readout() {
                    words += " A readout that starts as the identity is trained with it.";
                }
                words += " Without “the file’s own inputs” (chapter 3) they learn a task of the page.";
            }
            None => {
                if let Some(task) = tasks::find(settings.get(&params::TASK)) {
                    words += &format!("They learn the task “{}” with its recurrent weights and biases.", task.title);
                    if !start.takes_inputs(task.input_size) {
                        words += &format!(
                            " The file’s input weights are for {} inputs, and the task has {}: they are drawn anew.",
                            start.network().input_size,
                            task.input_size
                        );
                    }
                    if !start.takes_readout(task.output_size) {
                        let outputs = task.output_size;
                        words += &format!(" The file has no readout in use for {outputs} outputs: it is drawn anew.");
                    }
                }
                if *wants_own && file.given.sequences.is_some() {
                    words += " The file’s own sequences are not learned: they start from states of their own, or have a loss of another kind.";
                }
            }
        }
        words += " Remedies that change the start change these weights, and none puts another cell in.";
        words += " No link holds this, and the experiment draws its weights.";
        words
    }
}
