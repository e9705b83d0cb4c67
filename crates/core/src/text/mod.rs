//! Reading a text of one's own: a network learns to predict each next character of it.
//!
//! ```text
//! loss     L = -(1/(T B)) Σ_t Σ_b ln softmax(W_out h_t + b_out)_{x_{t+1}}, over B windows of T characters
//! bits     L / ln 2, bits a character; on what was held out, beside what counts of characters and of pairs cost there
//! sample   x_{t+1} ~ softmax(y_t / τ), fed back as the next input
//! reach    ‖∂L/∂h_t‖ where L is the loss at the last character of a stretch alone
//! ```
//!
//! Cross entropy in bits a character is the measure of Shannon, "Prediction and entropy of printed English" (1951); characters
//! sampled from a recurrent network are from Sutskever, Martens and Hinton, "Generating text with recurrent neural networks" (2011).
//!
//! | module | what it holds |
//! |---|---|
//! | [`Corpus`] | the text as classes, what is learned and what is held out |
//! | [`Baselines`] | what counts of characters and of pairs cost |
//! | [`Reading`] | a run: the trainer, bits a character, a sample, the reach |
mod baselines;
mod corpus;
mod reach;
mod reading;
mod task;

pub use baselines::Baselines;
pub use corpus::{ALICE, CLASSES, Corpus, HELD_OUT, LEAST, MOST, OTHER, WINDOW, share_right, thousands};
pub use reach::Reach;
pub use reading::{Reading, STRETCH, TEMPERATURE, UPDATES, defaults};
pub use task::TEXT;
