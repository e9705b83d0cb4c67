//! A run that learns a text.
use super::corpus::Corpus;
use super::reach::Reach;
use crate::bptt::{self, Sequences, Targets, Workspace};
use crate::math;
use crate::network::{Network, Normalization};
use crate::param::{Settings, Value};
use crate::random::Stream;
use crate::training::{Report, Trainer, params};
use std::sync::Arc;

/// Updates of a run, where nothing else is said.
pub const UPDATES: u64 = 1_000;
/// τ of the samples, where nothing else is said.
pub const TEMPERATURE: f64 = 0.7;
/// Characters of the stretch that the reach is shown on.
pub const STRETCH: usize = 100;
/// Windows that are tested at a time.
const TOGETHER: usize = 25;

/// What a text is learned with where nothing else is said: 64 units, 16 windows of 60 characters, Adam with η = 0.005, gradients
/// clipped to a norm of 1, W_hh as PyTorch draws it.
pub fn defaults(cell: &'static str) -> Settings {
    let mut settings = Settings::default();
    settings.set(&params::CELL.spec, Value::Choice(cell));
    settings.set(&params::HIDDEN_SIZE.spec, Value::Int(64));
    settings.set(&params::SEQUENCE_LENGTH.spec, Value::Int(60));
    settings.set(&params::BATCH_SIZE.spec, Value::Int(16));
    settings.set(&params::RECURRENT.spec, Value::Choice("pytorch"));
    settings.set(&params::OPTIMIZER.spec, Value::Choice("adam"));
    settings.set(&params::LEARNING_RATE.spec, Value::Real(0.005));
    if let Some(clip) = crate::remedies::find("clip_norm") {
        settings.set(&clip.toggle.spec, Value::Flag(true));
    }
    settings
}

/// A run: the trainer on windows of a text, and what is asked of the network in between.
pub struct Reading {
    corpus: Arc<Corpus>,
    trainer: Trainer,
    seed: u64,
    tests: Option<Workspace<f32>>,
    single: Option<Workspace<f32>>,
}

impl Reading {
    /// A run before its first update.
    ///
    /// # Errors
    /// A sentence for a network that cannot read character by character.
    pub fn new(settings: &Settings, corpus: &Arc<Corpus>) -> Result<Self, String> {
        let trainer = Trainer::on_text(settings, corpus).look(false);
        if matches!(trainer.network().normalization, Some(Normalization::Batch | Normalization::BatchWithCell)) {
            return Err(
                "Batch normalisation needs many sequences at a time; a text is read and continued as one. Switch it off."
                    .to_owned(),
            );
        }
        Ok(Self { corpus: Arc::clone(corpus), trainer, seed: settings.get(&params::SEED), tests: None, single: None })
    }

    /// The run itself.
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// The text.
    pub fn corpus(&self) -> &Arc<Corpus> {
        &self.corpus
    }

    /// T: characters of a window.
    pub fn window(&self) -> usize {
        self.corpus.window(self.trainer.plan().sequence_length)
    }

    /// One update; `None` once the run has broken down. The loss of the report is in nats a character.
    pub fn step(&mut self) -> Option<Report> {
        self.trainer.step()
    }

    /// Bits a character on the held-out part, each of its characters predicted once: from T characters before a piece of T, which
    /// are read and not counted, and those of the piece before it.
    pub fn bits(&mut self) -> f64 {
        let (length, window) = (self.corpus.codes().len(), self.window());
        let steps = 2 * window;
        // The last piece ends with the text; of it only what was not counted yet counts.
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        let mut counted = self.corpus.split();
        while counted < length {
            let end = (counted + window).min(length);
            pieces.push((end - 1 - steps, counted));
            counted = end;
        }
        let network = *self.trainer.network();
        let mut sum = 0.0;
        for pieces in pieces.chunks(TOGETHER) {
            // A last group that is not full reads its last piece again.
            let starts: Vec<usize> = (0..TOGETHER).map(|i| pieces[i.min(pieces.len() - 1)].0).collect();
            let workspace = self.tests.get_or_insert_with(|| Workspace::new(&network, steps, TOGETHER, true));
            fill(workspace.inputs_mut(), &self.corpus.one_hot(&starts, steps));
            workspace.forward(self.trainer.weights());
            let rows = workspace.outputs().chunks_exact(network.output_size);
            let classes = self.corpus.classes_after(&starts, steps);
            for (row, (logits, class)) in rows.zip(&classes).enumerate() {
                let (piece, t) = (row % TOGETHER, row / TOGETHER);
                if let Some((start, counted)) = pieces.get(piece)
                    && start + t + 1 >= *counted
                {
                    sum -= log_probability(logits, *class);
                }
            }
        }
        sum / ((length - self.corpus.split()).max(1) as f64 * math::LN_2)
    }

    /// So many characters as the network continues the text where the held-out part begins: p = softmax(y / τ), at τ = 0 always the
    /// most probable. The same run gives the same sample after the same update.
    pub fn sample(&mut self, count: usize, temperature: f64) -> String {
        let network = *self.trainer.network();
        let mut stream = Stream::new(self.seed, &format!("sample of a text step {}", self.trainer.updates()));
        let (split, window) = (self.corpus.split(), self.window());
        let single = self.single.get_or_insert_with(|| Workspace::new(&network, 1, 1, true));
        for layer in 0..network.layers {
            single.hidden_start_mut(layer).fill(0.0);
            single.cell_start_mut(layer).fill(0.0);
        }
        let weights = self.trainer.weights();
        let mut next = 0;
        let mut text = String::new();
        for place in 0..window + count {
            let read = self.corpus.codes().get(split - window + place).filter(|_| place < window);
            let class = read.map_or(next, |code| usize::from(*code));
            if place >= window {
                text.push(self.corpus.character(class));
            }
            advance(single, &network, weights, class);
            next = draw(single.outputs(), temperature, stream.uniform());
        }
        text
    }

    /// The reach in the stretch of at most [`STRETCH`] characters that ends before the character at that place.
    pub fn reach(&self, place: usize) -> Reach {
        let place = place.clamp(1, self.corpus.codes().len() - 1);
        let steps = STRETCH.min(place);
        let from = place - steps;
        let sequences = Sequences {
            steps,
            batch_size: 1,
            inputs: self.corpus.one_hot(&[from], steps),
            hidden_start: Vec::new(),
            cell_start: Vec::new(),
            targets: Targets::CrossEntropyLast(vec![usize::from(self.corpus.codes()[place])]),
            loss_scale: 1.0,
        };
        let pass = bptt::study(self.trainer.network(), &self.trainer.weights().cast(), &sequences);
        Reach { from, norms: pass.top().hidden_gradient_log10[1..].to_vec(), bits: pass.loss / math::LN_2 }
    }

    /// The place that the reach is shown at, where nothing else is said: within the held-out part, the end of a word if there is one
    /// nearby.
    pub fn usual_place(&self) -> usize {
        let (codes, split) = (self.corpus.codes(), self.corpus.split());
        let first = (split + STRETCH).min(codes.len() - 1);
        let is_letter = |place: usize| self.corpus.character(usize::from(codes[place])).is_alphabetic();
        let mut ends = (first..codes.len() - 1).take(40).filter(|place| is_letter(*place) && !is_letter(place + 1));
        ends.next().unwrap_or(first)
    }
}

/// Runs the network by one character, from the state where it is.
fn advance(single: &mut Workspace<f32>, network: &Network, weights: &crate::network::Weights<f32>, class: usize) {
    let inputs = single.inputs_mut();
    inputs.fill(0.0);
    if let Some(input) = inputs.get_mut(class) {
        *input = 1.0;
    }
    single.forward(weights);
    for layer in 0..network.layers {
        let hidden = single.hidden(layer)[network.hidden_size..].to_vec();
        single.hidden_start_mut(layer).copy_from_slice(&hidden);
        if network.cell.has_cell_state {
            let cell = single.cell(layer)[network.hidden_size..].to_vec();
            single.cell_start_mut(layer).copy_from_slice(&cell);
        }
    }
}

fn fill(to: &mut [f32], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from as f32;
    }
}

/// ln softmax(y)_class.
fn log_probability(logits: &[f32], class: usize) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|y| math::exp(f64::from(*y) - f64::from(largest))).sum();
    f64::from(logits[class]) - f64::from(largest) - math::ln(sum)
}

/// The class at which the sum of the probabilities reaches u in [0, 1); the most probable at τ = 0. 0 where a number is not one.
fn draw(logits: &[f32], temperature: f64, u: f64) -> usize {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let most_probable = logits.iter().position(|y| *y == largest).unwrap_or(0);
    if temperature <= 0.0 || !largest.is_finite() {
        return most_probable;
    }
    let weights: Vec<f64> =
        logits.iter().map(|y| math::exp((f64::from(*y) - f64::from(largest)) / temperature)).collect();
    let mut left = u * weights.iter().sum::<f64>();
    for (class, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return class;
        }
    }
    most_probable
}

#[cfg(test)]
mod tests {
    use super::super::{ALICE, Baselines};
    use super::*;
    use crate::cells;
    use crate::math::LN_2;

    fn small(cell: &'static str, more: &[(&str, &str)]) -> Settings {
        let mut settings = defaults(cell);
        for (key, text) in [("hidden-size", "12"), ("sequence-length", "15"), ("batch-size", "8")].iter().chain(more) {
            let spec = params::all().iter().find(|spec| spec.key == *key).expect("a key");
            assert_eq!(settings.set_text(spec, text), None);
        }
        settings
    }

    fn reading(settings: &Settings, text: &str) -> Reading {
        Reading::new(settings, &Arc::new(Corpus::new(text).expect("a text"))).expect("a run")
    }

    #[test]
    fn a_text_that_repeats_is_learned_by_every_cell() {
        for cell in cells::ALL.iter().filter(|cell| cell.kind != "rnn" || cell.slug == "tanh") {
            let mut reading = reading(&small(cell.kind, &[("learning-rate", "0.02")]), &"abcabd".repeat(300));
            let learned = (0..1_000).filter_map(|_| reading.step()).last().expect("a report").loss / LN_2;
            assert!(learned < 0.1, "{}: {learned}", cell.slug);
            // A state that is never forgotten, and so grows beyond the T characters that were learned with, may read on badly.
            if cell.slug == "antisymmetric" {
                continue;
            }
            let bits = reading.bits();
            assert!(bits < 0.1, "{}: {bits}", cell.slug);
            let text = reading.sample(30, 0.0);
            assert!("abcabd".repeat(9).contains(&text), "{}: {text}", cell.slug);
        }
    }

    #[test]
    fn the_first_loss_is_about_the_logarithm_of_the_number_of_classes() {
        let mut reading = reading(&defaults("lstm"), ALICE);
        let classes = reading.corpus().classes() as f64;
        let before = reading.bits();
        let first = reading.step().expect("a report").loss / LN_2;
        assert!((first - classes.log2()).abs() < 0.2 && (before - classes.log2()).abs() < 0.2, "{first} {before}");
    }

    #[test]
    fn the_same_run_gives_the_same_bits_samples_and_reach() {
        let run = || {
            let mut reading = reading(&small("gru", &[("layers", "2")]), ALICE);
            (0..20).for_each(|_| drop(reading.step()));
            let place = reading.usual_place();
            (reading.bits().to_bits(), reading.sample(60, 0.8), format!("{:?}", reading.reach(place)))
        };
        let one = run();
        assert_eq!(one, run());
        assert_eq!(one.1.chars().count(), 60);
        let mut other = reading(&small("gru", &[("layers", "2"), ("seed", "2")]), ALICE);
        (0..20).for_each(|_| drop(other.step()));
        assert_ne!(other.sample(60, 0.8), one.1);
    }

    #[test]
    fn asking_changes_nothing_of_the_run() {
        let (mut asked, mut silent) = (reading(&small("lstm", &[]), ALICE), reading(&small("lstm", &[]), ALICE));
        for _ in 0..5 {
            drop(asked.step());
            drop(silent.step());
            asked.bits();
            asked.sample(9, 1.0);
            asked.reach(200);
        }
        assert_eq!(asked.trainer().weights(), silent.trainer().weights());
    }

    #[test]
    fn bits_on_what_was_held_out_are_those_of_reading_it_character_by_character() {
        let mut reading = reading(&small("lstm", &[]), &"the cat sat on the mat. ".repeat(50));
        (0..30).for_each(|_| drop(reading.step()));
        let found = reading.bits();
        let (corpus, network) = (Arc::clone(reading.corpus()), *reading.trainer().network());
        let (split, window) = (corpus.split(), reading.window());
        // Each character of the first piece, from the T characters before the piece on.
        let mut single = Workspace::new(&network, 1, 1, true);
        let (mut sum, mut counted) = (0.0, 0);
        let mut at = split;
        while at < corpus.codes().len() {
            let end = (at + window).min(corpus.codes().len());
            for layer in 0..network.layers {
                single.hidden_start_mut(layer).fill(0.0);
                single.cell_start_mut(layer).fill(0.0);
            }
            for place in end - 1 - 2 * window..end - 1 {
                advance(&mut single, &network, reading.trainer().weights(), usize::from(corpus.codes()[place]));
                if place + 1 >= at {
                    sum -= log_probability(single.outputs(), usize::from(corpus.codes()[place + 1]));
                    counted += 1;
                }
            }
            at = end;
        }
        assert_eq!(counted, corpus.codes().len() - split);
        let by_hand = sum / (counted as f64 * LN_2);
        assert!((found - by_hand).abs() < 1e-4, "{found} {by_hand}");
    }

    #[test]
    fn the_gradient_of_the_text_is_that_of_finite_differences() {
        // ∂L/∂b_ih of one gate, of the loss at the last character alone, by central differences.
        let reading = reading(&small("lstm", &[]), ALICE);
        let network = *reading.trainer().network();
        let (place, steps) = (500, 40);
        let sequences = Sequences {
            steps,
            batch_size: 1,
            inputs: reading.corpus().one_hot(&[place - steps], steps),
            hidden_start: Vec::new(),
            cell_start: Vec::new(),
            targets: Targets::CrossEntropyLast(vec![usize::from(reading.corpus().codes()[place])]),
            loss_scale: 1.0,
        };
        let weights = reading.trainer().weights().cast::<f64>();
        let gradient = bptt::study(&network, &weights, &sequences).weights_gradient(&network);
        for (tensor, entry) in [(0, 5), (1, 17), (2, 3), (network.w_out(), 7)] {
            let at = |change: f64| {
                let mut moved = weights.clone();
                moved.tensors[tensor].values[entry] += change;
                bptt::study(&network, &moved, &sequences).loss
            };
            let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
            let found = gradient.tensors[tensor].values[entry];
            assert!((slope - found).abs() < 1e-8 + 1e-5 * found.abs(), "{tensor}: {slope} {found}");
        }
        // The state's own: h_0 is the state before the first character.
        let start = |change: f64| {
            let mut hidden_start = vec![0.0; network.hidden_size];
            hidden_start[3] = change;
            bptt::study(&network, &weights, &Sequences { hidden_start, ..sequences.clone() }).loss
        };
        let slope = (start(1e-4) - start(-1e-4)) / 2e-4;
        let pass = bptt::study(&network, &weights, &sequences);
        let found = pass.top().hidden_gradients[0].unscaled()[3];
        assert!((slope - found).abs() < 1e-10 + 1e-4 * found.abs(), "{slope} {found}");
    }

    #[test]
    fn the_reach_is_shown_on_a_stretch_that_was_held_out() {
        let mut reading = reading(&defaults("lstm"), ALICE);
        let place = reading.usual_place();
        let reach = reading.reach(place);
        assert_eq!((reach.norms.len(), reach.from), (STRETCH, place - STRETCH));
        assert!(reach.from >= reading.corpus().split() && reach.norms.iter().all(|norm| norm.is_finite()));
        let stretch = reading.corpus().text(reach.from, place + 1);
        assert!(stretch.chars().last().expect("a character").is_alphabetic(), "{stretch}");
        reading.step();
        assert_ne!(reading.reach(place), reach);
        assert!(reading.reach(3).norms.len() == 3 && reading.reach(0).norms.len() == 1);
    }

    #[test]
    fn a_run_with_batch_normalisation_is_refused() {
        let corpus = Arc::new(Corpus::new(ALICE).expect("a text"));
        let why = Reading::new(&small("lstm", &[("batch-norm", "1")]), &corpus).err().expect("refused");
        assert!(why.contains("Switch it off"), "{why}");
        assert!(Reading::new(&small("lstm", &[("layer-norm", "1")]), &corpus).is_ok());
    }

    #[test]
    fn the_text_that_is_shipped_is_soon_known_by_heart_and_what_is_held_out_is_predicted_worse_again() {
        let mut reading = reading(&defaults("gru"), ALICE);
        let mut after = |updates: u64| {
            let mut learned = 0.0;
            while reading.trainer().updates() < updates {
                learned = reading.step().expect("a report").loss / LN_2;
            }
            (learned, reading.bits())
        };
        let (early, late) = (after(400), after(UPDATES));
        assert!(early.1 < 2.9 && late.1 > early.1 + 0.3 && late.0 < early.0 - 0.5, "{early:?} {late:?}");
    }

    #[test]
    fn drawing_takes_the_classes_by_their_probabilities() {
        let logits = [0.0, f32::ln(3.0)];
        assert_eq!([0.0, 0.24, 0.26, 0.99].map(|u| draw(&logits, 1.0, u)), [0, 0, 1, 1]);
        assert_eq!(draw(&logits, 0.0, 0.0), 1);
        // At τ = ½ the odds are squared: 1 to 9.
        assert_eq!([0.09, 0.11].map(|u| draw(&logits, 0.5, u)), [0, 1]);
        assert_eq!(draw(&[f32::NAN, f32::NAN], 1.0, 0.5), 0);
    }

    #[test]
    fn an_lstm_beats_the_pairs_on_the_text_that_is_shipped() {
        let mut settings = defaults("lstm");
        settings.set(&params::HIDDEN_SIZE.spec, Value::Int(32));
        let mut reading = reading(&settings, ALICE);
        let baselines = Baselines::of(reading.corpus());
        (0..400).for_each(|_| drop(reading.step()));
        let bits = reading.bits();
        assert!(bits < baselines.bigram - 0.2, "{bits} {baselines:?}");
    }
}
