//! What each symbol of the text means, in the chapter in which it stands.

use crate::chapters::Chapter::{self, Alignment, Cliff, Gradients, Laboratory, Powers};

/// A symbol: its letter, the chapters in which it means this (empty: all), what it means.
pub struct Symbol {
    /// As it is written.
    pub letter: &'static str,
    /// Where it means this; empty: everywhere.
    pub chapters: &'static [Chapter],
    /// A sentence, as it is shown at the symbol and in the help.
    pub means: &'static str,
}

const fn symbol(letter: &'static str, chapters: &'static [Chapter], means: &'static str) -> Symbol {
    Symbol { letter, chapters, means }
}

/// All symbols that are explained, in the order in which they come up. The first that fits counts.
pub static ALL: &[Symbol] = &[
    symbol("M", &[], "A real symmetric matrix with n rows and n columns."),
    symbol("n", &[], "The number of rows of the matrix; in chapter 3, of Wₕₕ."),
    symbol("λ", &[], "An eigenvalue: M stretches its eigenvector by this factor. λ₁ is the largest in size."),
    symbol("v", &[], "An eigenvector of length 1; v₁ belongs to λ₁."),
    symbol("k", &[Gradients], "How many steps back in time."),
    symbol("k", &[], "How often M is multiplied by itself."),
    symbol("i", &[Powers, Alignment], "A number that goes through all eigenvalues, from 1 to n."),
    symbol("i", &[Gradients], "The input gate of the LSTM."),
    symbol("Q", &[], "An orthogonal matrix: its columns have length 1 and stand at right angles to each other."),
    symbol("Λ", &[], "A diagonal matrix with the eigenvalues."),
    symbol("x", &[Gradients, Laboratory], "The input at a time step."),
    symbol("x", &[Cliff], "The state of the network with one unit."),
    symbol("x", &[], "The start: a vector to which M is applied again and again."),
    symbol("c", &[Powers, Alignment], "The part of the start along an eigenvector: cᵢ = ⟨x, vᵢ⟩."),
    symbol("c", &[Gradients], "The cell state of the LSTM."),
    symbol("c", &[Laboratory, Cliff], "The longest gradient that clipping lets through."),
    symbol("ρ", &[], "The spectral radius: the largest |λ|."),
    symbol("sigm", &[], "The sigmoid, sigm(x) = 1/(1 + e⁻ˣ)."),
    symbol("σ", &[], "A singular value: the most (σ₁) or least by which a matrix stretches a vector."),
    symbol("r", &[Alignment, Powers], "The ratio |λ₂/λ₁|: the smaller, the faster the alignment."),
    symbol("r", &[Gradients], "The reset gate of the GRU."),
    symbol("θ", &[Laboratory], "All weights of the network together."),
    symbol("θ", &[], "The angle between Mᵏx and the line of v₁."),
    symbol("ε", &[], "How near to v₁ counts as aligned."),
    symbol("δ", &[], "The probability that is allowed to fail: “with high probability” means at least 1 − δ."),
    symbol("τ", &[], "The tangent of the angle that counts as aligned."),
    symbol("K", &[], "The number of steps after which the iterate is aligned."),
    symbol("g", &[Alignment], "A vector of independent normal numbers, with which a random direction is made."),
    symbol("g", &[Gradients], "The gradient of the loss with respect to the state, ∂L/∂hₜ."),
    symbol("g", &[Cliff], "The gradient of the error with respect to w and b."),
    symbol("P", &[], "A probability over random starts."),
    symbol("t", &[Gradients, Laboratory, Cliff], "The time step."),
    symbol("T", &[], "The last time step, where the loss looks."),
    symbol("h", &[], "The state of the network."),
    symbol("W", &[], "A matrix of weights: Wₕₕ from state to state, Wᵢₕ from input to state."),
    symbol("φ", &[], "The activation: tanh, ReLU, sigmoid, or nothing."),
    symbol("a", &[Gradients], "The sum that goes into the activation."),
    symbol("b", &[Cliff], "The bias of the unit."),
    symbol("b", &[Gradients], "A bias, added to every sum."),
    symbol("w", &[Cliff], "The weight of the unit."),
    symbol("L", &[], "The loss: the number that training makes smaller."),
    symbol("E", &[Cliff], "The error: how far the output is from 0.7, squared."),
    symbol("H", &[], "The number of hidden units."),
    symbol("y", &[Gradients], "The output of the network."),
    symbol("γ", &[Gradients], "The largest slope that the activation has anywhere."),
    symbol("f", &[Gradients], "The forget gate of the LSTM: what of the cell state is kept."),
    symbol("o", &[Gradients], "The output gate of the LSTM."),
    symbol("z", &[Gradients], "The update gate of the GRU: what of the state is kept."),
    symbol("η", &[Laboratory, Cliff], "The learning rate."),
    symbol("∂", &[], "A partial derivative: how one quantity changes with another."),
];

/// What a symbol means in a chapter, which is named by its slug; outside of all chapters, what it means everywhere.
pub fn explain(letter: &str, chapter: &str) -> Option<&'static str> {
    let chapter = Chapter::find(chapter);
    let stands =
        |symbol: &Symbol| symbol.chapters.is_empty() || chapter.is_some_and(|here| symbol.chapters.contains(&here));
    let fits = |symbol: &&Symbol| symbol.letter == letter && stands(symbol);
    ALL.iter().find(fits).map(|symbol| symbol.means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_means_what_it_means_in_its_chapter() {
        assert!(explain("sigm", "cliff").is_some_and(|text| text.contains("sigmoid")));
        assert!(explain("σ", "gradients").is_some_and(|text| text.contains("singular value")));
        assert!(explain("θ", "alignment").is_some_and(|text| text.contains("angle")));
        assert_eq!((explain("g", "powers"), explain("tea", "powers")), (None, None));
    }
}
