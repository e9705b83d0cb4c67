//! What a prediction without memory costs: counts of characters, and of pairs of them.
use super::corpus::Corpus;
use crate::math;

/// Bits a character on the held-out part, of counts in the learned part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baselines {
    /// -(1/M) Σ log₂ p(x_i) with p(c) = (n_c + 1) / (N + V): each character by its frequency alone.
    pub unigram: f64,
    /// -(1/M) Σ log₂ p(x_i | x_{i-1}) with p(c | b) = (n_bc + 1) / (n_b + V): each character by the one before it.
    pub bigram: f64,
}

impl Baselines {
    /// Of a text: N characters are counted, M are held out, V is the number of classes. One is added to each count (Laplace), so
    /// that what was never counted is possible; n_b counts the pairs that begin with b.
    pub fn of(corpus: &Corpus) -> Self {
        let (codes, split, classes) = (corpus.codes(), corpus.split(), corpus.classes());
        let mut single = vec![0.0; classes];
        let mut pairs = vec![0.0; classes * classes];
        let mut first = vec![0.0; classes];
        for place in 0..split {
            let code = usize::from(codes[place]);
            single[code] += 1.0;
            if place > 0 {
                let before = usize::from(codes[place - 1]);
                pairs[before * classes + code] += 1.0;
                first[before] += 1.0;
            }
        }
        let (learned, kinds) = (split as f64, classes as f64);
        let (mut unigram, mut bigram) = (0.0, 0.0);
        for place in split..codes.len() {
            let (before, code) = (usize::from(codes[place - 1]), usize::from(codes[place]));
            unigram -= math::ln((single[code] + 1.0) / (learned + kinds));
            bigram -= math::ln((pairs[before * classes + code] + 1.0) / (first[before] + kinds));
        }
        let held = (codes.len() - split).max(1) as f64 * math::LN_2;
        Self { unigram: unigram / held, bigram: bigram / held }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baselines_of_a_small_text_by_hand() {
        // 900 characters are learned: 450 a, 450 b; each a is followed by a b (450 times), each b by an a (449 times).
        let corpus = Corpus::new(&"ab".repeat(500)).expect("a text");
        let found = Baselines::of(&corpus);
        assert!((found.unigram - 1.0).abs() < 1e-15, "{found:?}");
        // Held out are 50 pairs ba and 50 pairs ab.
        let by_hand = -0.5 * ((450.0f64 / 451.0).log2() + (451.0f64 / 452.0).log2());
        assert!((found.bigram - by_hand).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn counts_of_other_frequencies_by_hand() {
        // aab again and again: 600 a and 300 b are learned; after a as often a as b, after b always a.
        let corpus = Corpus::new(&"aab".repeat(334)).expect("a text");
        assert_eq!((corpus.codes().len(), corpus.split()), (1_002, 902));
        // Learned: 602 a (the last two stand alone), 300 b; pairs aa 301, ab 300, ba 300. Held out, from a b on: 34 b, 66 a.
        let (a, b): (f64, f64) = (603.0 / 904.0, 301.0 / 904.0);
        let unigram = -(66.0 * a.log2() + 34.0 * b.log2()) / 100.0;
        let (aa, ab, ba): (f64, f64, f64) = (302.0 / 603.0, 301.0 / 603.0, 301.0 / 302.0);
        let bigram = -(33.0 * aa.log2() + 34.0 * ab.log2() + 33.0 * ba.log2()) / 100.0;
        let found = Baselines::of(&corpus);
        assert!((found.unigram - unigram).abs() < 1e-13 && (found.bigram - bigram).abs() < 1e-13, "{found:?}");
    }
}
