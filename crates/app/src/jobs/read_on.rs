//! Learning a text, a slice after the other.
use crate::jobs::look::{LOOK_EVERY, Look, text_of};
use crate::jobs::order::settings_of;
use crate::jobs::reply::Reply;
use crate::jobs::slice::Slice;
use std::sync::Arc;
use vanishing_core::text::{Corpus, Reading};

/// Begins with the text that was given; `None` if it is none.
pub fn begin_reading(query: &str, numbers: &[f64]) -> Option<Reading> {
    let corpus = Corpus::new(&text_of(numbers)).ok()?;
    Reading::new(&settings_of(query), &Arc::new(corpus)).ok()
}

/// Learns a text on, and looks at the network now and then.
pub fn read_on(reading: &mut Reading, generation: u64, (known, until): (u64, u64), slice: &Slice<'_>) -> Reply {
    let updates = |reading: &Reading| reading.trainer().updates();
    while updates(reading) < known && reading.step().is_some() {
        if slice.is_over() {
            break;
        }
    }
    let mut looks = Vec::new();
    if known == 0 && updates(reading) == 0 {
        looks.push(Look::at(reading));
    }
    while updates(reading) >= known && updates(reading) < until && reading.step().is_some() {
        let update = updates(reading);
        if update.is_multiple_of(LOOK_EVERY) || update == until {
            looks.push(Look::at(reading));
        }
        if slice.is_over() {
            break;
        }
    }
    let broke = reading.trainer().breakdown().map(|breakdown| breakdown.step);
    Reply::Read { generation, updates: updates(reading), broke, looks }
}

#[cfg(test)]
mod tests {
    use crate::jobs::Worker;
    use crate::jobs::look::numbers_of;
    use crate::jobs::order::Order;
    use crate::jobs::reply::Reply;
    use std::cell::Cell;

    /// A clock that goes on by a millisecond at each look.
    fn ticking() -> impl Fn() -> f64 {
        let now = Cell::new(0.0);
        move || {
            now.set(now.get() + 1.0);
            now.get()
        }
    }

    #[test]
    fn a_text_is_learned_in_slices_and_a_new_worker_takes_it_up_where_it_was() {
        let query = "hidden-size=4&sequence-length=8&batch-size=2&cell=gru";
        let text = numbers_of(&"abcabd".repeat(200));
        let order = |known| Order::Read { generation: 2, known, until: 120, query: query.to_owned() }.text();
        let finish = |budget: f64, changes: bool| {
            let (mut worker, clock, mut known, mut looks, mut slices) =
                (Worker::default(), ticking(), 0, Vec::new(), 0);
            assert_eq!(worker.work(&order(0), &clock, budget), None, "it has no text yet");
            worker.give(text.clone());
            while known < 120 {
                if changes && slices == 20 {
                    worker = Worker::default();
                    worker.give(text.clone());
                }
                let reply = worker.work(&order(known), &clock, budget).unwrap();
                assert_eq!(Reply::read(&reply.numbers()), Some(reply.clone()));
                let Reply::Read { updates, looks: more, broke: None, .. } = reply else { panic!("{reply:?}") };
                looks.extend(more);
                (known, slices) = (known.max(updates), slices + 1);
            }
            looks
        };
        let looks = finish(1e9, false);
        assert_eq!(looks.iter().map(|look| look.update).collect::<Vec<_>>(), [0, 50, 100, 120]);
        assert!(looks[3].bits < looks[0].bits && looks[3].sample.chars().count() == 240);
        assert_eq!(finish(3.0, false), looks);
        assert_eq!(finish(3.0, true), looks);
    }
}
