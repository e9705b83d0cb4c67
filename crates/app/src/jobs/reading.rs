//! A text that is learned by networks of several cells side by side, each in a slot of its own.
//!
//! The text is in no address. It crosses to a worker as numbers, as the weights of an opened network do, and stays on the machine.
use crate::jobs::look::numbers_of;
use crate::jobs::order::{Order, query_of};
use crate::jobs::pool::{Generations, READERS};
use crate::jobs::reply::Reply;
use crate::schema;
use std::sync::{Arc, OnceLock};
use vanishing_charts::text_runs::{CELLS, TextRuns};
use vanishing_core::param::{Settings, Value};
use vanishing_core::text::{ALICE, Baselines, Corpus, defaults};
use vanishing_core::training::params;

/// The text that is shipped, and what counts of it cost.
fn shipped() -> Option<(Arc<Corpus>, Baselines)> {
    static SHIPPED: OnceLock<Option<(Arc<Corpus>, Baselines)>> = OnceLock::new();
    let read = || Corpus::new(ALICE).ok().map(|corpus| (Baselines::of(&corpus), Arc::new(corpus)));
    SHIPPED.get_or_init(|| read().map(|(baselines, corpus)| (corpus, baselines))).clone()
}

/// What the networks have in common, besides the text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sizes {
    units: usize,
    length: usize,
}

/// The networks.
#[derive(Default)]
pub struct Readings {
    shown: Option<TextRuns>,
    /// The text as it was given; empty: the one that is shipped.
    text: String,
    sizes: Option<Sizes>,
    generations: [u64; READERS],
    goes: bool,
}

impl Readings {
    /// What is to be seen of them; `None` before the first settings.
    pub fn shown(&self) -> Option<&TextRuns> {
        self.shown.as_ref()
    }

    /// Whether any of them is to go on.
    pub fn is_running(&self) -> bool {
        self.goes && (0..READERS).any(|lane| !self.has_ended(lane))
    }

    /// Whether every one has come to its end.
    pub fn have_ended(&self) -> bool {
        (0..READERS).all(|lane| self.has_ended(lane))
    }

    fn has_ended(&self, lane: usize) -> bool {
        let Some(shown) = &self.shown else { return true };
        shown.lanes.get(lane).is_none_or(|lane| lane.broke.is_some() || lane.updates >= shown.until)
    }

    /// Brings them in line with the settings of the page: other sizes begin again. Whether something changed.
    pub fn configure(&mut self, settings: &Settings, generations: &mut Generations) -> bool {
        let sizes = Sizes { units: settings.get(&schema::READ_UNITS), length: settings.get(&schema::READ_LENGTH) };
        let until = settings.get(&schema::READ_UPDATES) as u64;
        if self.shown.is_none() {
            self.shown = shipped().map(|(corpus, baselines)| TextRuns::new(corpus, baselines, until));
        }
        let other_sizes = self.sizes != Some(sizes);
        self.sizes = Some(sizes);
        if other_sizes {
            self.begin_again(generations);
        }
        let Some(shown) = &mut self.shown else { return other_sizes };
        let other_end = shown.until != until;
        shown.until = until;
        self.goes = self.is_running();
        other_sizes || other_end
    }

    /// Reads another text; an empty one is the one that is shipped.
    ///
    /// # Errors
    /// A sentence for a text that is too short or too long.
    pub fn take(&mut self, text: &str, generations: &mut Generations) -> Result<(), String> {
        let until = self.shown.as_ref().map_or(0, |shown| shown.until);
        let text = if text.trim().is_empty() { "" } else { text };
        let read = if text.is_empty() {
            shipped()
        } else {
            let corpus = Corpus::new(text)?;
            let baselines = Baselines::of(&corpus);
            Some((Arc::new(corpus), baselines))
        };
        if let Some((corpus, baselines)) = read {
            (self.shown, self.text) = (Some(TextRuns::new(corpus, baselines, until)), text.to_owned());
            self.begin_again(generations);
        }
        self.goes = false;
        Ok(())
    }

    /// All networks from their first update.
    pub fn begin_again(&mut self, generations: &mut Generations) {
        self.generations = [(); READERS].map(|()| generations.another());
        if let Some(shown) = &mut self.shown {
            shown.forget();
        }
    }

    /// Lets them learn, or not. Where all are at their end they begin again.
    pub fn run(&mut self, goes: bool, generations: &mut Generations) {
        if goes && self.have_ended() {
            self.begin_again(generations);
        }
        self.goes = goes;
    }

    /// The order that is due for a network, with its generation.
    pub fn order(&self, lane: usize) -> Option<(u64, Order)> {
        let shown = self.shown.as_ref().filter(|_| self.goes && !self.has_ended(lane))?;
        let (generation, known) = (*self.generations.get(lane)?, shown.lanes.get(lane)?.updates);
        let mut settings = defaults(CELLS[lane].0);
        let sizes = self.sizes?;
        settings.set(&params::HIDDEN_SIZE.spec, Value::Int(sizes.units as i64));
        settings.set(&params::SEQUENCE_LENGTH.spec, Value::Int(sizes.length as i64));
        let query = query_of(&settings, false);
        Some((generation, Order::Read { generation, known, until: shown.until, query }))
    }

    /// What a worker has to be given: the text, a number for each character.
    pub fn numbers(&self) -> Vec<f64> {
        numbers_of(if self.text.is_empty() { ALICE } else { &self.text })
    }

    /// Takes what was said of a network. `None`: it is about another run; else whether there was a look at it.
    pub fn worked(&mut self, lane: usize, reply: Reply) -> Option<bool> {
        let Reply::Read { generation, updates, broke, looks } = reply else { return None };
        if self.generations.get(lane) != Some(&generation) {
            return None;
        }
        let shown = self.shown.as_mut()?.lanes.get_mut(lane)?;
        shown.updates = shown.updates.max(updates);
        shown.broke = broke;
        let mut looked = false;
        for look in looks {
            // What a worker that began anew says again is known.
            if shown.bits.last().is_none_or(|(last, _)| *last < look.update) {
                shown.bits.push((look.update, look.bits));
                (shown.sample, shown.reach, looked) = (look.sample, Some(look.reach), true);
            }
        }
        self.goes = self.is_running();
        Some(looked)
    }
}
