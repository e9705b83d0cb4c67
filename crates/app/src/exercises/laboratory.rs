//! The exercises of chapter 4: what is asked, what is true, and why.
use super::exercise::Exercise;
use crate::schema::guesses;
use vanishing_charts::format;
use vanishing_core::math;
use vanishing_core::param::Settings;
use vanishing_core::training::{Trainer, params};

/// The network of “It blows up”, but for its spectral radius.
const ADDING: &str =
    "task=adding&recurrent=gaussian&rescale=1&spectral-radius=1.3&hidden-size=50&learning-rate=0.05&seed=4";

/// In the order of the page.
pub static ALL: [Exercise; 3] = [
    Exercise {
        slug: "laboratory-1",
        guess: &guesses::LABORATORY[0],
        readout: "answer-laboratory-1",
        truth: || {
            let mut trainer = trainer(&format!("{ADDING}&sequence-length=100&spectral-radius=1.5"));
            let made = (0..1000).take_while(|_| trainer.step().is_some() && trainer.breakdown().is_none()).count();
            match (trainer.breakdown(), made) {
                (None, _) => 2.0,
                (Some(_), made) if made >= 100 => 1.0,
                _ => 0.0,
            }
        },
        because: |_| {
            "A hundred steps back each stretch by about 1.5 at first, and an update that is too long makes the next gradient longer still. At which update it happens nobody can predict: such runs are chaotic, and every seed has its own.".to_owned()
        },
    },
    Exercise {
        slug: "laboratory-2",
        guess: &guesses::LABORATORY[1],
        readout: "answer-laboratory-2",
        truth: || match update("adam", true) / update("adam", false) {
            ratio if ratio < 0.5 => 0.0,
            ratio if ratio < 1.5 => 1.0,
            _ => 2.0,
        },
        because: |_| {
            let ratio =
                |optimizer: &str| match format::short(update(optimizer, true) / update(optimizer, false)).as_str() {
                    "1" => "as long as".to_owned(),
                    ratio => format!("{ratio} times as long as"),
                };
            format!(
                "Measured: with the scaled gradient the first update is {} without it under Adam, and {} without it under SGD. Adam divides by the gradient’s own size, so a constant factor is gone.",
                ratio("adam"),
                ratio("sgd")
            )
        },
    },
    Exercise {
        slug: "laboratory-3",
        guess: &guesses::LABORATORY[2],
        readout: "answer-laboratory-3",
        truth: || {
            let bytes = |more: &str| {
                let query = format!("{ADDING}&sequence-length=100{more}");
                trainer(&query).step().map_or(f64::NAN, |report| report.bytes as f64)
            };
            bytes("&checkpointing=1&checkpoint-segment=10") / bytes("")
        },
        because: |truth| {
            format!(
                "The buffers of the passes of this chapter’s network with 50 units shrink to {} of what they were (in others a little more or less): ten steps are kept whole, and of the others one state in ten. The price is that nearly every step is run forward twice.",
                format::short(truth)
            )
        },
    },
];

fn trainer(query: &str) -> Trainer {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    Trainer::new(&Settings::from_pairs(params::all(), pairs).0)
}

/// How far the first update moves the weights.
fn update(optimizer: &str, scaled: bool) -> f64 {
    let query = format!(
        "{ADDING}&hidden-size=16&sequence-length=20&optimizer={optimizer}&learning-rate=0.001&gradient-scale={}&gradient-scale-factor=0.1",
        u8::from(scaled)
    );
    trainer(&query).step().map_or(f64::NAN, |report| math::exp(report.update_log10 * math::LN_10))
}
