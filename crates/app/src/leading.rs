//! The largest singular values of a large state's Jacobians: sought in a worker while their figure is seen.
//!
//! What has to be known of the network is taken from it here ([`jacobians::factors`]) and given to the worker once; another
//! network is another search, and the old one is forgotten.
use crate::trainings::{PAGE_SLICE, SLICE, Where, Work};
use crate::work::{Order, Reply};
use vanishing_charts::model::Search;
use vanishing_core::studies::jacobians::{self, JacobianStudy};
use vanishing_core::studies::network::NetworkConfig;

/// The number of its worker: the next after that of a brought network's spectrum.
pub const WORKER: usize = crate::own::WORKER + 1;

/// The figure that shows them.
pub const FIGURE: &str = "jacobian-singular-values";

/// The search.
#[derive(Default)]
pub struct Leading {
    generation: u64,
    /// What it is about.
    of: Option<NetworkConfig>,
    state: State,
    /// Whether its worker failed, and the page's own thread does the work.
    on_page: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    /// Nothing was ordered.
    #[default]
    New,
    /// An order is on its way.
    Ordered(f64),
    /// A slice is done, and the next one due.
    Due(f64),
    /// It was given up.
    GivenUp,
}

/// What a reply brings.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// Nothing: it is about another network.
    Stale,
    /// The share that is done.
    Progress,
    /// All.
    Found(JacobianStudy),
}

impl Leading {
    /// The order that is due, if somebody looks for the values of that network; `in_workers`: unless there are none.
    pub fn dispatch(&mut self, wanted: Option<&NetworkConfig>, in_workers: bool) -> Option<Work> {
        let wanted = wanted?;
        if self.of.as_ref() != Some(wanted) {
            self.of = Some(wanted.clone());
            self.state = State::New;
        }
        let numbers = match self.state {
            State::Ordered(_) | State::GivenUp => return None,
            State::New => {
                self.generation += 1;
                self.state = State::Ordered(0.0);
                jacobians::factors(wanted).numbers()
            }
            State::Due(progress) => {
                self.state = State::Ordered(progress);
                Vec::new()
            }
        };
        let (place, budget) = match in_workers && !self.on_page {
            true => (Where::Worker, SLICE),
            false => (Where::Page, PAGE_SLICE),
        };
        let order = Order::Jacobians { generation: self.generation }.text();
        Some(Work { worker: WORKER, place, order, numbers, budget })
    }

    /// Its worker answered.
    pub fn worked(&mut self, reply: &[f64]) -> News {
        match Reply::read(reply) {
            Some(Reply::Multiplied { generation, study, progress }) if generation == self.generation => {
                if !matches!(self.state, State::Ordered(_)) {
                    return News::Stale;
                }
                self.state = State::Due(progress);
                study.map_or(News::Progress, News::Found)
            }
            _ => News::Stale,
        }
    }

    /// Its worker failed: the page does the work itself, from the beginning.
    pub fn trouble(&mut self) {
        self.on_page = true;
        if self.state != State::GivenUp {
            self.state = State::New;
        }
    }

    /// Gives it up, until another network is looked at.
    pub fn give_up(&mut self) {
        if matches!(self.state, State::Ordered(_) | State::Due(_)) {
            self.state = State::GivenUp;
        }
    }

    /// How far it is, for that network.
    pub fn search(&self, of: Option<&NetworkConfig>) -> Search {
        match self.state {
            State::Ordered(progress) | State::Due(progress) if of == self.of.as_ref() && of.is_some() => {
                Search::Going(progress)
            }
            State::GivenUp if of == self.of.as_ref() && of.is_some() => Search::GivenUp,
            _ => Search::Idle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Worker;

    fn network(query: &str) -> NetworkConfig {
        jacobians::decisive(&crate::model::configs(&crate::parse_link(query).0).network)
    }

    #[test]
    fn a_search_goes_on_by_slices_and_another_network_begins_another() {
        let (one, other) = (network("hidden-size=70&sequence-length=5"), network("hidden-size=71&sequence-length=5"));
        let (mut leading, mut worker) = (Leading::default(), Worker::default());
        assert!(leading.dispatch(None, true).is_none());
        let first = leading.dispatch(Some(&one), true).unwrap();
        assert!(first.place == Where::Worker && !first.numbers.is_empty());
        assert!(leading.dispatch(Some(&one), true).is_none(), "one order at a time");
        assert_eq!(leading.search(Some(&one)), Search::Going(0.0));
        worker.give(first.numbers);
        let old = worker.work(&first.order, &|| 0.0, -1.0).unwrap().numbers();
        let second = leading.dispatch(Some(&other), true).unwrap();
        assert_eq!(leading.worked(&old), News::Stale);
        worker.give(second.numbers);
        let reply = worker.work(&second.order, &|| 0.0, -1.0).unwrap().numbers();
        assert_eq!(leading.worked(&reply), News::Progress);
        let third = leading.dispatch(Some(&other), false).unwrap();
        assert!(third.place == Where::Page && third.numbers.is_empty(), "the worker has them");
        let reply = worker.work(&third.order, &|| 0.0, f64::INFINITY).unwrap().numbers();
        assert!(matches!(leading.worked(&reply), News::Found(study) if study.state_size == 71));
    }

    #[test]
    fn what_was_given_up_is_not_begun_again_and_a_dead_worker_is_not_asked_again() {
        let one = network("hidden-size=70&sequence-length=5");
        let mut leading = Leading::default();
        leading.dispatch(Some(&one), true).unwrap();
        leading.trouble();
        let again = leading.dispatch(Some(&one), true).unwrap();
        assert!(again.place == Where::Page && !again.numbers.is_empty());
        leading.give_up();
        assert!(leading.dispatch(Some(&one), true).is_none());
        assert_eq!(leading.search(Some(&one)), Search::GivenUp);
        assert!(leading.dispatch(Some(&network("hidden-size=72&sequence-length=5")), true).is_some());
    }
}
