//! The spectrum of an opened network whose matrix is too large to be looked at in a frame.
use crate::jobs::order::Order;
use crate::jobs::pool::Generations;
use vanishing_charts::model::Search;
use vanishing_core::studies::opened::SharedNetwork;
use vanishing_core::studies::recurrence::RecurrenceStudy;

/// The search for the spectrum of one network.
#[derive(Default)]
pub struct Spectrum {
    of: Option<SharedNetwork>,
    generation: u64,
    state: Search,
}

impl Spectrum {
    /// Looks for the spectrum of that network, until there is another one or none. What was found or given up is not
    /// looked for again. Whether that is news.
    pub fn want(&mut self, wanted: Option<&SharedNetwork>, generations: &mut Generations) -> bool {
        if self.of.as_ref() == wanted {
            return false;
        }
        self.of = wanted.cloned();
        self.state = match wanted {
            Some(_) => {
                self.generation = generations.another();
                Search::Going(0.0)
            }
            None => Search::Idle,
        };
        true
    }

    /// How far it is.
    pub fn state(&self) -> Search {
        self.state
    }

    /// The order that is due, with its generation.
    pub fn order(&self) -> Option<(u64, Order)> {
        let of = self.of.as_ref().filter(|_| matches!(self.state, Search::Going(_)))?;
        let (cell, size) = (of.network.cell.slug.to_owned(), of.network.hidden_size as u64);
        Some((self.generation, Order::Spectrum { generation: self.generation, cell, size }))
    }

    /// What its worker has to be given: the blocks of the top layer's recurrent matrix, row after row.
    pub fn numbers(&self) -> Vec<f64> {
        let Some(of) = &self.of else { return Vec::new() };
        let blocks = of.blocks(of.network.layers - 1);
        blocks.iter().flat_map(|block| block.transpose().as_slice().to_vec()).collect()
    }

    /// Takes the share that is done, and what was found. `None`: it is about another network.
    pub fn worked(
        &mut self,
        generation: u64,
        progress: f64,
        study: Option<RecurrenceStudy>,
    ) -> Option<Option<RecurrenceStudy>> {
        if generation != self.generation || !matches!(self.state, Search::Going(_)) {
            return None;
        }
        self.state = if study.is_some() { Search::Idle } else { Search::Going(progress) };
        Some(study)
    }

    /// Its worker is gone, and with it what was done.
    pub fn begin_anew(&mut self) {
        if matches!(self.state, Search::Going(_)) {
            self.state = Search::Going(0.0);
        }
    }

    /// Gives it up, until another network is opened. Whether there was a search.
    pub fn give_up(&mut self) -> bool {
        let was_going = matches!(self.state, Search::Going(_));
        if was_going {
            self.state = Search::GivenUp;
        }
        was_going
    }
}
