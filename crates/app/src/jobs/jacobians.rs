//! The largest singular values of a large state's Jacobians: sought in the background while their figure is seen.
//!
//! What has to be known of the network is taken from it here ([`jacobians::factors`]) and given to the worker once; another
//! network is another search, and the old one is forgotten.
use crate::jobs::order::Order;
use crate::jobs::pool::Generations;
use vanishing_charts::model::Search;
use vanishing_core::studies::jacobians::{self, JacobianStudy};
use vanishing_core::studies::network::NetworkConfig;

/// The search for the values of one network.
#[derive(Default)]
pub struct Jacobians {
    of: Option<NetworkConfig>,
    generation: u64,
    state: Search,
    /// Whether somebody looks at their figure now.
    is_wanted: bool,
}

impl Jacobians {
    /// Looks for the values of that network; `None`: nobody looks at them, and the search waits.
    pub fn want(&mut self, wanted: Option<&NetworkConfig>, generations: &mut Generations) {
        self.is_wanted = wanted.is_some();
        if let Some(wanted) = wanted.filter(|wanted| self.of.as_ref() != Some(*wanted)) {
            self.of = Some(wanted.clone());
            self.generation = generations.another();
            self.state = Search::Going(0.0);
        }
    }

    /// The order that is due, with its generation.
    pub fn order(&self) -> Option<(u64, Order)> {
        let is_due = self.is_wanted && matches!(self.state, Search::Going(_));
        is_due.then_some((self.generation, Order::Jacobians { generation: self.generation }))
    }

    /// What its worker has to be given.
    pub fn numbers(&self) -> Vec<f64> {
        self.of.as_ref().map_or_else(Vec::new, |of| jacobians::factors(of).numbers())
    }

    /// Takes the share that is done, and what was found. `None`: it is about another network.
    pub fn worked(
        &mut self,
        generation: u64,
        progress: f64,
        study: Option<JacobianStudy>,
    ) -> Option<Option<JacobianStudy>> {
        if generation != self.generation || !matches!(self.state, Search::Going(_)) {
            return None;
        }
        self.state = Search::Going(progress);
        if study.is_some() {
            // Whoever asks for the same again has lost them.
            (self.of, self.state) = (None, Search::Idle);
        }
        Some(study)
    }

    /// Its worker is gone, and with it what was done.
    pub fn begin_anew(&mut self) {
        if matches!(self.state, Search::Going(_)) {
            self.state = Search::Going(0.0);
        }
    }

    /// Gives it up, until another network is looked at.
    pub fn give_up(&mut self) {
        if matches!(self.state, Search::Going(_)) {
            self.state = Search::GivenUp;
        }
    }

    /// How far it is, for that network.
    pub fn state(&self, of: Option<&NetworkConfig>) -> Search {
        if of.is_some() && of == self.of.as_ref() { self.state } else { Search::Idle }
    }
}
