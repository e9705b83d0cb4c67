//! The exercises of chapter 3: what is asked, what is true, and why.
use super::exercise::Exercise;
use crate::model;
use crate::schema::{self, guesses};
use vanishing_charts::format;
use vanishing_core::math;
use vanishing_core::param::Settings;
use vanishing_core::studies::gradients;

/// In the order of the page.
pub static ALL: [Exercise; 3] = [
    Exercise {
        slug: "gradients-1",
        guess: &guesses::GRADIENTS[0],
        readout: "answer-gradients-1",
        truth: || {
            let forget = math::sigmoid(1.0);
            (0..20).fold(1.0, |left, _| left * forget)
        },
        because: |truth| {
            format!(
                "S(1) = 0.731, and twenty of them make {}. It still vanishes, but 0.5 a step, without the bias, would leave {}.",
                format::short(truth),
                format::short(math::exp(-20.0 * math::LN_2))
            )
        },
    },
    Exercise {
        slug: "gradients-2",
        guess: &guesses::GRADIENTS[1],
        readout: "answer-gradients-2",
        truth: || match (ratio("linear"), ratio("tanh")) {
            (linear, tanh) if (linear - tanh).abs() < 0.1 => 0.0,
            (linear, tanh) if tanh < linear => 1.0,
            _ => 2.0,
        },
        because: |_| {
            format!(
                "Measured over 50 steps back: {} in the linear network, {} with tanh, on the same Wₕₕ and inputs. Where units saturate, tanh′ is below 1 and takes some of the growth away.",
                format::log10_value(ratio("linear")),
                format::log10_value(ratio("tanh"))
            )
        },
    },
    Exercise {
        slug: "gradients-3",
        guess: &guesses::GRADIENTS[2],
        readout: "answer-gradients-3",
        truth: || {
            let (plain, clipped) = clipping();
            match (clipped - plain).abs() < 1e-9 {
                true => 1.0,
                false if clipped <= 1e-9 => 0.0,
                false => 2.0,
            }
        },
        because: |_| {
            let (plain, clipped) = clipping();
            format!(
                "‖∂L/∂h₀‖ is {} without clipping and {} with it. Clipping shortens ∂L/∂θ, once backpropagation is over; on the way back nothing is clipped.",
                format::log10_value(plain),
                format::log10_value(clipped)
            )
        },
    },
];

/// The network of chapter 3 under a query.
fn study(query: &str) -> gradients::GradientStudy {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs: Vec<(String, String)> = pairs.into_owned().collect();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let (settings, _) = Settings::from_pairs(schema::all(), pairs);
    gradients::run(&model::configs(&settings).network)
}

/// log10 of what 50 steps back make of a gradient, at W_hh = 1.3 Q.
fn ratio(activation: &str) -> f64 {
    let query = format!(
        "cell=rnn&activation={activation}&recurrent=orthogonal&gain=1.3&hidden-size=32&sequence-length=50&inputs=noise"
    );
    study(&query).plain.log10_ratio()
}

/// log10 ‖∂L/∂h_0‖ of an exploding network, without clipping and with it.
fn clipping() -> (f64, f64) {
    let study = study(
        "cell=rnn&activation=linear&recurrent=orthogonal&gain=1.2&hidden-size=32&sequence-length=50&inputs=noise&clip-norm=1&max-norm=1",
    );
    let first = |pass: &gradients::Pass| pass.state_gradient_log10().first().copied().unwrap_or(f64::NAN);
    (first(&study.plain), first(study.in_force()))
}
