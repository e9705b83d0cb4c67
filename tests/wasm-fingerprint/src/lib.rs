//! One number from the core as WebAssembly, to compare with the same number computed natively, and what is timed as
//! both; a module without any import.

#![allow(unsafe_code, reason = "a function exported under its own name is declared with an unsafe attribute")]

mod cases;

/// See [`vanishing_core::fingerprint::studies_hash`].
#[unsafe(no_mangle)]
pub extern "C" fn studies_hash() -> u64 {
    vanishing_core::fingerprint::studies_hash()
}

/// See `cases::ensemble_of_starts`.
#[unsafe(no_mangle)]
pub extern "C" fn ensemble_of_starts() -> f64 {
    cases::ensemble_of_starts()
}

/// See `cases::probability_curve`.
#[unsafe(no_mangle)]
pub extern "C" fn probability_curve() -> f64 {
    cases::probability_curve()
}

/// See `cases::normal_draws`.
#[unsafe(no_mangle)]
pub extern "C" fn normal_draws() -> f64 {
    cases::normal_draws()
}

/// See `cases::gradient_study_64`.
#[unsafe(no_mangle)]
pub extern "C" fn gradient_study_64() -> f64 {
    cases::gradient_study_64()
}

/// See `cases::gradient_study_128`.
#[unsafe(no_mangle)]
pub extern "C" fn gradient_study_128() -> f64 {
    cases::gradient_study_128()
}

/// See `cases::training_step_rnn`.
#[unsafe(no_mangle)]
pub extern "C" fn training_step_rnn() -> f64 {
    cases::training_step_rnn()
}

/// See `cases::training_step_lstm`.
#[unsafe(no_mangle)]
pub extern "C" fn training_step_lstm() -> f64 {
    cases::training_step_lstm()
}

/// See `cases::training_step_gru`.
#[unsafe(no_mangle)]
pub extern "C" fn training_step_gru() -> f64 {
    cases::training_step_gru()
}
