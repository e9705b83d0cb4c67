//! What a worker is to do next, as a text that crosses a thread.
use vanishing_core::param::Settings;
use vanishing_core::training::params;

/// What is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Train a lane on.
    Train {
        /// Another number is another run.
        generation: u64,
        /// Updates that are known already: a worker that is behind makes them again without a word.
        known: u64,
        /// Where the run ends.
        until: u64,
        /// The loss below which it ends.
        stop_loss: f64,
        /// Its settings as pairs of an address.
        query: String,
    },
    /// Make a short run of the workbench.
    Try {
        /// Another number is another run.
        generation: u64,
        /// Updates that are known already.
        known: u64,
        /// Where the run ends.
        until: u64,
        /// Its settings as pairs of an address.
        query: String,
    },
    /// Try the remedies on a run that broke down.
    Rescue {
        /// Another number is another run, which begins anew.
        generation: u64,
        /// At which update it broke down.
        step: u64,
        /// The settings of the run as pairs of an address.
        query: String,
    },
    /// Make a run of the experiment.
    Run {
        /// Another number is another run, which begins anew.
        generation: u64,
        /// After so many it is over.
        updates: u64,
        /// Of its weights and its batches.
        seed: u64,
        /// The remedy's slug, or nothing.
        remedy: String,
        /// The settings without it.
        query: String,
    },
    /// Make a run of the map.
    Map {
        /// Another number is another run, which begins anew.
        generation: u64,
        /// Its settings.
        query: String,
    },
    /// Learn a text whose characters were given before (`Worker::give`).
    Read {
        /// Another number is another run.
        generation: u64,
        /// Updates that are known already: a worker that is behind makes them again without a word.
        known: u64,
        /// Where the run ends.
        until: u64,
        /// Its settings as pairs of an address.
        query: String,
    },
    /// Look at the recurrent matrix whose numbers were given before (`Worker::give`).
    Spectrum {
        /// Another number is another matrix.
        generation: u64,
        /// The cell's slug: how many blocks there are.
        cell: String,
        /// Rows of a block.
        size: u64,
    },
    /// Find the largest singular values of the Jacobians whose numbers were given before (`Worker::give`).
    Jacobians {
        /// Another number is another network.
        generation: u64,
    },
}

impl Order {
    /// As lines of text: a word for the kind, the generation, then its own fields.
    pub fn text(&self) -> String {
        match self {
            Self::Train { generation, known, until, stop_loss, query } => {
                format!("train\n{generation}\n{known}\n{until}\n{stop_loss}\n{query}")
            }
            Self::Try { generation, known, until, query } => format!("try\n{generation}\n{known}\n{until}\n{query}"),
            Self::Read { generation, known, until, query } => format!("read\n{generation}\n{known}\n{until}\n{query}"),
            Self::Rescue { generation, step, query } => format!("rescue\n{generation}\n{step}\n{query}"),
            Self::Run { generation, updates, seed, remedy, query } => {
                format!("run\n{generation}\n{updates}\n{seed}\n{remedy}\n{query}")
            }
            Self::Map { generation, query } => format!("map\n{generation}\n{query}"),
            Self::Spectrum { generation, cell, size } => format!("spectrum\n{generation}\n{cell}\n{size}"),
            Self::Jacobians { generation } => format!("jacobians\n{generation}"),
        }
    }

    /// The inverse of [`Order::text`]; `None` for what is no order.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let kind = lines.next()?;
        let generation = lines.next()?.parse().ok()?;
        match kind {
            "train" => Some(Self::Train {
                generation,
                known: lines.next()?.parse().ok()?,
                until: lines.next()?.parse().ok()?,
                stop_loss: lines.next()?.parse().ok()?,
                query: lines.next()?.to_owned(),
            }),
            "try" => Some(Self::Try {
                generation,
                known: lines.next()?.parse().ok()?,
                until: lines.next()?.parse().ok()?,
                query: lines.next()?.to_owned(),
            }),
            "read" => Some(Self::Read {
                generation,
                known: lines.next()?.parse().ok()?,
                until: lines.next()?.parse().ok()?,
                query: lines.next()?.to_owned(),
            }),
            "rescue" => {
                Some(Self::Rescue { generation, step: lines.next()?.parse().ok()?, query: lines.next()?.to_owned() })
            }
            "spectrum" => {
                Some(Self::Spectrum { generation, cell: lines.next()?.to_owned(), size: lines.next()?.parse().ok()? })
            }
            "map" => Some(Self::Map { generation, query: lines.next()?.to_owned() }),
            "jacobians" => Some(Self::Jacobians { generation }),
            "run" => Some(Self::Run {
                generation,
                updates: lines.next()?.parse().ok()?,
                seed: lines.next()?.parse().ok()?,
                remedy: lines.next()?.to_owned(),
                query: lines.next()?.to_owned(),
            }),
            _ => None,
        }
    }
}

/// What stands before the pairs of a run that starts from weights which are given besides.
const GIVEN: &str = "given&";

/// The settings of a run as pairs of an address; `given`: whether it starts from weights that its worker is given.
pub fn query_of(settings: &Settings, given: bool) -> String {
    let start = if given { GIVEN } else { "" };
    form_urlencoded::Serializer::new(start.to_owned()).extend_pairs(settings.pairs(params::all())).finish()
}

/// The inverse of [`query_of`].
pub fn settings_of(query: &str) -> Settings {
    let query = query.strip_prefix(GIVEN).unwrap_or(query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Settings::from_pairs(params::all(), pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))).0
}

/// Whether a run starts from weights that its worker is given.
pub fn is_given(query: &str) -> bool {
    query.starts_with(GIVEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_cross_a_thread_as_text() {
        let orders = [
            Order::Train { generation: 3, known: 2, until: 9, stop_loss: 1e-9, query: "a=b".to_owned() },
            Order::Try { generation: 4, known: 1, until: 9, query: "a=b&c=d".to_owned() },
            Order::Read { generation: 5, known: 2, until: 7, query: "a=b".to_owned() },
            Order::Rescue { generation: 1, step: 4, query: String::new() },
            Order::Run { generation: 7, updates: 5, seed: 2, remedy: "l2".to_owned(), query: "x=1".to_owned() },
            Order::Spectrum { generation: 8, cell: "lstm".to_owned(), size: 5 },
            Order::Jacobians { generation: 9 },
            Order::Map { generation: 2, query: "x=1".to_owned() },
        ];
        for order in orders {
            assert_eq!(Order::read(&order.text()), Some(order));
        }
        for text in ["", "train", "train\n1\n2", "run\nx\n1\n1\n\n", "dance\n1"] {
            assert_eq!(Order::read(text), None, "{text}");
        }
    }

    #[test]
    fn settings_cross_it_as_pairs_of_an_address() {
        let settings = settings_of("hidden-size=5&clip-norm=1&unknown=3");
        for given in [false, true] {
            let query = query_of(&settings, given);
            assert_eq!((settings_of(&query), is_given(&query)), (settings.clone(), given));
        }
        assert_eq!(query_of(&Settings::default(), true), GIVEN);
        assert_eq!(settings.get(&params::HIDDEN_SIZE), 5);
    }
}
