//! Shares of few runs: how sure they are, and whether two of them differ.

/// The quantile of the standard normal distribution at 0.975.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % score interval of a share p = hits/n: low, p, high; NaN of no trials.
///
/// ```text
/// ( p + z²/2n ± z √( p(1-p)/n + z²/4n² ) ) / (1 + z²/n),   z = 1.96
/// ```
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical
/// Association 22 (1927), 209–212.
pub fn wilson(hits: usize, count: usize) -> [f64; 3] {
    let (n, share) = (count as f64, hits as f64 / count as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    if count == 0 {
        return [f64::NAN; 3];
    }
    [((middle - half) / scale).max(0.0), share, ((middle + half) / scale).min(1.0)]
}

/// The probability that the first of two groups has as many hits as it has, or more, if hits fall on both alike: Fisher's
/// exact test, one-sided. A group is (hits, trials).
///
/// ```text
/// P(X ≥ a),   X hypergeometric: a + b hits among n + m, of which n are the first group's
/// ```
///
/// R. A. Fisher, "The design of experiments" (1935), §§ 5–10.
pub fn fisher((a, n): (usize, usize), (b, m): (usize, usize)) -> f64 {
    let hits = a + b;
    let probability = |x: usize| choose(n, x) * choose(m, hits - x) / choose(n + m, hits);
    let highest = n.min(hits);
    (a.max(hits.saturating_sub(m))..=highest).map(probability).sum::<f64>().min(1.0)
}

/// n over k.
fn choose(n: usize, k: usize) -> f64 {
    (0..k.min(n.saturating_sub(k))).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_intervals() {
        let close = |found: f64, wanted: f64| (found - wanted).abs() < 5e-5;
        // 8 of 10: (0.4902, 0.9433), the textbook value; the others by hand from the formula.
        for (hits, count, low, high) in [(8, 10, 0.4902, 0.9433), (5, 8, 0.3057, 0.8632), (4, 4, 0.5101, 1.0)] {
            let found = wilson(hits, count);
            assert!(close(found[0], low) && close(found[2], high), "{hits} of {count}: {found:?}");
            assert_eq!(found[1], hits as f64 / count as f64);
        }
        assert!(wilson(0, 10)[0] < 1e-15 && wilson(10, 10)[2] > 1.0 - 1e-15);
        assert!(close(wilson(0, 4)[2], 1.0 - wilson(4, 4)[0]));
        assert!(wilson(0, 0).iter().all(|x| x.is_nan()));
    }

    #[test]
    fn worked_comparisons() {
        let close = |found: f64, wanted: f64| (found - wanted).abs() < 1e-12;
        // The lady who tastes tea: all four cups right is 1 in 70, three or more is 17 in 70.
        assert!(close(fisher((4, 4), (0, 4)), 1.0 / 70.0));
        assert!(close(fisher((3, 4), (1, 4)), 17.0 / 70.0));
        // 3 against 0 of eight each: 56 of 560.
        assert!(close(fisher((3, 8), (0, 8)), 0.1));
        assert!(close(fisher((0, 8), (3, 8)), 1.0));
        assert_eq!(fisher((0, 0), (0, 0)), 1.0);
    }
}
